"""A change applies at once before the first step, and at the next Reset after it."""

import pytest
from pytestqt.qtbot import QtBot

from linreg_gui.runs.states import RunState
from linreg_gui.settings import DEFAULTS, Init, SettingError, TrainingConfig
from linreg_gui.threads.controller import SETTLE_MILLISECONDS, TrainingController
from tests.support import settle, wait_for_state, wait_until_ready


@pytest.fixture
def paused(controller: TrainingController) -> TrainingController:
    """Return a controller whose run has made one step of the lesson."""
    controller.step()
    settle(controller)
    assert controller.run is not None
    assert (controller.run.history.step, controller.state) == (1, RunState.PAUSED)
    return controller


def changes_of(controller: TrainingController) -> list[TrainingConfig]:
    changes: list[TrainingConfig] = []
    controller.settings_changed.connect(lambda: changes.append(controller.settings))
    return changes


class TestBeforeTheFirstStep:
    def test_a_change_prepares_a_new_run_without_reset(
        self, qtbot: QtBot, controller: TrainingController
    ) -> None:
        controller.change_setting("examples", 50)
        assert controller.pending_settings == frozenset()
        run = wait_until_ready(qtbot, controller)
        assert (run.config.examples, run.dataset.size) == (50, 50)

    def test_changes_in_quick_succession_prepare_one_run(
        self, qtbot: QtBot, controller: TrainingController
    ) -> None:
        runs: list[int] = []
        controller.run_prepared.connect(lambda: runs.append(1))
        for examples in range(10, 60):
            controller.change_setting("examples", examples)
        assert wait_until_ready(qtbot, controller).dataset.size == 59
        assert len(runs) == 1

    @pytest.mark.parametrize("advance", ["start", "step", "finish_epoch"])
    def test_a_first_step_right_after_a_change_is_made_with_it(
        self, qtbot: QtBot, controller: TrainingController, advance: str
    ) -> None:
        controller.change_settings(examples=12, epochs=1)
        getattr(controller, advance)()
        wait_for_state(qtbot, controller, RunState.PAUSED, RunState.COMPLETED)
        settle(controller)
        assert controller.run is not None
        assert controller.run.dataset.size == 12
        assert controller.run.history.step == (1 if advance == "step" else 3)

    def test_a_change_taken_back_at_once_keeps_the_run(
        self, qtbot: QtBot, controller: TrainingController
    ) -> None:
        run = controller.run
        controller.change_setting("examples", 50)
        controller.change_setting("examples", DEFAULTS.examples)
        qtbot.wait(2 * SETTLE_MILLISECONDS)
        settle(controller)
        assert controller.run is run


class TestAfterTheFirstStep:
    def test_a_change_waits_for_reset(self, qtbot: QtBot, paused: TrainingController) -> None:
        run = paused.run
        paused.change_settings(batch_size=10, noise_std=0.5)
        assert paused.pending_settings == {"batch_size", "noise_std"}
        paused.step()
        settle(paused)
        assert paused.run is run
        assert run is not None
        assert (run.config, run.history.step) == (DEFAULTS, 2)

        paused.reset()
        assert paused.pending_settings == frozenset()
        fresh = wait_until_ready(qtbot, paused)
        assert (fresh.config.batch_size, fresh.config.noise_std) == (10, 0.5)
        assert fresh.history.steps_per_epoch == 1000

    def test_a_change_taken_back_is_no_longer_pending(self, paused: TrainingController) -> None:
        paused.change_setting("batch_size", 10)
        paused.change_setting("batch_size", 4)
        assert paused.pending_settings == frozenset()

    def test_a_pending_change_is_announced(self, paused: TrainingController) -> None:
        changes = changes_of(paused)
        paused.change_setting("batch_size", 10)
        assert [change.batch_size for change in changes] == [10]
        paused.change_setting("batch_size", 10)
        assert len(changes) == 1, "the same value again is no change"

    def test_run_after_the_end_applies_pending_settings(
        self, qtbot: QtBot, paused: TrainingController
    ) -> None:
        paused.stop()
        paused.change_settings(examples=12, epochs=1)
        assert paused.pending_settings == {"examples", "epochs"}
        paused.start()
        wait_for_state(qtbot, paused, RunState.COMPLETED)
        assert paused.run is not None
        assert (paused.run.history.step, paused.pending_settings) == (3, frozenset())


def test_a_refused_value_changes_nothing(controller: TrainingController) -> None:
    changes, run = changes_of(controller), controller.run
    with pytest.raises(SettingError, match="Learning rate cannot be −1"):
        controller.change_setting("learning_rate", -1.0)
    settle(controller)
    assert (controller.settings, changes) == (DEFAULTS, [])
    assert controller.run is run


def test_settings_that_belong_together_change_together(
    qtbot: QtBot, controller: TrainingController
) -> None:
    # One by one, the typed start would lack a weight for a moment.
    controller.change_settings(true_weights=(2.0,), start_weights=(0.5,), init=Init.TYPED)
    assert wait_until_ready(qtbot, controller).history.start.tolist() == [0.5, 0.0]


@pytest.mark.parametrize("running", [False, True])
def test_a_new_seed_draws_another_run_of_the_same_settings(
    qtbot: QtBot, controller: TrainingController, running: bool
) -> None:
    old = controller.run
    if running:
        controller.start()
    controller.draw_new_seed()
    run = wait_until_ready(qtbot, controller)
    assert run.config.seed != DEFAULTS.seed
    assert run.config.with_value("seed", DEFAULTS.seed) == DEFAULTS
    assert old is not None
    assert run.dataset.features.tolist() != old.dataset.features.tolist()


def test_a_batch_reduced_to_the_data_is_told_once(
    qtbot: QtBot, controller: TrainingController
) -> None:
    messages: list[str] = []
    controller.message_posted.connect(messages.append)
    controller.change_settings(examples=10, batch_size=25, learning_rate=0.1, epochs=200)
    run = wait_until_ready(qtbot, controller)
    assert messages == ["Batch size 25 was reduced to 10: there are no more examples."]
    assert run.config.batch_size == 10
    assert controller.settings.batch_size == 25, "the setting stays for larger data"
    assert controller.pending_settings == frozenset()

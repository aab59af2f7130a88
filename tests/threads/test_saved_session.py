"""A session that is saved and opened again is the same, to the last bit."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings

from linreg_gui.data.dataset import Dataset, Skipped
from linreg_gui.data.point_edits import PointEdits, Points
from linreg_gui.engines.steps import StepBatch
from linreg_gui.guide.prediction_log import Entry, from_json, to_json
from linreg_gui.guide.run_facts import Course
from linreg_gui.runs.history import History
from linreg_gui.runs.states import Action, RunState
from linreg_gui.sessions.state import SessionState
from linreg_gui.settings import Engine, Init, StopRule, TrainingConfig
from linreg_gui.threads.brush import Brush
from linreg_gui.threads.points import PointEditor
from linreg_gui.threads.predict_first import PredictFirst
from tests.conftest import MakeController
from tests.saved_sessions import Owners, Wait, history, read, same, step, write
from tests.support import Bring, Ready, is_prepared

QUICK = TrainingConfig(examples=200, batch_size=8, learning_rate=0.05)


@pytest.fixture
def saved_and_opened(ready: Ready, wait_for: Wait, tmp_path: Path) -> Callable[[Owners], Owners]:
    """Return a function that saves a session, and opens it with other objects."""

    def pass_on(owners: Owners) -> Owners:
        file = write(tmp_path / "any.linreg", owners.capture(page=3))
        others = Owners(ready(TrainingConfig(examples=20)))
        others.restore(read(file), wait_for)
        return others

    return pass_on


def trained(owners: Owners, wait_for: Wait, state: RunState = RunState.COMPLETED) -> Owners:
    owners.controller.start()
    wait_for(lambda: owners.controller.state is state)
    return owners


def trained_on(owners: Owners, wait_for: Wait) -> None:
    wait_for(lambda: owners.controller.state is not RunState.RUNNING)


def measured(features: int) -> Dataset:
    numbers = np.random.default_rng(features)
    x = numbers.normal(50.0, 7.0, (60, features))
    names = ["=1+1", "größe, (cm)", 'a "b"', "x\u202ey", "w0", "שם", "b"][:features]
    return Dataset(
        features=x,
        target=x @ numbers.normal(size=features) + numbers.normal(size=60),
        feature_names=(*names, *(f"x{index}" for index in range(len(names), features))),
        target_name="y",
        name="höhen.csv",
        skipped=Skipped(70, missing=10, places=(3, 8)),
        remarks=("Read as written.",),
    )


def edited(dataset: Dataset) -> Dataset:
    edits = PointEdits(dataset)
    edits.remove(np.array([5]))
    edits.add(Points(np.full((1, dataset.dimension), 1 / 3), np.array([2.0])))
    edits.move(np.array([7]), Points(np.zeros((1, dataset.dimension)), np.array([0.1])))
    return edits.dataset()


CONFIGS = {
    "lesson": dataclasses.replace(QUICK),
    "ten features": dataclasses.replace(QUICK, true_weights=(0.1,) * 10),
    "more than a table": dataclasses.replace(QUICK, examples=9000, batch_size=50),
    "short last batch, held out": dataclasses.replace(QUICK, examples=203, test_share=0.3),
    "instant": dataclasses.replace(QUICK, engine=Engine.INSTANT, shuffle=False),
    "full batch": dataclasses.replace(QUICK, engine=Engine.INSTANT, batch_size=200, epochs=60),
    "zeros, too large a batch": dataclasses.replace(QUICK, init=Init.ZEROS, batch_size=999),
    "stop rule": dataclasses.replace(QUICK, stop_rule=StopRule.LOSS, stop_percent=5.0),
    "measured": dataclasses.replace(
        QUICK, data=measured(1), standardize=True, test_share=0.25, epochs=3
    ),
    "seven odd names": dataclasses.replace(QUICK, data=measured(7), learning_rate=1e-5),
    "edited": dataclasses.replace(
        QUICK, data=edited(measured(2)), standardize=True, engine=Engine.INSTANT
    ),
    "typed": dataclasses.replace(QUICK, init=Init.TYPED, start_weights=(0.1, 1 / 3)),
}


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_a_run_of_any_settings_is_the_same(
    config: TrainingConfig, ready: Ready, wait_for: Wait, saved_and_opened: Callable[..., Owners]
) -> None:
    owners = trained(Owners(ready(config)), wait_for)
    former = owners.controller
    others = saved_and_opened(owners)
    controller = others.controller
    assert (controller.state, controller.outcome) == (former.state, former.outcome)
    assert same(former.settings, controller.settings)
    assert same(former.applied_settings, controller.applied_settings)
    assert former.run is not None
    assert controller.run is not None
    for name in ("planned_epochs", "messages", "diverged_at", "stopped_at", "limits"):
        assert getattr(controller.run, name) == getattr(former.run, name), name
    assert same(former.run.config, controller.run.config)
    assert same(former.run.dataset, controller.run.dataset)
    assert same(history(former).trajectory(), history(controller).trajectory())
    assert same(
        [each.run.problem.moments for each in owners.kept_runs.runs],
        [each.run.problem.moments for each in others.kept_runs.runs],
    )


@pytest.mark.parametrize("engine", [*Engine])
def test_a_run_goes_on_bit_for_bit(
    engine: Engine, ready: Ready, wait_for: Wait, saved_and_opened: Callable[..., Owners]
) -> None:
    config = TrainingConfig(engine=engine, examples=500, learning_rate=0.01, epochs=3)
    owners = Owners(ready(config))
    controller = owners.controller
    step(controller, 3, wait_for)
    controller.change_setting("learning_rate", 0.02)
    controller.finish_epoch()
    wait_for(lambda: controller.state is RunState.PAUSED)
    step(controller, 7, wait_for)
    others = saved_and_opened(owners)
    assert others.controller.state is RunState.PAUSED
    for each in (owners, others):
        each.controller.change_setting("learning_rate", 0.005)
        trained(each, wait_for)
    assert same(history(controller).trajectory(), history(others.controller).trajectory())


def test_a_completed_run_can_be_taken_further_as_before(
    ready: Ready, wait_for: Wait, saved_and_opened: Callable[..., Owners]
) -> None:
    owners = trained(Owners(ready(dataclasses.replace(QUICK, stop_rule=StopRule.LOSS))), wait_for)
    others = saved_and_opened(owners)
    for each in (owners, others):
        step(each.controller, 1, wait_for)
        each.controller.finish_epoch()
        trained_on(each, wait_for)
    one, other = (history(each.controller).trajectory() for each in (owners, others))
    assert same(one, other)
    assert len(others.kept_runs.runs) == 1


def test_a_run_before_its_first_step_is_opened_and_trains(
    ready: Ready, wait_for: Wait, saved_and_opened: Callable[..., Owners]
) -> None:
    owners = Owners(ready(dataclasses.replace(QUICK, engine=Engine.INSTANT)))
    others = saved_and_opened(owners)
    assert others.controller.state is RunState.READY
    for each in (owners, others):
        trained(each, wait_for)
    assert same(history(owners.controller).trajectory(), history(others.controller).trajectory())


def test_diverged_and_stopped_runs_stay_so(
    ready: Ready, wait_for: Wait, saved_and_opened: Callable[..., Owners]
) -> None:
    owners = Owners(ready(dataclasses.replace(QUICK, learning_rate=900.0)))
    trained(owners, wait_for, RunState.DIVERGED)
    owners.controller.change_setting("learning_rate", 0.05)
    owners.controller.reset()
    wait_for(lambda: owners.controller.current_run is not None)
    step(owners.controller, 4, wait_for)
    owners.controller.stop()
    others = saved_and_opened(owners)
    assert others.controller.state is RunState.STOPPED
    assert others.controller.outcome == owners.controller.outcome == "Stopped at step 4."
    states = [kept.state for kept in others.kept_runs.runs]
    assert states == [RunState.DIVERGED, RunState.STOPPED]
    again = saved_and_opened(others)
    assert [kept.run.diverged_at for kept in again.kept_runs.runs] == [
        kept.run.diverged_at for kept in owners.kept_runs.runs
    ]


def test_kept_runs_are_the_same(
    ready: Ready, wait_for: Wait, saved_and_opened: Callable[..., Owners]
) -> None:
    owners = trained(Owners(ready(QUICK)), wait_for)
    controller, kept_runs = owners.controller, owners.kept_runs
    kept_runs.begin_comparing()
    for seed in (2, 3):
        controller.change_setting("seed", seed)
        controller.reset()
        wait_for(lambda: controller.current_run is not None)
        trained(owners, wait_for)
    first, second, third = kept_runs.runs
    kept_runs.rename(first, "=x, “y”")
    kept_runs.set_pinned(second, pinned=True)
    kept_runs.set_shown(second, shown=False)
    kept_runs.delete(third)
    others = saved_and_opened(owners)
    for one, other in zip(kept_runs.runs, others.kept_runs.runs, strict=True):
        for name in ("title", "state", "color_index", "is_shown", "is_pinned"):
            assert getattr(one, name) == getattr(other, name), name
        assert same(one.run.config, other.run.config)
        assert same(one.run.history.trajectory(), other.run.history.trajectory())
        assert np.array_equal(one.run.references.parameters, other.run.references.parameters)
    assert [kept.title for kept in others.kept_runs.over()] == [first.title]
    others.controller.reset()  # a run that follows gets the next number
    wait_for(lambda: others.controller.current_run is not None)
    trained(others, wait_for)
    assert others.kept_runs.runs[-1].number == 3


def test_lines_drawn_by_hand_are_the_same(
    ready: Ready, saved_and_opened: Callable[..., Owners]
) -> None:
    owners = Owners(ready(QUICK))
    guesses = owners.guesses
    for name, place in (("Ada", 0.1), ("", 1 / 3)):
        guesses.move(np.array([place, -2.0, 4.0]))
        guesses.keep(name)
    guesses.move(np.array([0.7, 0.0, 1e-7]))
    guesses.show_residuals(lines=False, squares=True)
    others = saved_and_opened(owners).guesses
    assert same(others.saved(), guesses.saved())
    assert all(others.fits(kept) for kept in others.kept)
    others.keep("")
    assert others.kept[-1].title == "Guess 3"


def test_predictions_are_the_same(
    ready: Ready, wait_for: Wait, saved_and_opened: Callable[..., Owners]
) -> None:
    owners = Owners(ready(QUICK))
    owners.predictions.change(end=2.0, parameter=0, course=Course.ARRIVES, step=20)
    owners.predictions.set_person("Ada")
    owners.predictions.lock()
    others = saved_and_opened(owners)
    assert others.predictions.is_locked
    assert others.predictions.prediction == owners.predictions.prediction
    for each in (owners, others):
        trained(each, wait_for)
    assert [each.is_right for each in owners.predictions.verdicts.values()] == [
        each.is_right for each in others.predictions.verdicts.values()
    ]
    again = saved_and_opened(owners).predictions
    assert again.verdicts == owners.predictions.verdicts
    assert again.entries == owners.predictions.entries
    assert len(again.entries) == 3
    again.explain("Because.")
    assert [entry.explanation for entry in again.entries] == ["Because."] * 3


def test_a_sweep_is_the_same(
    ready: Ready, wait_for: Wait, saved_and_opened: Callable[..., Owners]
) -> None:
    owners = Owners(ready(QUICK))
    sweeper = owners.sweeper
    sweeper.start("learning_rate", (0.01, 0.1, 900.0))
    wait_for(lambda: not sweeper.is_running)
    assert [point.diverged for point in sweeper.points] == [False, False, True]
    opened = saved_and_opened(owners).sweeper
    assert opened.saved() == sweeper.saved()
    assert not opened.is_running


def test_a_session_without_a_sweep_ends_the_one_under_way(ready: Ready, wait_for: Wait) -> None:
    owners = Owners(ready(QUICK))
    empty = owners.capture()
    owners.sweeper.start("epochs", tuple(range(1000, 1040)))
    owners.restore(empty, wait_for)
    assert not owners.sweeper.is_running
    assert owners.sweeper.saved() is None


def test_a_session_has_its_own_log_and_leaves_that_of_another_person_alone(
    ready: Ready, wait_for: Wait, tmp_path: Path
) -> None:
    store = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    earlier, mine = Entry("Earlier", "2020-01-01 08:00", "b", "1"), Entry("", "", "w0", "2")
    store.setValue("predict-first/log", to_json([earlier]))
    owners = Owners(ready(QUICK))
    owners.predictions = PredictFirst(owners.controller, store, owners.controller)
    added = owners.predictions.add(mine)
    assert owners.predictions.entries == [earlier, added]
    file = write(tmp_path / "mine.linreg", owners.capture())
    saved = read(file).predictions
    assert saved is not None
    assert saved.entries == (added,)

    others = Owners(ready(QUICK))
    own_store = QSettings(str(tmp_path / "other.ini"), QSettings.Format.IniFormat)
    predictions = PredictFirst(others.controller, own_store, others.controller)
    others.predictions = predictions
    own = predictions.add(dataclasses.replace(mine, said="3"))
    others.restore(read(file), wait_for)
    assert predictions.entries == [added, own]
    assert predictions.entries_now == [added]
    predictions.explain_entry(added, "because")
    assert from_json(str(own_store.value("predict-first/log"))) == [own]
    others.restore(SessionState(), wait_for)
    assert predictions.entries == [own]
    assert predictions.entries_now == []


def test_a_prediction_of_another_run_does_not_judge_the_one_that_is_opened(
    ready: Ready, wait_for: Wait
) -> None:
    state = trained(Owners(ready(QUICK)), wait_for).capture()
    others = Owners(ready(QUICK))
    others.predictions.change(end=2.0)
    others.predictions.lock()
    others.restore(state, wait_for)
    assert not others.predictions.is_locked
    assert others.predictions.entries == []


def test_a_new_session_asks_for_no_parameter_or_level_of_the_one_before(
    ready: Ready, wait_for: Wait
) -> None:
    owners = Owners(ready(QUICK))
    first = owners.predictions.prediction
    owners.predictions.change(parameter=0, level=0.5)
    owners.restore(SessionState(), wait_for)
    assert owners.predictions.prediction == first


def test_where_a_seed_draws_other_numbers_the_saved_ones_are_taken(
    ready: Ready, wait_for: Wait
) -> None:
    owners = trained(Owners(ready(dataclasses.replace(QUICK, test_share=0.25))), wait_for)
    state = owners.capture()
    assert state.run is not None
    drawn = tuple(
        dataclasses.replace(part, features=part.features + np.float32(0.5)) for part in state.drawn
    )
    start = np.array([0.1, 0.2, 0.3], np.float32)
    run = dataclasses.replace(
        state.run,
        drawn_start=start,
        trajectory=dataclasses.replace(state.run.trajectory, start=start),
    )
    others = Owners(ready(QUICK))
    messages: list[str] = []
    others.controller.message_posted.connect(messages.append)
    others.restore(dataclasses.replace(state, drawn=drawn, run=run), wait_for)
    controller = others.controller
    assert controller.run is not None
    assert "This computer draws other numbers from seed 1 than the one" in messages[-1]
    assert np.array_equal(controller.run.dataset.features, drawn[0].features)
    held_out = controller.run.problem.held_out_examples
    assert held_out is not None
    assert np.array_equal(held_out.features, drawn[1].features)
    assert controller.run.dataset.true_parameters == (2.0, -3.4, 4.2)
    assert controller.pending_settings == frozenset()
    assert others.kept_runs.obstacle(others.kept_runs.runs[0]) == ""
    controller.reset()
    wait_for(lambda: controller.current_run is not None)
    assert np.array_equal(history(controller).start, start)


def test_a_session_is_opened_while_mxnet_loads(
    make_controller: MakeController, ready: Ready, wait_for: Wait
) -> None:
    state = trained(Owners(ready(QUICK)), wait_for).capture()
    others = Owners(make_controller(TrainingConfig()))
    others.controller.load()
    others.restore(state, wait_for)
    assert others.controller.state is RunState.COMPLETED


def test_a_session_that_cannot_be_restored_changes_nothing(
    ready: Ready, wait_for: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    owners = Owners(ready(QUICK))
    controller = owners.controller
    step(controller, 3, wait_for)
    former, refusals = controller.run, list[str]()
    controller.restore_failed.connect(refusals.append)

    def fail(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr("linreg_gui.sessions.restoring.prepare_run", fail)
        controller.restore(owners.capture())
        assert not controller.allows(Action.STEP)
        wait_for(lambda: bool(refusals))
    assert "not enough memory" in refusals[0]
    assert controller.run is former
    step(controller, 1, wait_for)
    assert history(controller).step == 4


def test_where_mxnet_is_missing_no_session_can_be_restored(
    make_controller: MakeController, bring: Bring
) -> None:
    owners, refusals = Owners(make_controller()), list[str]()
    controller = owners.controller
    controller.restore_failed.connect(refusals.append)
    controller.restore(owners.capture())
    bring(controller, RunState.UNAVAILABLE, controller.load)
    controller.restore(owners.capture())
    assert refusals == [controller.outcome] * 2
    assert controller.state is RunState.UNAVAILABLE


def test_reset_ends_the_restoring(ready: Ready, wait_for: Wait) -> None:
    state = trained(Owners(ready(QUICK)), wait_for).capture()
    others = Owners(ready(dataclasses.replace(QUICK, examples=64)))
    opened = list[None]()
    others.controller.session_opened.connect(lambda: opened.append(None))
    may_run = list[bool]()  # as the buttons are told
    controller = others.controller
    controller.state_changed.connect(lambda: may_run.append(controller.allows(Action.RUN)))
    controller.restore(state)
    controller.reset()
    assert may_run == [False, True]
    wait_for(lambda: controller.current_run is not None)
    trained(others, wait_for)
    assert history(controller).examples == 64
    assert not opened


def grow(growing: History, first: int, last: int) -> None:
    steps = np.arange(first, last + 1, dtype=np.float32)
    parameters = np.column_stack([steps] * 3)
    growing.append(StepBatch(first, steps, steps.astype(np.float64), parameters, 0.1))


def test_a_snapshot_stays_while_the_run_goes_on_and_is_thinned() -> None:
    start = np.zeros(3, np.float32)
    growing = History(start, 1000, 1, 0.1, memory_limit=24 * 64)
    grow(growing, 1, 60)
    snapshot = growing.trajectory()
    before = snapshot.losses.copy(), snapshot.parameters.copy()
    grow(growing, 61, 300)
    assert growing.stride > 1
    assert np.array_equal(snapshot.losses, before[0])
    assert np.array_equal(snapshot.parameters, before[1])
    restored = History(start, 1000, 1, 0.1, memory_limit=24 * 64)
    assert list(restored.taking_up(growing.trajectory())) == [None]
    for each in (growing, restored):
        grow(each, 301, 700)
    assert same(restored.trajectory(), growing.trajectory())


@pytest.mark.parametrize("is_drawn", [False, True])
def test_edited_points_can_be_edited_on_and_go_back_to_the_original(
    is_drawn: bool, ready: Ready, wait_for: Wait, saved_and_opened: Callable[..., Owners]
) -> None:
    owners = Owners(ready(QUICK if is_drawn else dataclasses.replace(QUICK, data=measured(2))))
    points = edit_points(owners)
    original = points.dataset
    assert original is not None
    points.set_value(3, 2, 99.0)
    points.remove(np.array([5]))
    wait_for(lambda: is_prepared(owners.controller))
    others = saved_and_opened(owners)
    points = edit_points(others)
    assert points.sentence() == "Edited: 1 moved, 1 removed."
    points.set_value(4, 2, 98.0)
    assert points.sentence() == "Edited: 2 moved, 1 removed."
    points.restore()
    assert points.sentence() == "These are the original examples."
    data = others.controller.settings.data
    assert data is not None
    assert same((data.features, data.target), (original.features, original.target))


def edit_points(owners: Owners) -> PointEditor:
    points = PointEditor(owners.controller, Brush(owners.controller, owners.controller))
    points.setParent(owners.controller)
    points.open(wanted=True)
    return points

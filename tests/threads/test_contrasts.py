"""The two runs of a contrast are those that each gives alone, and the run on screen goes on."""

import threading
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from linreg_gui.analysis.influence import standing_out
from linreg_gui.data.dataset import Dataset
from linreg_gui.guide.contrasts import LESSON, OUTLIER, Contrast, Side, read_contrasts
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import StopRule, TrainingConfig
from linreg_gui.threads.contrasts import Contrasts
from linreg_gui.threads.controller import TrainingController
from tests.support import (
    PATIENCE,
    Ready,
    batch_digests,
    history_digests,
    settle,
    train,
    wait_for_state,
    wait_for_step,
)


@pytest.fixture
def controller(ready: Ready) -> TrainingController:
    return ready(TrainingConfig(examples=300, epochs=3))


@pytest.fixture
def contrasts(controller: TrainingController) -> Contrasts:
    return Contrasts(controller, controller)


def show(qtbot: QtBot, contrasts: Contrasts, contrast: Contrast) -> None:
    contrasts.show(contrast)
    qtbot.waitUntil(lambda: contrasts.state is RunState.COMPLETED, timeout=PATIENCE)
    contrasts.playhead.pause()


def made(left: dict[str, object], right: dict[str, object]) -> Contrast:
    sides = Side("left", {"examples": 200} | left), Side("right", {"examples": 200} | right)
    return Contrast("made", "", "", "", "loss", LESSON, sides)


def test_each_run_is_bit_for_bit_the_one_it_gives_alone(qtbot: QtBot, contrasts: Contrasts) -> None:
    for contrast in read_contrasts()[:5]:
        show(qtbot, contrasts, contrast)
        assert contrasts.posed is not None
        for run, side in zip(contrasts.runs, contrasts.posed.sides, strict=True):
            assert run is not None
            _, engine = prepare_run(1, side.config)
            alone = train(engine, run.planned_steps)
            assert history_digests(run) == batch_digests(alone), contrast.name


def test_equal_settings_see_the_same_minibatches(qtbot: QtBot, contrasts: Contrasts) -> None:
    show(qtbot, contrasts, made({"learning_rate": 0.01}, {"learning_rate": 0.01}))
    left, right = (run for run in contrasts.runs if run is not None)
    assert history_digests(left) == history_digests(right)


def test_divergence_and_stop_rule_are_known(qtbot: QtBot, contrasts: Contrasts) -> None:
    rule = {"stop_rule": StopRule.LOSS, "stop_percent": 20.0, "learning_rate": 0.05}
    show(qtbot, contrasts, made({"learning_rate": 900.0}, rule))
    left, right = (run for run in contrasts.runs if run is not None)
    assert left.diverged_at == left.history.step + 1 < right.history.step
    assert right.stopped_at == right.history.step < right.planned_steps
    assert contrasts.run is right  # the playhead travels through the one with more steps


def test_an_outlier_is_searched_outside_the_gui_thread(
    qtbot: QtBot, contrasts: Contrasts, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[object] = []

    def search(dataset: Dataset) -> int | None:
        threads.append(threading.current_thread())
        return standing_out(dataset)

    monkeypatch.setattr("linreg_gui.guide.contrast_sides.standing_out", search)
    outlier = next(each for each in contrasts.all if each.data == OUTLIER)
    show(qtbot, contrasts, outlier)
    assert contrasts.shown is outlier
    assert threads
    assert threading.main_thread() not in threads
    contrasts.show(outlier)
    contrasts.close()  # before it is posed
    settle(contrasts._controller)
    assert (contrasts.posed, contrasts.runs) == (None, (None, None))


def test_the_run_on_screen_goes_on_and_loses_nothing(
    qtbot: QtBot, controller: TrainingController, contrasts: Contrasts
) -> None:
    controller.start()
    wait_for_step(qtbot, controller, 20)
    show(qtbot, contrasts, made({"seed": 1}, {"seed": 2}))
    wait_for_state(qtbot, controller, RunState.COMPLETED)
    contrasts.close()
    run = controller.run
    assert run is not None
    alone = train(prepare_run(1, replace(controller.settings))[1], 225)
    assert history_digests(run) == batch_digests(alone)


def test_after_closing_nothing_comes_any_more(
    qtbot: QtBot, controller: TrainingController, contrasts: Contrasts
) -> None:
    contrasts.show(made({"epochs": 2000}, {"epochs": 2000}))
    with qtbot.waitSignal(contrasts.run_progressed, timeout=PATIENCE):
        pass
    contrasts.close()
    assert (contrasts.shown, contrasts.posed, contrasts.runs) == (None, None, (None, None))
    came: list[object] = []
    contrasts.run_progressed.connect(came.append)
    controller.start()
    wait_for_state(qtbot, controller, RunState.COMPLETED)
    assert not came
    assert contrasts.state is RunState.READY


def test_one_playhead_travels_through_both(qtbot: QtBot, contrasts: Contrasts) -> None:
    playhead = contrasts.playhead
    places: list[int | None] = []
    playhead.moved.connect(lambda: places.append(playhead.step))
    show(qtbot, contrasts, made({"epochs": 1}, {"epochs": 3}))
    assert places[0] == 0  # it has begun to play by itself
    playhead.go_to(90)
    assert playhead.step == 90
    assert contrasts.run is contrasts.runs[1]
    playhead.play()
    qtbot.waitUntil(lambda: playhead.shown_step > 92, timeout=PATIENCE)
    contrasts.close()
    assert not playhead.is_playing

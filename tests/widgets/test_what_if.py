"""While a setting moves, the run that it would give is drawn over the one on screen."""

import gc
import weakref
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.plots.run_plot import Overlay
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import DEFAULTS, Engine, Init, TrainingConfig
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import LoggedErrors, is_prepared, let_the_worker_pass, line_data, settle

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]
PauseAt = Callable[..., None]

SINGLE = 1e-5
"""What single precision leaves of parameters of the lesson's size: what-if computes in double."""


@pytest.fixture
def paused(window: MainWindow, pause_at: PauseAt) -> MainWindow:
    """Return the window with the default run held after some steps."""
    pause_at(window.controller, 100)
    settle(window.controller)
    return window


def current(window: MainWindow) -> Run:
    assert window.controller.run is not None
    return window.controller.run


def ask(window: MainWindow, wait_for: WaitFor, **values: object) -> Run:
    """Change settings, and return the what-if run once it is drawn."""
    window.controller.change_settings(**values)

    def answered() -> bool:
        run = window.session.what_if.run
        return (
            run is not None
            and run.config == window.controller.settings.with_value("engine", Engine.INSTANT)
            and (run.history.step >= run.planned_steps or run.diverged_at is not None)
        )

    wait_for(answered)
    window.refresher.refresh_all()
    assert window.session.what_if.run is not None
    return window.session.what_if.run


def drawn(window: MainWindow) -> list[np.ndarray]:  # type: ignore[type-arg]
    """Return the points of every overlay curve and path."""
    paths = [path.points for path in window.picture(LandscapePlot).others.series]
    curves = [
        *window.picture(LossPlot).others.series,
        *window.picture(ParametersPlot).others.series,
    ]
    return [*(np.array([curve.x, curve.y]) for curve in curves), *paths]


def test_nothing_of_a_former_problem_is_drawn_over_another_one(
    paused: MainWindow, wait_for: WaitFor
) -> None:
    ask(paused, wait_for, learning_rate=0.002)
    paused.controller.use_data(line_data(1, 8))
    wait_for(lambda: is_prepared(paused.controller))
    assert all(picture.run is paused.controller.run for picture in paused.pictures)
    assert all(not points.size for points in drawn(paused))


@pytest.mark.parametrize(
    "values",
    [
        {"learning_rate": 0.02},
        {"batch_size": 16},
        {"epochs": 3},
        {"noise_std": 0.5},
        {"true_weights": (1.0, 5.0)},
        {"true_bias": -1.0},
        {"seed": 8},
        {"init": Init.ZEROS},
    ],
    ids=lambda values: next(iter(values)),
)
def test_it_is_the_run_that_these_settings_give(
    paused: MainWindow, wait_for: WaitFor, values: dict[str, object]
) -> None:
    controller = paused.controller
    foretold = ask(paused, wait_for, **values)
    parameters = foretold.history.parameters.copy()
    assert len(drawn(paused)) == 1 + 3 + 1
    last = foretold.history.step
    assert paused.picture(LossPlot).others.series[0].x[-1] == last
    for curve, values_of_one in zip(
        paused.picture(ParametersPlot).others.series, parameters, strict=True
    ):
        assert curve.x[-1] == last
        assert curve.y[-1] == values_of_one[-1]

    controller.change_setting("engine", Engine.INSTANT)
    controller.reset()
    wait_for(lambda: controller.run is not None and controller.run.number > 1)
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    assert current(paused).history.parameters == pytest.approx(parameters, rel=0, abs=SINGLE)


def test_the_dashed_curves_say_what_they_are_and_go_when_the_setting_is_taken_back(
    paused: MainWindow, wait_for: WaitFor
) -> None:
    ask(paused, wait_for, learning_rate=0.02)
    assert paused.picture(LossPlot).note.startswith("What if (dashed): Learning rate 0.02.")
    assert all(
        curve.stroke.line is Qt.PenStyle.DashLine
        for plot in (paused.picture(LossPlot), paused.picture(ParametersPlot))
        for curve in plot.others.series
    )
    paused.controller.change_setting("learning_rate", DEFAULTS.learning_rate)
    wait_for(lambda: not drawn(paused))
    assert paused.session.what_if.run is None
    assert not paused.picture(LossPlot).note.startswith("What if")


def test_divergence_is_foretold_and_the_pictures_stay_readable(
    paused: MainWindow, wait_for: WaitFor
) -> None:
    run = ask(paused, wait_for, learning_rate=1.2)
    assert f"Diverges at step {run.history.step + 1}." in paused.picture(LossPlot).note
    turns = 2 * np.abs(run.history.parameters[:, : run.history.step // 5]).max()
    for plot, most in (
        (paused.picture(LossPlot), 50),
        (paused.picture(ParametersPlot), turns),
        (paused.picture(LandscapePlot), 400),
    ):
        low, high = plot.canvas.y_range
        assert high - low < most


def test_the_run_that_diverges_takes_the_place_of_its_forecast(
    paused: MainWindow, wait_for: WaitFor
) -> None:
    ask(paused, wait_for, learning_rate=1.2)
    paused.controller.start()
    wait_for(lambda: paused.controller.state is RunState.DIVERGED)
    words = f"diverged at step {current(paused).history.step + 1}"
    announced = [
        paused.picture(LossPlot).announcement,
        paused.picture(ParametersPlot).announcement,
        paused.picture(LandscapePlot).announcement,
    ]
    wait_for(lambda: all(each.text == words for each in announced))


def test_a_run_too_long_for_a_frame_says_how_far_it_is_shown(
    paused: MainWindow, wait_for: WaitFor
) -> None:
    notes: list[str] = []
    paused.session.what_if.changed.connect(lambda: notes.append(paused.session.what_if.sentence()))
    paused.controller.change_setting("epochs", 10_000)
    wait_for(lambda: len(notes) > 3)
    assert "Shown: the first " in notes[0]
    assert "of 25,000,000 steps." in notes[0]
    run = paused.session.what_if.run
    assert run is not None
    wait_for(lambda: run.history.step == 250_000)
    let_the_worker_pass(paused.controller)
    assert len(run.history) <= 400_000
    assert all(points.shape[1] < 5_000 for points in drawn(paused))


def test_the_newest_question_wins_and_the_run_on_screen_is_left_alone(
    paused: MainWindow, wait_for: WaitFor
) -> None:
    history = current(paused).history
    before = (history.step, history.parameters.copy(), history.losses.copy())
    for rate in np.geomspace(0.002, 0.5, 40).tolist():
        paused.controller.change_setting("learning_rate", rate)
        QCoreApplication.processEvents()
    run = ask(paused, wait_for, learning_rate=0.05)
    assert run.config.learning_rate == 0.05
    assert current(paused).history is history
    assert history.step == before[0]
    assert np.array_equal(history.parameters, before[1])
    assert np.array_equal(history.losses, before[2])


def test_a_run_that_goes_on_meanwhile_is_the_same_to_the_last_bit(
    window: MainWindow, wait_for: WaitFor, qtbot: QtBot
) -> None:
    controller = window.controller
    controller.change_setting("examples", 500)
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    undisturbed = current(window).history.parameters.copy()
    controller.reset()
    controller.start()
    seed = 2
    while controller.state is RunState.RUNNING:
        seed = seed % 50 + 2
        controller.change_setting("seed", seed)
        qtbot.wait(16)
    assert np.array_equal(current(window).history.parameters, undisturbed)


def test_before_the_first_step_it_shows_what_is_to_come_until_the_run_sets_out(
    window: MainWindow, wait_for: WaitFor
) -> None:
    controller = window.controller
    ask(window, wait_for, learning_rate=0.05)
    wait_for(lambda: controller.applied_settings.learning_rate == 0.05)
    wait_for(lambda: controller.run is not None and controller.run.config.learning_rate == 0.05)
    assert window.session.what_if.run is not None
    controller.step()
    wait_for(lambda: not drawn(window))
    assert window.session.what_if.run is None


def drag_start(window: MainWindow, qtbot: QtBot, *shifts: QPoint) -> tuple[float, float]:
    """Drag the start by each of ``shifts`` in turn, and return the place where it is dropped."""
    plot = window.picture(LandscapePlot)
    window.stage.show_picture(plot)
    window.refresher.refresh_all()
    canvas = plot.canvas
    start = canvas.mapFromScene(canvas.view.mapViewToScene(QPointF(plot.start.x, plot.start.y)))
    qtbot.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, pos=start)
    for shift in shifts:
        qtbot.mouseMove(canvas.viewport(), start + shift)
    qtbot.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, pos=start + shifts[-1])
    place = canvas.view.mapSceneToView(canvas.mapToScene(start + shifts[-1]))
    return place.x(), place.y()


def test_the_start_follows_the_mouse_in_the_landscape(
    paused: MainWindow, wait_for: WaitFor, qtbot: QtBot
) -> None:
    x, y = drag_start(paused, qtbot, QPoint(20, 10), QPoint(40, 60))
    settings = paused.controller.settings
    assert settings.init is Init.TYPED
    near = 2 * max(paused.picture(LandscapePlot).canvas.pixel)
    assert settings.start_weights[:2] == pytest.approx((x, y), abs=near)
    assert settings.start_bias == pytest.approx(float(current(paused).history.start[-1]), rel=1e-3)
    run = ask(paused, wait_for)
    assert run.history.start.tolist() == pytest.approx(
        [*settings.start_weights, settings.start_bias], rel=1e-6
    )


def test_no_place_of_a_drag_is_lost_while_a_run_is_being_prepared(
    window: MainWindow, wait_for: WaitFor, qtbot: QtBot
) -> None:
    controller = window.controller
    drag_start(window, qtbot, QPoint(20, 10))
    controller.reset()  # from here on, and until it is prepared, there is no current run
    assert controller.current_run is None
    x, y = drag_start(window, qtbot, QPoint(-30, 20))
    near = 2 * max(window.picture(LandscapePlot).canvas.pixel)
    assert controller.settings.start_weights[:2] == pytest.approx((x, y), abs=near)
    wait_for(
        lambda: (
            controller.run is not None
            and controller.run.history.start[:2].tolist() == pytest.approx((x, y), abs=near)
        )
    )
    plot = window.picture(LandscapePlot)
    assert (plot.start.x, plot.start.y) == pytest.approx((x, y), abs=near)


def test_runs_with_other_features_are_not_drawn_over_this_one(
    paused: MainWindow, wait_for: WaitFor
) -> None:
    paused.controller.change_setting("true_weights", (1.0, 5.0, 2.0))
    wait_for(lambda: paused.session.what_if.run is not None)
    paused.refresher.refresh_all()
    assert drawn(paused) == []
    note = "Runs with other features are not drawn over this one."
    assert paused.picture(LossPlot).note.startswith(note)


def test_kept_runs_and_what_if_are_drawn_side_by_side_and_never_mix(
    window: MainWindow, wait_for: WaitFor
) -> None:
    controller = window.controller
    window.session.kept_runs.begin_comparing()
    controller.change_setting("engine", Engine.INSTANT)
    for rate in (0.001, 0.01):
        controller.change_setting("learning_rate", rate)
        controller.reset()
        controller.start()
        wait_for(lambda: controller.state is RunState.COMPLETED)
    controller.reset()
    wait_for(lambda: controller.state is RunState.READY and controller.current_run is not None)
    run = ask(window, wait_for, learning_rate=0.05)
    assert [kept.run.config.learning_rate for kept in window.session.kept_runs.runs] == [
        0.001,
        0.01,
    ]
    assert list(window.refresher.overlays) == [
        *(kept.run for kept in window.session.kept_runs.runs),
        run,
    ]
    for overlay in window.refresher.overlays.values():
        _, engine = _prepared(overlay.run.config)
        expected = engine.advance(5000, 60.0).parameters
        assert pytest.approx(expected, rel=0, abs=SINGLE) == overlay.run.history.parameters.T


def _prepared(config: TrainingConfig):  # type: ignore[no-untyped-def]
    from linreg_gui.runs.preparation import prepare_run

    return prepare_run(1, config)


def test_what_cannot_be_foretold_is_said_and_the_dashed_run_goes(
    paused: MainWindow,
    wait_for: WaitFor,
    monkeypatch: pytest.MonkeyPatch,
    logged_errors: LoggedErrors,
) -> None:
    from linreg_gui.runs import preparation

    ask(paused, wait_for, learning_rate=0.02)

    def fail(*_: object) -> None:
        raise ValueError("no room.")

    with monkeypatch.context() as patched:
        patched.setattr(preparation, "draw_dataset", fail)
        paused.controller.change_setting("seed", 9)
        wait_for(lambda: paused.session.what_if.run is None and not drawn(paused))
    sentence = "This could not be computed: no room."
    assert (paused.messages.label.text(), logged_errors()) == (sentence, [sentence])
    assert not paused.picture(LossPlot).note.startswith("What if")
    ask(paused, wait_for, seed=10)


@pytest.mark.usefixtures("own_window")
def test_closing_while_an_answer_is_on_its_way_is_clean(
    paused: MainWindow, qapp: QApplication
) -> None:
    for epochs in (10, 1000, 10_000):
        paused.controller.change_setting("epochs", epochs)
    assert paused.close()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_picture_out_of_sight_keeps_no_run_alive(paused: MainWindow, wait_for: WaitFor) -> None:
    run = weakref.ref(ask(paused, wait_for, batch_size=8))
    paused.stage.maximize(wanted=True)
    paused.controller.change_setting("batch_size", DEFAULTS.batch_size)
    wait_for(lambda: paused.session.what_if.run is not run())
    paused.refresher.refresh_all()
    left = run()
    assert left is None or not any(isinstance(each, Overlay) for each in gc.get_referrers(left))

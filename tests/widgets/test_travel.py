"""At any past step of the timeline every picture, number and line of the log is that step's."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from linreg_gui.number_text import fixed, whole
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.data_view import View
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.runs.history import History
from linreg_gui.runs.states import RunState
from linreg_gui.settings import DEFAULTS
from linreg_gui.widgets.panels.numbers_panel import NumbersPanel
from linreg_gui.widgets.panels.registry import LOG, NUMBERS
from linreg_gui.widgets.window.main_window import MainWindow

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]


def history_of(window: MainWindow) -> History:
    assert window.controller.run is not None
    return window.controller.run.history


def numbers_of(window: MainWindow) -> NumbersPanel:
    return window.side.panel(NUMBERS)


def parameters_of(window: MainWindow) -> list[str]:
    """Return the parameters as they are shown, which is the same in both places."""
    cells = [numbers_of(window).table.cell(index, 0) for index in range(3)]
    assert [cell.number.text() for cell in window.readout.parameters] == cells
    return cells


def look_at(window: MainWindow, step: int) -> None:
    window.session.playhead.go_to(step)
    window.refresher.refresh_all()


def test_everything_shows_exactly_the_recorded_numbers(trained: MainWindow) -> None:
    for step in (1, 2, 500, 2499, 2500, 2501, 4999):
        look_at(trained, step)
        assert_everything_shows(trained, step)


def assert_everything_shows(trained: MainWindow, step: int) -> None:
    history = history_of(trained)
    parameters, loss = history.parameters[:, step - 1], float(history.losses[step - 1])

    assert parameters_of(trained) == [fixed(float(value)) for value in parameters]
    expected = {
        "step": f"{step:,} / 5,000",
        "epoch": f"{(step - 1) // 2500 + 1} / 2",
        "batch loss": fixed(loss),
        "batch": f"{(step - 1) % 2500 + 1:,} / 2,500",
        "examples seen": whole(4 * step),
    }
    facts = numbers_of(trained).facts
    assert {name: facts.number(name) for name in expected} == expected
    assert trained.readout.state.text() == f"You are looking at step {step:,}."

    data = trained.picture(DataPlot)
    assert data.view is View.ADJUSTED
    ends = data.fit.x
    assert data.fit.y == pytest.approx(float(parameters[0]) * ends)
    assert trained.picture(LossPlot).step_line.x == step
    assert trained.picture(ParametersPlot).step_line.x == step
    heights = [height for height, _ in trained.picture(ParametersPlot).step_line.points]
    assert heights == parameters.tolist()
    now = trained.picture(LandscapePlot).now
    assert (now.x, now.y) == (float(parameters[0]), float(parameters[1]))
    assert f"step {step:,}" in " ".join(trained.picture(LossPlot).note.split("\u2007"))


def test_the_start_is_step_0(trained: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(trained, Qt.Key.Key_Home)
    trained.refresher.refresh_all()
    start = history_of(trained).start
    assert parameters_of(trained) == [fixed(float(value)) for value in start]
    now = trained.picture(LandscapePlot).now
    assert (now.x, now.y) == (float(start[0]), float(start[1]))
    assert trained.picture(DataPlot).fit.y == pytest.approx(
        float(start[0]) * trained.picture(DataPlot).fit.x
    )
    assert trained.picture(LossPlot).step_line.points == []


def test_the_log_marks_the_last_line_before_the_step(trained: MainWindow) -> None:
    look_at(trained, 1700)
    (mark,) = trained.side.panel(LOG).text.extraSelections()
    cursor: QTextCursor = mark.cursor  # type: ignore[attr-defined]
    assert cursor.block().text().startswith("epoch 0  batch 1499 ")
    look_at(trained, 400)
    assert trained.side.panel(LOG).text.extraSelections() == []
    trained.session.playhead.go_live()
    trained.refresher.refresh_all()
    assert trained.side.panel(LOG).text.extraSelections() == []


def test_lines_of_a_former_run_are_never_marked(trained: MainWindow, wait_for: WaitFor) -> None:
    controller = trained.controller
    controller.reset()
    wait_for(lambda: controller.current_run is not None)
    controller.step()
    wait_for(lambda: history_of(trained).step == 1)
    look_at(trained, 0)
    assert trained.side.panel(LOG).text.extraSelections() == []


def test_the_keys_travel_unless_a_text_has_the_focus(trained: MainWindow, qtbot: QtBot) -> None:
    for widget in (
        trained,
        trained.picture(LossPlot).canvas,
        trained.picture(LandscapePlot).canvas,
    ):
        widget.setFocus()
        trained.session.playhead.go_to(100)
        qtbot.keyClick(widget, Qt.Key.Key_Right)
        assert trained.session.playhead.step == 101
        qtbot.keyClick(widget, Qt.Key.Key_Left)
        qtbot.keyClick(widget, Qt.Key.Key_Left)
        assert trained.session.playhead.step == 99
        if widget is not trained.picture(LandscapePlot).canvas:  # there they move the start
            qtbot.keyClick(widget, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
            assert trained.session.playhead.step == 2500
    qtbot.keyClick(trained, Qt.Key.Key_End)
    assert trained.session.playhead.step is None


def test_every_number_is_that_of_the_step_even_if_the_pictures_change_places_meanwhile(
    trained: MainWindow, wait_for: WaitFor
) -> None:
    refresher = trained.refresher
    for done in range(8):
        step = 1000 + done
        trained.session.playhead.go_to(step)
        for _ in range(done):
            refresher._refresh_next()
        trained.stage.toggle_maximized()
        wait_for(lambda: not refresher._timer.isActive())
        assert trained.readout.state.text() == f"You are looking at step {step:,}."


def test_another_axis_or_another_unit_shows_the_same_step(trained: MainWindow) -> None:
    loss = trained.picture(LossPlot)
    look_at(trained, 1000)
    loss.set_logarithmic(logarithmic=False)
    assert (loss.shown_step, loss.step_line.x) == (1000, 1000)
    for standardized in (True, False):
        for picture in trained.pictures:
            picture.show_standardized(standardized=standardized)
            assert picture.shown_step == 1000
    now = trained.picture(LandscapePlot).now
    assert (now.x, now.y) == tuple(history_of(trained).parameters[:2, 999].tolist())


def test_travel_does_not_change_the_run(trained: MainWindow) -> None:
    before = history_of(trained).parameters.copy()
    for step in np.linspace(0, 5000, 30):
        look_at(trained, int(step))
    trained.session.playhead.go_live()
    trained.refresher.refresh_all()
    assert np.array_equal(history_of(trained).parameters, before)
    assert trained.controller.state is RunState.COMPLETED
    assert parameters_of(trained) == [fixed(float(value)) for value in before[:, -1]]


def test_a_new_run_is_followed_again(trained: MainWindow, wait_for: WaitFor) -> None:
    look_at(trained, 1000)
    trained.controller.change_setting("learning_rate", DEFAULTS.learning_rate * 2)
    trained.controller.reset()
    wait_for(lambda: trained.controller.current_run is not None)
    assert trained.session.playhead.step is None
    trained.refresher.refresh_all()
    assert trained.picture(LossPlot).step_line.x is None


def test_a_shorter_run_is_followed_too(trained: MainWindow, wait_for: WaitFor) -> None:
    controller = trained.controller
    controller.change_setting("batch_size", 64)
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED and history_of(trained).step == 314)
    trained.refresher.refresh_all()
    assert trained.session.playhead.is_live
    assert numbers_of(trained).facts.number("step") == "314 / 314"

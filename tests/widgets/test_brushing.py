"""Examples picked in one picture are lit in all pictures, and named wherever they take part."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from pytestqt.qtbot import QtBot

from linreg_gui.data.classics import samples
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.residual_plot import ResidualPlot
from linreg_gui.plots.residual_view import View
from linreg_gui.runs.states import RunState
from linreg_gui.widgets.panels.phase_words import picked_sentence
from linreg_gui.widgets.panels.registry import NUMBERS, STEP
from linreg_gui.widgets.window.main_window import MainWindow
from tests.picture_hands import SHIFT, click, drag, pixel_of, pixel_of_example
from tests.support import is_prepared

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]


@pytest.fixture
def galaxies(window: MainWindow, wait_for: WaitFor) -> MainWindow:
    """Return the window with 24 galaxies, 5 of them held out, and the data on the stage."""
    data = next(each for each in samples() if each.name == "hubble").read()
    window.controller.use_data(data, test_share=0.2, batch_size=4, learning_rate=0.02, epochs=4)
    wait_for(lambda: is_prepared(window.controller))
    window.stage.show_picture(window.picture(DataPlot))
    return window


def picked(window: MainWindow) -> list[int]:
    places: list[int] = window.session.brush.places.tolist()
    return places


def test_a_click_lights_an_example_in_every_picture_and_shift_adds_one(
    galaxies: MainWindow,
) -> None:
    data, residuals = galaxies.picture(DataPlot), galaxies.picture(ResidualPlot)
    run = galaxies.controller.run
    assert run is not None
    held_out = run.problem.held_out_examples
    assert held_out is not None
    first, second = run.dataset.places_of(np.array([3]))[0], held_out.places_of(np.array([1]))[0]
    click(data, first)
    assert picked(galaxies) == [first]
    x, y = run.dataset.features[3, 0], run.dataset.target[3]
    assert (data.picked.x.tolist(), data.picked.y.tolist()) == ([x], [y])
    parameters = run.parameters_at(0)
    residual = y - (parameters[0] * x + parameters[1])
    assert residuals.picked.y == pytest.approx([residual])
    assert f"row {first}" in data.note
    assert data.picked.outline  # a ring, not a color
    assert data.picked.pixels > data.examples.pixels
    click(data, second, SHIFT)
    assert picked(galaxies) == sorted([first, second])
    assert len(residuals.picked.x) == 2
    assert "2 picked examples" in data.key.texts
    click(data, first, SHIFT)
    assert picked(galaxies) == [second]
    click(data, QPoint(data.canvas.viewport().width() - 20, 20))
    assert picked(galaxies) == []
    assert not data.picked.visible


def test_a_band_picks_what_is_in_it_and_a_drag_still_moves_the_picture(
    galaxies: MainWindow,
) -> None:
    data = galaxies.picture(DataPlot)
    before = data.canvas.x_range
    drawn = data.drawn()
    (left, _), (low, high) = data.canvas.x_range, data.canvas.y_range
    corner, middle = pixel_of(data.canvas, left, low), pixel_of(data.canvas, 1.05, high)
    drag(data, corner, middle, modifiers=SHIFT)
    expected = drawn.places[drawn.x <= 1.05]
    assert 3 < len(expected) < 24
    assert picked(galaxies) == sorted(expected.tolist())
    assert data.canvas.x_range == before
    free = QPoint(data.canvas.viewport().width() - 40, 40)
    drag(data, free, free - QPoint(60, 0), free - QPoint(90, 0))
    assert data.canvas.x_range != before
    assert picked(galaxies) == sorted(expected.tolist())


def test_the_keys_go_from_example_to_example_and_escape_lets_go_before_it_stops(
    galaxies: MainWindow, qtbot: QtBot
) -> None:
    data = galaxies.picture(DataPlot)
    data.canvas.setFocus()
    drawn = data.drawn()
    order = drawn.places[np.lexsort((drawn.y, drawn.x))].tolist()
    for key, place in ((Qt.Key.Key_PageDown, order[0]), (Qt.Key.Key_PageDown, order[1]),
                       (Qt.Key.Key_PageUp, order[0]), (Qt.Key.Key_PageUp, order[0])):  # fmt: skip
        qtbot.keyClick(data.canvas, key)
        assert picked(galaxies) == [place]
    galaxies.controller.step()
    states = []
    for _ in range(2):
        qtbot.keyClick(galaxies, Qt.Key.Key_Escape)
        states.append(galaxies.controller.state)
        assert picked(galaxies) == []
    assert states == [RunState.PAUSED, RunState.STOPPED]


def test_each_view_of_the_residuals_lights_and_picks_the_same_examples(
    galaxies: MainWindow,
) -> None:
    plot = galaxies.picture(ResidualPlot)
    galaxies.stage.show_picture(plot)
    run = galaxies.controller.run
    assert run is not None
    row = int(run.dataset.target.argmax())
    place = int(run.dataset.places_of(np.array([row]))[0])
    predicted = run.parameters_at(0) @ [run.dataset.features[row, 0], 1.0]
    residual = float(run.dataset.target[row] - predicted)
    for view in (View.PREDICTION, View.FEATURE, View.ORDER, View.NORMAL):
        plot.set_view(view)
        galaxies.session.brush.clear()
        click(plot, place)
        assert picked(galaxies) == [place]
        assert plot.picked.y == pytest.approx([residual])
        at = pixel_of(plot.canvas, float(plot.picked.x[0]), float(plot.picked.y[0]))
        assert (at - pixel_of_example(plot, place)).manhattanLength() <= 1
    plot.set_view(View.HISTOGRAM)
    bar = int(np.argmax(plot.bars.y))
    click(plot, pixel_of(plot.canvas, float(plot.bars.x[bar]), float(plot.bars.y[bar]) / 2))
    assert len(picked(galaxies)) == plot.bars.y[bar]
    assert plot.picked_bars.y.tolist() == [
        height if index == bar else 0 for index, height in enumerate(plot.bars.y.tolist())
    ]
    assert "picked" in plot.table().headings


def test_the_table_marks_picked_examples_and_enter_picks_them(
    galaxies: MainWindow, qtbot: QtBot
) -> None:
    qtbot.keyClick(galaxies, Qt.Key.Key_B, SHIFT)
    view = galaxies.side.panel(NUMBERS).picture.view
    qtbot.waitUntil(view.isVisible)
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
    view.selectionModel().setCurrentIndex(view.model().index(7, 0), flags)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    place = galaxies.picture(DataPlot).drawn_places[7]
    assert picked(galaxies) == [place]
    marks = [cell for cell in view.table.columns[1].cells if cell]
    assert marks == ["● picked"]
    assert view.table.picked is not None
    assert view.table.picked.argmax() == 7


def test_a_minibatch_says_how_many_picked_examples_it_has(
    galaxies: MainWindow, wait_for: WaitFor
) -> None:
    galaxies.session.switches[STEP].setChecked(True)
    galaxies.controller.step()
    inspector = galaxies.session.inspector
    wait_for(lambda: inspector.trace is not None)
    trace = inspector.trace
    assert trace is not None
    others = np.setdiff1d(np.arange(24), trace.places)
    galaxies.session.pick(np.array([*trace.places[:2], others[0]]), extends=False)
    panel = galaxies.side.panel(STEP)
    wait_for(
        lambda: "2 of your 3 picked examples are in this minibatch" in panel.values.toPlainText()
    )
    assert panel.values.toPlainText().count("●") == 3
    assert galaxies.picture(DataPlot).minibatch.name.endswith(", 2 picked")
    assert "None of your 2" in picked_sentence(trace, others[:2])
    assert picked_sentence(trace, others[:1]) == "Your picked example is not in this minibatch."
    assert picked_sentence(trace, others[:0]) == ""


def test_picks_stay_with_their_examples_until_the_examples_are_others(
    galaxies: MainWindow, wait_for: WaitFor
) -> None:
    controller, data = galaxies.controller, galaxies.picture(DataPlot)
    run = controller.run
    assert run is not None
    place = int(run.dataset.places_of(np.array([4]))[0])
    target = float(run.dataset.target[4])
    galaxies.session.pick(np.array([place]), extends=False)
    for changed in ({"test_share": 0.5}, {"test_share": 0.0}, {"learning_rate": 0.01, "epochs": 9}):
        controller.change_settings(**changed)
        wait_for(lambda: is_prepared(controller))
        assert data.picked.y.tolist() == [target]
    controller.use_synthetic_data()
    wait_for(lambda: is_prepared(controller))
    assert picked(galaxies) == []
    assert not data.picked.visible
    galaxies.session.pick(np.array([9_999]), extends=False)
    controller.change_settings(noise_std=1.0)
    wait_for(lambda: is_prepared(controller))
    assert picked(galaxies) == [9_999]
    controller.change_settings(seed=2)
    wait_for(lambda: is_prepared(controller))
    assert picked(galaxies) == []

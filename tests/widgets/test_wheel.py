"""However far the wheel goes in and out, every picture has a range that can be drawn."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.ranges import within_reach
from linreg_gui.runs.states import RunState
from linreg_gui.widgets.panels.registry import SCALING, SWEEP
from linreg_gui.widgets.window.main_window import MainWindow
from tests.widgets.controls import turn_wheel

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]

TURNS_AT_ONCE = 50
PLACES = ((0.25, 0.2, 1), (0.33, 0.65, -1), (0.95, 0.8, 1), (0.5, 0.5, -1))
"""Where the mouse is, as shares of the picture, and whether the wheel goes in or out."""


def turn(canvas: Canvas, x: float, y: float, turns: int) -> None:
    """Turn the wheel, in if ``turns`` is positive, and let the picture be painted."""
    view = canvas.viewport()
    turn_wheel(view, 120 * turns, QPoint(int(view.width() * x), int(view.height() * y)))
    QApplication.processEvents()


def go_far(canvas: Canvas, turns: int = 400) -> None:
    """Turn the wheel over a picture, at several places."""
    for x, y, direction in PLACES:
        for _ in range(turns // TURNS_AT_ONCE):
            turn(canvas, x, y, direction * TURNS_AT_ONCE)
        for low, high in (canvas.x_range, canvas.y_range):
            assert low < low + (high - low) / 1000 < high
        for axis in (canvas.x_axis, canvas.y_axis):
            numbers = axis.tickStrings(axis.positions(), 1, axis._spacing)
            assert len(set(numbers)) == len(numbers) < 60
    canvas.fit()
    assert not canvas.is_zoomed


def test_no_run_yet(loading_window: MainWindow) -> None:
    for picture in loading_window.stage.visible_pictures:
        loading_window.stage.show_picture(picture)
        go_far(picture.canvas)


def test_a_run_that_goes_on(window: MainWindow, wait_for: WaitFor) -> None:
    controller = window.controller
    controller.start()
    wait_for(lambda: controller.run is not None and controller.run.history.step > 20)
    for picture in window.stage.visible_pictures:
        window.stage.show_picture(picture)
        go_far(picture.canvas)
    controller.pause()


def test_a_diverged_run_in_full_screen(window: MainWindow, wait_for: WaitFor) -> None:
    controller = window.controller
    controller.change_setting("learning_rate", 1.2)
    controller.start()
    wait_for(lambda: controller.state is RunState.DIVERGED)
    pictures = window.stage.visible_pictures
    window.showFullScreen()
    for picture in pictures:
        window.stage.show_picture(picture)
        go_far(picture.canvas)


def test_the_pictures_of_panels(trained: MainWindow) -> None:
    switches, side = trained.session.switches, trained.side
    switches[SCALING].setChecked(True)
    for bowl in (side.panel(SCALING).measured, side.panel(SCALING).standardized):
        QApplication.processEvents()
        go_far(bowl.plot.canvas)
    switches[SWEEP].setChecked(True)
    QApplication.processEvents()
    go_far(side.panel(SWEEP).plot.canvas)


def test_a_thumbnail_leaves_the_wheel_alone(window: MainWindow) -> None:
    for picture in window.stage.visible_pictures[1:]:
        middle = picture.mapTo(window, picture.canvas.geometry().center())
        under_mouse = window.childAt(middle)
        assert picture.is_thumbnail
        assert under_mouse is picture or not picture.canvas.isAncestorOf(under_mouse)


@pytest.mark.parametrize("wanted", [(0.0, 0.0), (1e-300, 2e-300), (1e10, 1e10), (3e-31, 0.0)])
def test_a_range_without_room_is_widened_around_its_place(wanted: tuple[float, float]) -> None:
    low, high = within_reach(wanted)
    assert high - low >= max(1e-30, 0.99e-9 * abs(high))
    assert low <= min(wanted) <= max(wanted) <= high


@pytest.mark.parametrize(
    "wanted", [(float("nan"), 1.0), (0.0, float("inf")), (-1e200, 1e200), (1e40, 1e41)]
)
def test_a_range_without_end_is_bounded(wanted: tuple[float, float]) -> None:
    low, high = within_reach(wanted)
    assert -1.1e30 < low < high < 1.1e30


def test_the_narrowest_range_can_still_be_moved(window: MainWindow) -> None:
    canvas = window.stage.active.canvas
    canvas.view.setRange(xRange=(5.0, 5.0 + 1e-12), yRange=(0.0, 1e-40), padding=0)
    (left, right), (low, high) = canvas.x_range, canvas.y_range
    canvas.pan(1.0, 1.0)
    assert canvas.x_range == pytest.approx((right, 2 * right - left), rel=1e-12)
    assert canvas.y_range == pytest.approx((high, 2 * high - low))

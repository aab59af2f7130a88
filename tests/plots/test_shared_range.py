"""Two pictures with one range."""

from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.look.theme import Theme
from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.plots.ranges import Range
from linreg_gui.plots.shared_range import SharedRange
from linreg_gui.runs.run import Run
from tests.plots.made_runs import trained


@pytest.fixture
def canvases(qtbot: QtBot, theme: Theme) -> Iterator[list[Canvas]]:
    window = QWidget()
    window.resize(600, 300)
    made = [Canvas(window), Canvas(window)]
    for place, canvas in enumerate(made):
        canvas.restyle(theme.palette)
        canvas.setGeometry(300 * place, 0, 300, 300)
    window.show()
    qtbot.waitExposed(window)
    yield made
    window.close()
    window.deleteLater()


def ranges(canvases: list[Canvas]) -> list[tuple[object, object]]:
    return [(canvas.x_range, canvas.y_range) for canvas in canvases]


def test_both_show_what_either_wants_and_follow_each_others_zoom(canvases: list[Canvas]) -> None:
    left, right = canvases
    shared = SharedRange(left, right)
    left.set_automatic_range((0.0, 10.0), (0.0, 1.0))
    right.set_automatic_range((5.0, 20.0), (-2.0, 0.5))
    assert ranges(canvases) == [((0.0, 20.0), (-2.0, 1.0))] * 2
    shared.count([left])
    assert ranges(canvases) == [((0.0, 10.0), (0.0, 1.0))] * 2
    right.zoom(0.5)
    assert right.is_zoomed
    assert left.is_zoomed
    assert ranges(canvases) == [((2.5, 7.5), (0.25, 0.75))] * 2
    left.fit()
    assert not right.is_zoomed
    assert ranges(canvases) == [((0.0, 10.0), (0.0, 1.0))] * 2
    shared.is_on = False
    shared.count(canvases)
    assert ranges(canvases) == [((0.0, 10.0), (0.0, 1.0)), ((5.0, 20.0), (-2.0, 0.5))]


@pytest.mark.parametrize("is_shared", [True, False])
def test_pictures_that_want_another_range_in_every_range_come_to_rest(
    canvases: list[Canvas], is_shared: bool
) -> None:
    left, right = canvases
    if is_shared:
        SharedRange(left, right)

    def wanting(canvas: Canvas) -> Callable[[], None]:
        def want_more() -> None:
            low, high = canvas.x_range
            canvas.set_automatic_range((low, high + 1), (0.0, 1.0))

        return want_more

    for canvas in canvases:
        canvas.view_changed.connect(wanting(canvas))
    left.set_automatic_range((0.0, 5.0), (0.0, 1.0))
    assert not is_shared or left.x_range == right.x_range
    assert left.x_range[1] < 20


class _FicklePlot(ParametersPlot):
    """A picture that wants another height whenever it is seen over other steps."""

    def wanted_y_range(self) -> Range:
        return 0.0, self.canvas.x_range[1]


def test_a_copy_that_wants_another_height_in_every_range_has_that_of_its_picture(
    shown: Callable[[type[_FicklePlot], Run], _FicklePlot], theme: Theme
) -> None:
    plot = shown(_FicklePlot, trained(20))
    plot.canvas.shares = lambda: None  # it keeps the range that it has now
    plot.canvas.show_automatic_range((0.0, 5.0), (-1.0, 2.0))
    copy = _FicklePlot(theme)
    copy.look_like(plot)
    assert copy.canvas.y_range == (-1.0, 2.0)
    assert copy.canvas.x_range == copy.canvas.wanted_range[0] != (0.0, 5.0)
    shiboken6.delete(copy)

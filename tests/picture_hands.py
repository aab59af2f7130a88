"""Hands on the examples of a picture, as a person has them."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.examples_plot import ExamplesPlot

NO_KEYS = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def pixel_of(canvas: Canvas, x: float, y: float) -> QPoint:
    """Return where this point of the axes is in the canvas's viewport."""
    place: QPoint = canvas.mapFromScene(canvas.view.mapViewToScene(QPointF(x, y)))
    return place


def pixel_of_example(plot: ExamplesPlot, place: int) -> QPoint:
    """Return where the example that stands at ``place`` is drawn."""
    drawn = plot.drawn()
    index = drawn.places.tolist().index(place)
    return pixel_of(plot.canvas, float(drawn.x[index]), float(drawn.y[index]))


def click(
    plot: ExamplesPlot, place: int | QPoint, modifiers: Qt.KeyboardModifier = NO_KEYS
) -> None:
    """Click an example, or a pixel."""
    at = place if isinstance(place, QPoint) else pixel_of_example(plot, place)
    QTest.mouseClick(plot.canvas.viewport(), LEFT, modifiers, at)


def drag(plot: ExamplesPlot, *places: QPoint, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
    """Press at the first pixel, move to the others, and let go at the last."""
    viewport = plot.canvas.viewport()
    QTest.mousePress(viewport, LEFT, modifiers, places[0])
    for place in places[1:]:
        QTest.mouseMove(viewport, place)
    QTest.mouseRelease(viewport, LEFT, modifiers, places[-1])

"""What a person has changed of the examples, marked in the data picture; their least squares."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QTransform

from linreg_gui.look.palette import Stroke
from linreg_gui.plots.layer import line_pen, x_pixels, y_pixels
from linreg_gui.plots.plane_series import Cloud
from linreg_gui.plots.series import Curve, Points, Series
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.analysis.least_squares import References
    from linreg_gui.plots.data_plot import DataPlot

_LARGER = 6.0
_MOST_MARKED = 500
"""Of more changes than this, the first ones are marked."""


@dataclass(eq=False)
class Moves(Points):
    """A thin line for each move, between two points in a row."""

    def draw(self, painter: QPainter, to_pixels: QTransform, exposed: QRectF, view: QRectF) -> None:
        """Draw the lines."""
        columns = x_pixels(to_pixels, self.x).tolist()
        heights = y_pixels(to_pixels, self.y).tolist()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(line_pen(self.stroke.color, self.stroke.width))
        painter.drawLines(list(map(QPointF, columns, heights)))


class PointMarks:
    """The marks of a data picture.

    Attributes
    ----------
    moved : Moves
        From where the moved examples were to where they are.
    added, removed : Cloud
        Squares around those added, crosses where those removed were.
    best, before : Curve
        The least-squares lines of the edited examples, and of those before they were edited.
    names : list of (Curve, str)
        The words for them on the picture.
    in_corner : list of Series
        Those that the key in the corner names.
    """

    def __init__(self) -> None:
        self.moved = Moves(lambda palette: replace(palette.what_if, line=Qt.PenStyle.SolidLine))
        self.added = Cloud(lambda palette: Stroke(palette.accent, symbol="s"), outline=1.5)
        self.removed = Cloud(lambda palette: Stroke(palette.muted, symbol="x"))
        self.best = Curve(lambda palette: replace(palette.least_squares, width=2.0))
        self.before = Curve(
            lambda palette: replace(palette.least_squares, line=Qt.PenStyle.DashLine, width=1.5)
        )
        self.best.name, self.before.name = tr("least squares"), tr("least squares before")
        self.names = [(self.best, tr("least squares")), (self.before, tr("before"))]
        self.in_corner: list[Series] = [self.moved, self.removed, self.added]

    @property
    def series(self) -> list[Series]:
        """Return all of them, the last one on top."""
        return [self.before, self.best, self.moved, self.removed, self.added]

    def draw(self, plot: "DataPlot", run: Run, pixels: float) -> None:
        """Mark what differs; markers of examples are ``pixels`` wide."""
        points = plot.shown_points
        edited = None if points is None else points.dataset.edited
        if edited is not None and not edited.original.size:  # a cloud, of which nothing was there
            edited = None
        lines = (None, None) if points is None else (points.references, points.before)
        if plot.guesses.hides_solution:
            lines = (None, None)
        self._draw_line(self.best, plot, run, lines[0])
        self._draw_line(self.before, plot, run, None if edited is None else lines[1])
        if points is None or edited is None:
            for series in self.in_corner:
                plot.offer(series, offered=False)
            return
        for cloud in (self.added, self.removed):
            cloud.set_size(pixels + _LARGER)
        moved, added, removed = (
            places[:_MOST_MARKED] for places in (edited.moved, edited.added, edited.removed)
        )
        (x, y), (x_now, y_now) = (
            plot.placed_at(data, moved) for data in (edited.original, points.dataset)
        )
        ends = np.column_stack([x, x_now]).ravel(), np.column_stack([y, y_now]).ravel()
        self.moved.set_points(*ends)
        self.added.set_points(*plot.placed_at(points.dataset, added))
        self.removed.set_points(*plot.placed_at(edited.original, removed))
        for series, (count, words) in zip(
            (self.moved, self.added, self.removed), edited.counts, strict=True
        ):
            plot.rename(series, words)
            plot.offer(series, offered=count > 0)

    @staticmethod
    def _draw_line(line: Curve, plot: "DataPlot", run: Run, best: "References | None") -> None:
        has_line = best is not None and plot.has_line(run)
        plot.offer(line, offered=has_line)
        if best is not None and has_line:
            parameters = plot.coordinates_of(run).of_measured(np.array(best.parameters))
            line.set_points(*plot.line_of(parameters))

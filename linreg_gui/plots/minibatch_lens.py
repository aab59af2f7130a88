"""What the picture of the data shows of a minibatch: its examples, lit, with their residuals."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QObject, QRectF, Slot
from PySide6.QtGui import QPainter, QTransform

from linreg_gui.analysis.problem import Coordinates
from linreg_gui.look.palette import Palette, Stroke
from linreg_gui.number_text import whole
from linreg_gui.plots.card import PlotCard
from linreg_gui.plots.curve import FloatColumn
from linreg_gui.plots.layer import Layer, line_pen, x_pixels, y_pixels
from linreg_gui.plots.legend import LegendEntry
from linreg_gui.plots.points import PointLayer
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.anatomy.step_trace import StepTrace


MOST_RESIDUALS = 200
"""Of a larger minibatch, the residuals of a sample are drawn."""

_MARK_PIXELS = 11.0
_CROWD = 100
_CROWD_PIXELS = 6.0


@dataclass(frozen=True, eq=False)
class Examples:
    """Some examples of a dataset, in double precision.

    Attributes
    ----------
    features : ndarray, shape (n, d)
        Each column in one piece.
    target : ndarray, shape (n,)
    """

    features: FloatColumn
    target: FloatColumn


def examples_of(run: Run, coordinates: Coordinates, rows: npt.NDArray[np.int64]) -> Examples:
    """Return the examples in ``rows`` of the run's dataset, in the units of ``frame``."""
    return Examples(
        np.asfortranarray(coordinates.features(run.dataset.features[rows]), np.float64),
        run.dataset.target[rows].astype(np.float64),
    )


class MinibatchLens(QObject):
    """Lights the examples of one step's minibatch, whether or not they are in the drawn sample.

    Parameters
    ----------
    plot : PlotCard
        On whose canvas, and in whose legend. It is to show the entries while something is lit.
    most : int
        Of a larger minibatch, so many examples are lit as a sample.

    Attributes
    ----------
    trace : StepTrace or None
        The step; None where no one looks into one.
    examples : Examples or None
        What is lit; None for nothing.
    marks, residuals : PointLayer, ResidualLayer
        The examples, and lines from each one to its prediction.
    entries : dict
        What switches each of them on and off.
    """

    def __init__(self, plot: PlotCard, most: int) -> None:
        # The plot is not held here: it would end in a garbage collection, perhaps amid painting.
        super().__init__(plot)
        self.trace: StepTrace | None = None
        self.examples: Examples | None = None
        self.residuals = ResidualLayer()
        self.marks = PointLayer(Stroke("#808080"), _MARK_PIXELS)
        for layer in (self.residuals, self.marks):
            plot.canvas.add_layer(layer)
        self.entries: dict[Layer, LegendEntry] = {
            self.marks: plot.add_entry("", line=False, marker=True),
            self.residuals: plot.add_entry(""),
        }
        for entry in self.entries.values():
            entry.toggled.connect(self._on_entry_toggled)
        self._most = most

    def light(self, run: Run | None, coordinates: Coordinates | None) -> None:
        """Take up `trace`, if it is of ``run``; where its examples are is still to be drawn.

        They are to be in the units of ``frame``.
        """
        trace = self.trace
        if run is None or coordinates is None or trace is None or trace.run_number != run.number:
            self.examples = None
            self.draw(np.empty(0), np.empty(0), np.empty(0))
            return
        rows = trace.rows[_spread(trace.size, self._most)]
        self.examples = examples_of(run, coordinates, rows)
        self.marks.set_size(_MARK_PIXELS if len(rows) <= _CROWD else _CROWD_PIXELS)
        self.entries[self.marks].rename(*_batch_words(trace, len(rows)))
        self.entries[self.residuals].rename(*_residual_words(trace))

    def draw(self, x: FloatColumn, y: FloatColumn, predicted: FloatColumn) -> None:
        """Put the examples at ``x`` and ``y``, and the ends of their residuals at ``predicted``."""
        self.marks.set_points(x, y)
        sample = _spread(len(x), MOST_RESIDUALS)
        self.residuals.set_lines(x[sample], y[sample], predicted[sample])

    def restyle(self, palette: Palette) -> None:
        """Take over the colors of ``palette``."""
        self.residuals.stroke = palette.minibatch
        self.marks.set_stroke(palette.minibatch, halo=palette.surface)
        for entry in self.entries.values():
            entry.set_look(palette.minibatch, palette)

    @Slot()
    def _on_entry_toggled(self) -> None:
        for layer, entry in self.entries.items():
            layer.setVisible(entry.isChecked())


class ResidualLayer(Layer):
    """Draws a vertical line for each residual."""

    def __init__(self) -> None:
        super().__init__()
        self.stroke = Stroke("#808080")
        self.x = self.y = self.ends = np.empty(0)

    def set_lines(self, x: FloatColumn, y: FloatColumn, ends: FloatColumn) -> None:
        """Draw lines at ``x`` from ``y`` to ``ends`` instead of the former ones."""
        changed_x = np.concatenate([self.x, x])
        changed_y = np.concatenate([self.y, self.ends, y, ends])
        self.x, self.y, self.ends = x, y, ends
        if len(changed_x):
            self.repaint_around(
                (float(changed_x.min()), float(changed_x.max())),
                (float(changed_y.min()), float(changed_y.max())),
            )

    def draw(self, painter: QPainter, to_pixels: QTransform, _exposed: QRectF) -> None:
        """Draw the lines."""
        columns = np.round(x_pixels(to_pixels, self.x)).tolist()
        starts, ends = (y_pixels(to_pixels, y).tolist() for y in (self.y, self.ends))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(line_pen(self.stroke.color, self.stroke.width))
        painter.drawLines(
            [QLineF(x, start, x, end) for x, start, end in zip(columns, starts, ends, strict=True)]
        )


def _spread(size: int, most: int) -> npt.NDArray[np.int64]:
    """Return the indices of all of ``size``, or of ``most`` that are spread over them."""
    return np.linspace(0, size - 1, min(size, most)).astype(np.int64)


def _batch_words(trace: "StepTrace", lit: int) -> tuple[str, str]:
    """Name the minibatch and say how many of its examples are lit, at length and in short."""
    size = whole(trace.size)
    name = tr("short last batch") if trace.is_short else tr("this minibatch")
    if lit < trace.size:
        return (
            tr("{name} ({lit} of {size} examples)").format(name=name, lit=whole(lit), size=size),
            tr("{name} ({lit} of {size})").format(name=name, lit=whole(lit), size=size),
        )
    words = tr("{name} (1 example)") if lit == 1 else tr("{name} ({size} examples)")
    return words.format(name=name, size=size), tr("{name} ({size})").format(name=name, size=size)


def _residual_words(trace: "StepTrace") -> tuple[str, str]:
    if trace.size <= MOST_RESIDUALS:
        return tr("residuals"), tr("residuals")
    words = tr("{drawn} of {size} residuals").format(
        drawn=whole(MOST_RESIDUALS), size=whole(trace.size)
    )
    return words, tr("residuals")

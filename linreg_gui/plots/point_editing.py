"""The data picture while a person edits its points: what gestures change, and marks of it."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Slot

from linreg_gui.number_text import decimals_in
from linreg_gui.plots.data_view import CANVAS, View
from linreg_gui.plots.data_words import sample_words
from linreg_gui.plots.point_handle import PointHandle
from linreg_gui.plots.point_marks import PointMarks
from linreg_gui.plots.run_plot import PointMove
from linreg_gui.runs.run import Run
from linreg_gui.texts import paragraph, tr

if TYPE_CHECKING:
    from linreg_gui.plots.data_plot import DataPlot
    from linreg_gui.threads.points import PointsOnShow


class PointEditing(QObject):
    """Lets the points of ``plot`` be moved, added and removed, and marks what has changed.

    Attributes
    ----------
    handle : PointHandle
        The hand.
    marks : PointMarks
        What has changed, and the least-squares lines.
    is_sketch : bool
        Whether these are the first points of a cloud, which no run has yet. Then nothing else is
        drawn.
    """

    def __init__(self, plot: "DataPlot") -> None:
        super().__init__(plot)
        self.is_sketch = False
        self.marks = PointMarks()
        self._plot = plot
        self.handle = PointHandle(plot.canvas, plot.picker, lambda: plot.picked_places)
        self.handle.moved.connect(self._on_moved)
        self.handle.added.connect(self._on_added)
        self.handle.add_withdrawn.connect(plot.point_withdrawn)
        self.handle.removed.connect(plot.points_removed)
        plot.canvas.released.connect(plot.make_room_for_points)

    def show(self, points: "PointsOnShow | None") -> bool:
        """Take note of the points on show; return whether the picture must be arranged again."""
        was_on, was_sketch = self.handle.is_on, self.is_sketch
        self.handle.is_on = points is not None and points.is_open
        is_sketch = points is not None and self._plot.shown_points is None
        self.is_sketch = is_sketch and self._plot.run is not None
        if self.is_sketch and not was_sketch:
            self._plot.set_view(View.RAW)
        elif self.handle.is_on and not was_on and self._plot.view is View.PREDICTED:
            self._plot.set_view(View.ADJUSTED)
        return self.is_sketch != was_sketch

    def draw_sketch(self) -> None:
        """Draw the points, and nothing else."""
        plot, points = self._plot, self._plot.points
        assert points is not None
        dataset = points.dataset
        plot.rename(plot.examples, *sample_words(dataset.size, dataset.size))
        plot.drawn_places = dataset.places_of(np.arange(dataset.size))
        x = dataset.features[:, 0].astype(np.float64)
        plot.examples.set_points(x, dataset.target.astype(np.float64))
        plot.canvas.set_automatic_range((-CANVAS, CANVAS), (-CANVAS, CANVAS))
        few = tr("A run needs at least 2 points. Click to add one.")
        plot.set_note(few if points.references is None else "")

    def note(self, run: Run) -> str:
        """Say what has changed, or what can be; empty if there is nothing to say."""
        points = self._plot.shown_points
        if points is None:
            return ""
        edited, sentences = points.dataset.edited, []
        if edited is not None and edited.original.size:
            sentences.append(tr("Edited: {changes}.").format(changes=edited.words))
        if points.is_pending and run.history.step:
            sentences.append(tr("The run gets these points at the next Reset."))
        if self._plot.view is View.ADJUSTED and run.dataset.dimension > 1 and not sentences:
            return tr(
                "The examples are adjusted with the weights of the fit. They gather around least "
                "squares only once the fit is near it."
            )
        hint = tr("Drag a point, click to add one, or pick some and press Delete.")
        return paragraph(*sentences) or hint

    @Slot(object, float, float, bool)
    def _on_moved(
        self, places: npt.NDArray[np.int64], across: float, up: float, begins: bool
    ) -> None:
        """Move the shown feature and the target.

        In the adjusted view the other feature keeps its share, so the target moves as far as the
        example does there, too.
        """
        plot, points = self._plot, self._plot.points
        if points is None or plot.view is View.PREDICTED:
            return
        shift = [0.0] * points.dataset.dimension
        shift[0 if self.is_sketch else plot.feature] = self._in_steps(across * self._x_scale, 0)
        move = PointMove(places, (*shift, self._in_steps(up, 1)), begins)
        plot.points_moved.emit(move)

    @Slot(float, float)
    def _on_added(self, x: float, y: float) -> None:
        """Add an example here; the other feature has its mean."""
        plot, points, run = self._plot, self._plot.points, self._plot.run
        if points is None or run is None or plot.view is View.PREDICTED:
            return
        if self.is_sketch:
            plot.point_added.emit((self._in_steps(x, 0),), self._in_steps(y, 1))
            return
        coordinates, feature = plot.coordinates_of(run), plot.feature
        center = 0.0 if coordinates.scaling is None else float(coordinates.scaling.center[feature])
        features = points.dataset.features.mean(axis=0, dtype=np.float64)
        features[feature] = self._in_steps(center + x * self._x_scale, 0)
        drawn = np.asarray(coordinates.features(features[np.newaxis]), np.float64)[0]
        target = self._in_steps(plot.target_at(drawn, y), 1)
        plot.point_added.emit(tuple(features.tolist()), target)

    @property
    def _x_scale(self) -> float:
        """Return how many units of the data one of the x axis is."""
        run = self._plot.run
        scaling = None if run is None or self.is_sketch else self._plot.coordinates_of(run).scaling
        return 1.0 if scaling is None else float(scaling.scale[self._plot.feature])

    def _in_steps(self, value: float, axis: int) -> float:
        """Return a place or a way, in the units of the data, with the decimals that can be seen."""
        pixel = self._plot.canvas.pixel[axis] * (1.0 if axis else self._x_scale)
        return round(value, max(0, decimals_in(pixel)))

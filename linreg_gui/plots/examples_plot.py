"""What the pictures of single examples have in common: views, a feature along x, the minibatch."""

from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Slot

from linreg_gui.look.theme import Theme
from linreg_gui.plots.announcement import AnnouncementLayer
from linreg_gui.plots.corner_key import CornerKeyLayer
from linreg_gui.plots.data_words import batch_words, examples_table, sample_words
from linreg_gui.plots.examples import (
    MOST_POINTS,
    Examples,
    marker_pixels,
    sampled,
    spread,
)
from linreg_gui.plots.picture_table import PictureTable
from linreg_gui.plots.plane_series import Cloud
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.plots.title_row import Chooser, Segments
from linreg_gui.runs.run import Run
from linreg_gui.texts import shortened_name, tr

if TYPE_CHECKING:
    from linreg_gui.anatomy.step_trace import StepTrace

CROWD = 100
"""More examples than this are small and, where they lie on each other, transparent."""
_CROWD_OPACITY = 0.65
_LARGER = 4.0
"""The few examples of a minibatch are so much larger than the others."""
_OUTLINE = 1.5


class ExamplesPlot(RunPlot):
    """A picture of examples, at the step on show, in several views.

    A subclass puts the clouds into a layer, adds its own series, and then calls
    `show_run` with None.

    Parameters
    ----------
    title : str
        The words for the picture.
    theme : Theme
        The colors.
    words : sequence of (str, str)
        The word for each view, and its explanation.

    Attributes
    ----------
    views : type of IntEnum
        The ways to look at the examples.
    view : IntEnum
        One of `views`.
    feature : int
        The column along x.
    sample : ndarray of int
        The rows of the dataset that are drawn.
    drawn_places : ndarray of int
        Where these rows, and then those held out, stand among all examples.
    examples, held_out, minibatch : Cloud
        The examples, those held out, and those of the minibatch of a step.
    key : CornerKeyLayer
        Names the clouds.
    announcement : AnnouncementLayer
        Says that the run has diverged.
    """

    views: ClassVar[type[IntEnum]]
    view: IntEnum

    def __init__(self, title: str, theme: Theme, words: Sequence[tuple[str, str]]) -> None:
        super().__init__(title, "", "", theme)
        self.view = self.views(0)
        self.feature = 0
        self.sample = self.drawn_places = self._highlighted_rows = np.arange(0)
        self._sampled = self._held_out = Examples.none(1)
        self._highlighted: Examples | None = None
        self._drawn_step = -1
        self.examples = Cloud(lambda palette: palette.data, tr("examples"))
        self.held_out = Cloud(lambda palette: palette.data, tr("held out"), outline=_OUTLINE)
        self.minibatch = Cloud(lambda palette: palette.minibatch, halo=True)
        self.key, self.announcement = CornerKeyLayer(), AnnouncementLayer()
        self._views = Segments(*zip(*words, strict=True))
        self._views.group.idClicked.connect(self.set_view)
        self._chooser = Chooser(tr("Feature along the x axis"))
        self._chooser.committed.connect(self.set_feature)
        self.canvas.view_changed.connect(self.redraw)

    def draw(self, run: Run, *, exactly: bool) -> None:
        """Draw the step on show, all of it or only the changes that can be seen."""
        raise NotImplementedError

    def arrange(self, run: Run | None) -> None:
        """Show what belongs to the view, and begin with its range."""
        raise NotImplementedError

    def choose_view(self, run: Run, former: Run | None) -> None:
        """Choose view and feature for ``run``, which follows ``former``."""
        self.feature = min(self.feature, run.dataset.dimension - 1)

    def show_run(self, run: Run | None) -> None:
        """Show the examples of ``run``, or an empty picture."""
        former = self.take(run)
        self._drawn_step = -1
        if run is not None:
            size, held_out = run.dataset.size, run.problem.held_out_examples
            coordinates = self.coordinates_of(run)
            self.sample = sampled(size)
            self._sampled = Examples.of(run.dataset, coordinates, self.sample)
            self.drawn_places = run.dataset.places_of(self.sample)
            self._held_out = Examples.none(run.dataset.dimension)
            if held_out is not None:
                rows = sampled(held_out.size)
                self.drawn_places = np.append(self.drawn_places, held_out.places_of(rows))
                self._held_out = Examples.of(held_out, coordinates, rows)
            self.choose_view(run, former)
            self.rename(self.examples, *sample_words(len(self.sample), size))
            names = [shortened_name(name, 28) for name in run.dataset.feature_names]
            self._chooser.set_choices(dict(enumerate(names)))
        self._views.setEnabled(run is not None)
        self.highlight()
        self._show_view()

    def refresh(self) -> None:
        """Draw the step on show if it has changed, as far as that can be seen."""
        if self.run is not None and self.step_of(self.run) != self._drawn_step:
            self._drawn_step = self.step_of(self.run)
            self.draw(self.run, exactly=False)

    @Slot()
    def redraw(self) -> None:
        """Draw exactly the step on show."""
        if self.run is not None:
            self._drawn_step = self.step_of(self.run)
            self.draw(self.run, exactly=True)

    def show_step(self, step: int | None) -> None:
        """Show the run after ``step``, 0 for the start; None follows the run."""
        self.shown_step = step
        self.refresh()

    def show_minibatch(self, trace: "StepTrace | None") -> None:
        """Highlight the minibatch of a step; None removes the highlight."""
        if trace is not self.trace:
            self.trace = trace
            self.highlight()
            self.redraw()

    def show_view(self, view: str) -> None:
        """Look at the examples in the way of this name."""
        self.set_view(self.views[view.upper()])

    @Slot(int)
    def set_view(self, view: int) -> None:
        """Look at the examples in the way of ``view``."""
        self.view = self.views(view)
        self._show_view()

    @Slot(object)
    def set_feature(self, feature: int) -> None:
        """Put ``feature`` along x."""
        self.feature = feature
        self._show_view()

    def table(self) -> PictureTable:
        """Return the examples that are drawn, with their residuals at the step on show."""
        run = self.run
        if run is None:
            return PictureTable()
        step = self.step_of(run)
        names = [self.in_words(name) for name in run.dataset.feature_names]
        parameters, rows = self.parameters_at(run, step), self.drawn_places
        return examples_table(run, self._sampled, self._held_out, rows, parameters, step, names)

    def highlight(self) -> None:
        """Find the examples of the minibatch; they are drawn later."""
        run, trace = self.run, self.trace_of(self.run)
        self._highlighted = None
        if run is not None and trace is not None:
            rows = self._highlighted_rows = trace.rows[spread(trace.size, MOST_POINTS)]
            self._highlighted = Examples.of(run.dataset, self.coordinates_of(run), rows)
            self.rename(self.minibatch, *batch_words(trace, len(rows), run.dataset.size))
        self.offer(self.minibatch, offered=trace is not None)

    def size_markers(self, *, opaque: bool = False) -> float:
        """Draw few examples large, and many small; return how large, in pixels."""
        pixels = marker_pixels(len(self._sampled.target), self.canvas.pixels)
        for cloud in (self.examples, self.held_out):
            cloud.set_size(pixels)
        is_clear = len(self._sampled.target) > CROWD and not opaque
        self.examples.set_opacity(_CROWD_OPACITY if is_clear else 1.0)
        rows = 0 if self._highlighted is None else len(self._highlighted.target)
        self.minibatch.set_size(pixels + _LARGER if rows <= CROWD else pixels)
        return pixels

    def _show_view(self) -> None:
        self._views.choose(self.view)
        self.key.setVisible(self.run is not None)
        if self.run is not None:
            self._chooser.set_value(self.feature)
        else:
            self.announcement.announce("")
            self.set_note("")
        self.arrange(self.run)
        self.redraw()

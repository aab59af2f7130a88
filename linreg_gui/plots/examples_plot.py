"""What the pictures of single examples have in common: views, a feature along x, the minibatch."""

from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Slot
from PySide6.QtGui import QKeyEvent

from linreg_gui.data.dataset import Dataset, DoubleArray
from linreg_gui.look.palette import Stroke
from linreg_gui.look.plain import set_tip
from linreg_gui.look.speech import announce
from linreg_gui.look.theme import Theme
from linreg_gui.plots.announcement import AnnouncementLayer
from linreg_gui.plots.choices import Choice, Choices
from linreg_gui.plots.corner_key import CornerKeyLayer
from linreg_gui.plots.data_words import (
    batch_words,
    examples_table,
    picked_count,
    picked_words,
    sample_words,
    with_picked,
)
from linreg_gui.plots.examples import (
    MOST_POINTS,
    Examples,
    marker_pixels,
    sampled,
    spread,
)
from linreg_gui.plots.picking import Drawn, Picker
from linreg_gui.plots.picture_table import PictureTable
from linreg_gui.plots.plane_series import Cloud
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.plots.title_row import Chooser, Segments
from linreg_gui.runs.run import Run
from linreg_gui.texts import shortened_name, tr

if TYPE_CHECKING:
    from linreg_gui.anatomy.step_trace import StepTrace
    from linreg_gui.threads.points import PointsOnShow

CROWD = 100
"""More examples than this are small and, where they lie on each other, transparent."""
_CROWD_OPACITY = 0.65
_LARGER = 4.0
"""The few examples of a minibatch are so much larger than the others."""
_OUTLINE = 1.5
_RING, _RING_WIDTH = 7.0, 2.0
"""A picked example has a ring so much larger than its marker, and so wide."""
_SMALL_RING = 1.0
"""The rings of many picked examples are so much larger only, so that they can be told apart."""


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
    points : PointsOnShow or None
        The examples that a person edits.
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
    examples, held_out, minibatch, picked : Cloud
        The examples, those held out, those of the minibatch of a step, and rings around those that
        a person has picked.
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
        self._training_size = 0  # of which a sample may be drawn
        self._highlighted: Examples | None = None
        self._picked, self._picked_places = Examples.none(1), np.arange(0)
        self._wanted_places = self._picked_places  # of other data, some may not be here
        self.points: PointsOnShow | None = None
        self._drawn_step = -1
        self.examples = Cloud(lambda palette: palette.data, tr("examples"))
        self.held_out = Cloud(lambda palette: palette.data, tr("held out"), outline=_OUTLINE)
        self.minibatch = Cloud(lambda palette: palette.minibatch, halo=True)
        self.picked = Cloud(lambda palette: Stroke(palette.text), outline=_RING_WIDTH)
        self.key, self.announcement = CornerKeyLayer(), AnnouncementLayer()
        self._views = Segments(*zip(*words, strict=True))
        self._views.group.idClicked.connect(self.set_view)
        self._chooser = Chooser(tr("Feature along the x axis"))
        self._chooser.committed.connect(self.set_feature)
        self.picker = Picker(self.canvas, self.drawn, lambda: self._picked_places)
        self.picker.picked.connect(self.examples_picked)
        set_tip(
            self.canvas,
            tr(
                "Click an example to pick it, with Shift for one more. Shift and drag picks all in "
                "a frame. Page Down and Page Up go from one to the next. Esc lets go."
            ),
        )

    def draw(self, run: Run, *, exactly: bool) -> None:
        """Draw the step on show, all of it or only the changes that can be seen."""
        raise NotImplementedError

    def arrange(self, run: Run | None) -> None:
        """Show what belongs to the view, and begin with its range."""
        raise NotImplementedError

    def placed(
        self, examples: Examples, places: npt.NDArray[np.int64], parameters: DoubleArray
    ) -> tuple[DoubleArray, DoubleArray]:
        """Return x and y of ``examples``, which stand at ``places`` among all of them."""
        raise NotImplementedError

    def drawn(self) -> Drawn:
        """Return the examples that can be picked, where they are now."""
        x = np.append(self.examples.x, self.held_out.x)
        return Drawn(x, np.append(self.examples.y, self.held_out.y), self.drawn_places)

    def choose_view(self, run: Run, former: Run | None) -> None:
        """Choose view and feature for ``run``, which follows ``former``."""
        self.feature = min(self.feature, run.dataset.dimension - 1)

    def begin_run(self, former: Run | None) -> None:
        """Take the examples of the run, and look at them in a view that suits it."""
        run = self.run
        self._drawn_step = -1
        if run is not None:
            self._take_examples(run)
            self.choose_view(run, former)
            names = [shortened_name(name, 28) for name in run.dataset.feature_names]
            self._chooser.set_choices(dict(enumerate(names)))
        self._views.setEnabled(run is not None)
        self._find_picked()
        self.highlight()
        self._arrange_view()

    def show_points(self, points: "PointsOnShow | None") -> None:
        """Show examples that a person edits, whether the run has them already or not."""
        if points is None and self.points is None:
            return
        self.points = points
        if self.run is not None:
            self._take_examples(self.run)
            self._find_picked()

    @property
    def picked_places(self) -> npt.NDArray[np.int64]:
        """Return where the picked examples that are here stand among all of them."""
        return self._picked_places

    @property
    def shown_points(self) -> "PointsOnShow | None":
        """Return the edited examples, if they can be drawn with the parameters of the run."""
        points, run = self.points, self.run
        if points is None or run is None or points.references is None:
            return None
        return points if points.dataset.feature_names == run.dataset.feature_names else None

    def parts(self, run: Run) -> tuple[Dataset, Dataset | None]:
        """Return the examples that are trained on, and those held out; edited ones as they are."""
        points = self.shown_points
        if points is None:
            return run.dataset, run.problem.held_out_examples
        return points.training, points.held_out

    def _take_examples(self, run: Run) -> None:
        training, held_out = self.parts(run)
        edited = (training if self.points is None else self.points.dataset).edited
        self.mark_title(tr("edited") if edited is not None and edited.original.size else "")
        self._training_size = training.size
        coordinates = self.coordinates_of(run)
        self.sample = _drawn_rows(training)
        self._sampled = Examples.of(training, coordinates, self.sample)
        self.drawn_places = training.places_of(self.sample)
        self._held_out = Examples.none(run.dataset.dimension)
        if held_out is not None:
            rows = _drawn_rows(held_out)
            self.drawn_places = np.append(self.drawn_places, held_out.places_of(rows))
            self._held_out = Examples.of(held_out, coordinates, rows)
        self.rename(self.examples, *sample_words(len(self.sample), training.size))

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

    def show_picked(self, places: npt.NDArray[np.int64]) -> None:
        """Put rings around the examples at ``places``, and say which they are."""
        self._wanted_places = places
        self._find_picked()
        self.highlight()
        self.redraw()
        if self.run is not None and self.canvas.hasFocus():
            announce(self.canvas, self.note)

    def _find_picked(self) -> None:
        """Find the picked examples that are here; they are drawn later."""
        run, wanted = self.run, self._wanted_places
        count = 0
        if run is not None:
            self._picked, self._picked_places = Examples.none(run.dataset.dimension), wanted[:0]
            for dataset in self.parts(run):
                if dataset is not None and len(wanted):
                    rows = dataset.rows_at(wanted)
                    found = Examples.of(dataset, self.coordinates_of(run), rows)
                    self._picked = self._picked.followed_by(found)
                    self._picked_places = np.append(self._picked_places, dataset.places_of(rows))
            count = len(self._picked_places)
            self.rename(self.picked, *picked_count(count))
        self.offer_picked(offered=count > 0)

    def offer_picked(self, *, offered: bool) -> None:
        """Mark the picked examples, or no longer."""
        self.offer(self.picked, offered=offered)

    def draw_picked(self, run: Run, parameters: DoubleArray) -> None:
        """Draw rings around the picked examples, and say which they are in place of the note."""
        if not len(self._picked_places):
            self.picked.clear()
            self.set_readout("")
            return
        self.picked.set_points(*self.placed(self._picked, self._picked_places, parameters))
        names = [self.in_words(name) for name in run.dataset.feature_names]
        target = run.dataset.target_name
        words = picked_words(self._picked, self._picked_places, parameters, names, target)
        self.set_readout(words, self.picked.name)

    @property
    def choices(self) -> Choices:
        """Return the view and the feature, too."""
        return {
            "view": Choice(self.view.name.lower, lambda view: self.show_view(str(view))),
            "feature": Choice(lambda: self.feature, self._choose_feature),
            **super().choices,
        }

    def _choose_feature(self, feature: int) -> None:
        if feature not in self._chooser.values:
            raise ValueError
        self.set_feature(int(feature))

    def lead(self, other: RunPlot) -> None:
        """Let ``other`` look at its examples as a person does here."""
        assert isinstance(other, ExamplesPlot)
        self._views.group.idClicked.connect(other.set_view)
        self._chooser.committed.connect(other.set_feature)

    def take_view(self, other: Self) -> None:
        """Show the examples of ``other``, with its view and feature, and those picked there."""
        super().take_view(other)
        self.view, self.feature = other.view, other.feature
        self.show_points(other.points)
        self.show_picked(other._wanted_places)
        self._show_view()

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

    def table_of(self, run: Run) -> PictureTable:
        """Return the examples that are drawn, with their residuals at the step on show."""
        step = self.step_of(run)
        names = [self.in_words(name) for name in run.dataset.feature_names]
        examples, parameters = (self._sampled, self._held_out), self.parameters_at(run, step)
        rows, size = (self.drawn_places, self._picked_places), self.parts(run)[0].size
        return examples_table(run, size, *examples, *rows, parameters, step, names)

    def highlight(self) -> None:
        """Find the examples of the minibatch; they are drawn later."""
        run, trace = self.run, self.trace_of(self.run)
        self._highlighted = None
        if run is not None and trace is not None:
            rows = self._highlighted_rows = trace.rows[spread(trace.size, MOST_POINTS)]
            self._highlighted = Examples.of(run.dataset, self.coordinates_of(run), rows)
            picked = int(np.isin(trace.places, self._picked_places).sum())
            words = batch_words(trace, len(rows), run.dataset.size)
            self.rename(self.minibatch, *(with_picked(each, picked) for each in words))
        self.offer(self.minibatch, offered=trace is not None)

    def size_markers(self, *, opaque: bool = False) -> float:
        """Draw few examples large, and many small; return how large, in pixels."""
        pixels = marker_pixels(len(self._sampled.target), self.canvas.pixels)
        for cloud in (self.examples, self.held_out):
            cloud.set_size(pixels)
        is_clear = len(self._sampled.target) > CROWD and not opaque
        self.examples.set_opacity(_CROWD_OPACITY if is_clear else 1.0)
        is_crowd = len(self._picked_places) > CROWD
        self.picked.set_size(pixels + (_SMALL_RING if is_crowd else _RING))
        rows = 0 if self._highlighted is None else len(self._highlighted.target)
        self.minibatch.set_size(pixels + _LARGER if rows <= CROWD else pixels)
        return pixels

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pick the next example, or the one before; the window has all the other keys."""
        if not self.picker.handle_key(event):
            super().keyPressEvent(event)

    def _show_view(self) -> None:
        self._arrange_view()
        self.redraw()

    def _arrange_view(self) -> None:
        self._views.choose(self.view)
        self.key.setVisible(self.run is not None)
        if self.run is not None:
            self._chooser.set_value(self.feature)
        else:
            self.announcement.announce("")
            self.set_note("")
            self.set_readout("")
        self.arrange(self.run)


def _drawn_rows(dataset: Dataset) -> npt.NDArray[np.int64]:
    """Return the rows that are drawn: those drawn before a person's edits, and those edited."""
    if dataset.edited is None:
        return sampled(dataset.size)
    edited = dataset.edited
    touched = np.append(edited.moved, edited.added)
    return dataset.rows_at(np.union1d(sampled(edited.original.size), touched))

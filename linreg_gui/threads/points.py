"""The points that a person edits by hand, and the data that they make."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from linreg_gui.analysis.landscape import Landscape
from linreg_gui.analysis.least_squares import References, compute_references
from linreg_gui.analysis.moments import Moments, moments_of, remember
from linreg_gui.analysis.running_moments import RunningMoments
from linreg_gui.data.dataset import Dataset, DoubleArray
from linreg_gui.data.point_edits import (
    FEWEST_EXAMPLES,
    Change,
    Places,
    PointEdits,
    Points,
    check,
    refusal,
)
from linreg_gui.data.point_sets import EPOCHS, LEARNING_RATE, PointSet, empty_canvas
from linreg_gui.number_text import round_to, whole
from linreg_gui.settings import SUITED_SETTINGS, SYNTHETIC_SETTINGS, TrainingConfig
from linreg_gui.texts import paragraph, tr, trn
from linreg_gui.threads.brush import Brush
from linreg_gui.threads.controller import TrainingController

if TYPE_CHECKING:
    from linreg_gui.analysis.coordinates import Coordinates
    from linreg_gui.analysis.problem import Problem

_DIGITS = 12
"""A moved coordinate is rounded to as many."""

_REST_MILLISECONDS = 300
"""The sums are computed again once nothing has changed for this time."""


@dataclass(frozen=True, eq=False)
class PointsOnShow:
    """The edited examples, as the pictures show them.

    Attributes
    ----------
    dataset : Dataset
        All of them, whether the run has them already or not.
    training, held_out : Dataset, Dataset or None
        Those of them that are trained on, and the others.
    moments : Moments or None
        Of those that are trained on; None while there are too few.
    references : References or None
        Their least squares, in the units of the data; likewise.
    before : References or None
        Those of the examples before they were edited.
    r_squared_before : float or None
        The R² there.
    is_open : bool
        Whether they can be edited now in the data picture.
    is_pending : bool
        Whether the run on screen trains on other examples.
    """

    dataset: Dataset
    training: Dataset
    held_out: Dataset | None
    moments: Moments | None
    references: References | None
    before: References | None
    r_squared_before: float | None
    is_open: bool
    is_pending: bool
    _landscapes: "dict[Coordinates, Landscape]" = field(default_factory=dict, init=False)

    def landscape_in(self, coordinates: "Coordinates") -> Landscape | None:
        """Return the loss of the edited examples, in the units of ``coordinates`` of a run."""
        if self.moments is None or self.references is None:
            return None
        if coordinates not in self._landscapes:
            references, to_standardized = self.references, self.moments.scaling.to_standardized
            if coordinates.scaling is not None:
                references = references.mapped(coordinates.scaling.to_standardized)
                to_standardized = to_standardized @ coordinates.scaling.to_measured
            self._landscapes[coordinates] = Landscape(self.moments, references, to_standardized)
        return self._landscapes[coordinates]


@dataclass(frozen=True, eq=False)
class _Fit:
    """What follows from some examples: those that are trained on, and their least squares."""

    training: Dataset
    held_out: Dataset | None
    moments: Moments
    references: References

    @classmethod
    def of(cls, dataset: Dataset, config: TrainingConfig) -> "_Fit":
        held_out = config.with_value("data", dataset).held_out
        training, testing = dataset.divided(held_out, config.seed)
        moments = moments_of(training)
        found = compute_references(moments, dataset.feature_names, dataset.noise_std)
        return cls(training, testing, moments, found.mapped(moments.scaling.to_measured))

    @property
    def r_squared(self) -> float | None:
        variance = self.moments.target_variance
        return 1.0 - self.references.loss / variance if variance else None


class PointEditor(QObject):
    """Edits the examples of the settings, one by one. Lives in the GUI thread.

    Each change goes into the settings as a dataset of its own, so it applies as any other setting
    does. Other data in the settings ends the editing of these examples.

    Attributes
    ----------
    is_open : bool
        Whether a person edits now.

    Signals
    -------
    changed()
        The examples have changed, or whether they can be edited.
    refused(str)
        What a person wanted cannot be, and why; empty once something else has been done.
    """

    changed = Signal()
    refused = Signal(object)

    def __init__(
        self, controller: TrainingController, brush: Brush, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.is_open = False
        self._controller = controller
        self._brush = brush
        self._edits: PointEdits | None = None
        self._dataset: Dataset | None = None  # what the edits make, however few points there are
        self._source: Dataset | None = None  # what the settings had before
        self._ours: Dataset | None = None  # what they have from here
        self._sums: RunningMoments | None = None
        self._fits: dict[Dataset, _Fit] = {}  # of the present and the original examples
        self._fitted_with: tuple[object, ...] = ()
        self._shown: PointsOnShow | None = None
        self._shown_for: tuple[object, ...] = ()
        self._drawn_with: tuple[object, ...] = ()
        self._held: Points | None = None  # those that a hand moves, before this move
        self._added_last = False  # whether the last change was that
        self._left: _Left | None = None  # what was there before the cloud that is drawn now
        self._is_canvas = False  # whose points no run has yet
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self._compute_again)
        controller.settings_changed.connect(self._on_settings_changed)
        controller.run_prepared.connect(self._on_run_prepared)

    def open(self, *, wanted: bool) -> None:
        """Let the examples be edited in the data picture, or no longer."""
        if wanted != self.is_open:
            self.is_open = wanted
            if not wanted:
                self._leave_too_few()
            self._begin()
            self.changed.emit()

    @property
    def dataset(self) -> Dataset | None:
        """Return the examples as they are now; None while they cannot be edited."""
        return self._dataset

    @property
    def on_show(self) -> PointsOnShow | None:
        """Return what the pictures show of the edits; None where they show the run's examples."""
        edits, dataset, run = self._edits, self._dataset, self._controller.run
        if edits is None or dataset is None or run is None:
            return None
        if edits.original.size and dataset.feature_names != run.dataset.feature_names:
            return None  # in a moment there is a run that has them
        is_pending = run.config.data is not self._ours or dataset.size < FEWEST_EXAMPLES
        if not self.is_open and not is_pending:
            return None
        # Those that a run has are divided as that run says, others as the next one will be.
        config = self._controller.settings if is_pending else run.config
        now, before = self._fit_of(dataset, config), self._fit_of(edits.original, config)
        shown_for = dataset, now, before, self.is_open, is_pending
        if shown_for != self._shown_for:
            self._shown = self._show(dataset, now, before, is_pending=is_pending)
            self._shown_for = shown_for
        return self._shown

    def _show(
        self, dataset: Dataset, now: "_Fit | None", before: "_Fit | None", *, is_pending: bool
    ) -> PointsOnShow:
        return PointsOnShow(
            dataset=dataset,
            training=dataset if now is None else now.training,
            held_out=None if now is None else now.held_out,
            moments=None if now is None else now.moments,
            references=None if now is None else now.references,
            before=None if before is None else before.references,
            r_squared_before=None if before is None else before.r_squared,
            is_open=self.is_open,
            is_pending=is_pending,
        )

    @property
    def can_undo(self) -> bool:
        """Return whether there is a change to undo."""
        return self._left is not None or (self._edits is not None and self._edits.can_undo)

    @property
    def can_redo(self) -> bool:
        """Return whether there is a change to do again."""
        return self._edits is not None and self._edits.can_redo

    @property
    def is_changed(self) -> bool:
        """Return whether there is something else to go back to."""
        return self._left is not None or self._differs

    @property
    def _differs(self) -> bool:
        return self._edits is not None and self._dataset is not self._edits.original

    def sentence(self) -> str:
        """Say why nothing can be edited, or what has been and when the run will have it."""
        edits, dataset, run = self._edits, self._dataset, self._controller.run
        if edits is None or dataset is None:
            return self._refusal()
        if dataset.size < FEWEST_EXAMPLES:
            return tr("A run needs at least 2 points. Click in the data picture to add one.")
        if not edits.original.size:
            words = trn(
                "Your own cloud: {points} point.", "Your own cloud: {points} points.", dataset.size
            ).format(points=whole(dataset.size))
        elif dataset.edited is None:
            words = tr("These are the original examples.")
        else:
            words = tr("Edited: {changes}.").format(changes=dataset.edited.words)
        if run is not None and run.config.data is not self._ours and run.history.step:
            words = paragraph(words, tr("The run gets these points at the next Reset."))
        if self._controller.settings.test_share:
            words = paragraph(
                words, tr("Adding or removing a point draws again which ones are held out.")
            )
        return words

    def move(self, places: Places, shift: Sequence[float], *, begins: bool = True) -> None:
        """Move the examples at ``places``, ascending, by ``shift``: of each feature, then target.

        It is the way since the move began, in the units of the data. All until the next one that
        ``begins`` is one change to undo. Any other change ends the move.
        """
        edits = self._edits
        if edits is None or not np.isin(places, edits.places).all():
            return
        held = self._held = edits.at(places) if begins else self._held
        if held is None:
            return
        points = Points(
            np.column_stack([_moved(*each) for each in zip(held.features.T, shift, strict=False)]),
            _moved(held.target, shift[-1]),
        )
        if self._can_hold(points):
            self._apply([edits.move(places, points, joins=not begins)])
            self._held = held
        elif begins:
            self._held = None

    def set_value(self, place: int, column: int, value: float) -> None:
        """Give the example at ``place`` another feature, or another target in the last column."""
        edits, places = self._edits, np.array([place])
        if edits is None or place not in edits.places:
            return
        features, target = (part.copy() for part in edits.at(places))
        if column < features.shape[1]:
            features[0, column] = value
        else:
            target[0] = value
        if self._can_hold(Points(features, target)):
            self._apply([edits.move(places, Points(features, target))])

    def add(self, features: Sequence[float], target: float) -> None:
        """Add an example, and pick it."""
        edits = self._edits
        points = Points(np.array([features], np.float64), np.array([target], np.float64))
        if edits is None or not self._can_hold(points):
            return
        change = edits.add(points)
        self._apply([change])
        self._added_last = True
        self._brush.pick(change.places)

    def withdraw(self) -> None:
        """Take back the last change if it has added an example, as if it had never been."""
        if self._edits is not None and self._added_last:
            self._apply(self._edits.withdraw())

    def add_typical(self) -> None:
        """Add an example with the mean of each feature and of the target, to be typed over."""
        dataset = self._dataset
        if dataset is not None:
            few = not dataset.size
            means = np.zeros(dataset.dimension) if few else dataset.features.mean(axis=0)
            self.add(means.tolist(), 0.0 if few else float(dataset.target.mean()))

    def remove(self, places: Places) -> None:
        """Remove those of the examples at ``places`` that are there."""
        edits = self._edits
        here = places if edits is None else np.intersect1d(places, edits.places)
        if edits is not None and len(here):
            self._apply([edits.remove(here)])

    @Slot()
    def remove_picked(self) -> None:
        """Remove the picked examples."""
        self.remove(self._brush.places)

    @Slot()
    def undo(self) -> None:
        """Undo the last change, and pick its examples; before the first one, leave the cloud."""
        if self._edits is not None and self._edits.can_undo:
            self._show_changes(self._edits.undo())
        elif self._left is not None:
            self._leave_cloud()

    @Slot()
    def redo(self) -> None:
        """Do the last change that was undone again, and pick its examples."""
        if self._edits is not None and self._edits.can_redo:
            self._show_changes(self._edits.redo())

    @Slot()
    def restore(self) -> None:
        """Go back to the original examples, which can be undone; from an empty cloud, leave it."""
        if self._edits is not None and self._differs:
            self._apply(self._edits.restore())
        elif self._left is not None:
            self._leave_cloud()

    @Slot()
    def draw_cloud(self) -> None:
        """Begin with no points at all; the run keeps its data until there are enough."""
        if self._left is not None and self._dataset is not None and not self._dataset.size:
            return
        settings = self._controller.settings
        left = _Left(
            self._edits, self._dataset, self._source, self._drawn_with, settings, self._left
        )
        self._edit(empty_canvas(), settings.data)
        self._left = left
        self._is_canvas = self._brush.is_off = True
        self._brush.clear()
        self.changed.emit()

    def use_set(self, points: PointSet) -> None:
        """Train on a set of points that shows something, with settings that suit it."""
        self._use(points.make())

    def _use(self, data: Dataset) -> None:
        self._controller.use_data(
            data,
            standardize=False,
            test_share=0.0,
            learning_rate=LEARNING_RATE,
            epochs=EPOCHS,
            batch_size=data.size,
        )

    def _begin(self) -> None:
        """Begin to edit the examples of the settings, if a person wants to and they can be."""
        if not self.is_open or self._edits is not None or self._refusal():
            return
        data, run = self._controller.settings.data, self._controller.run
        assert run is not None
        if data is None or data.edited is None:
            self._edit(data or whole_dataset(run.problem), data)
        else:
            self._take_up(data, data.edited.original)

    def _edit(self, original: Dataset, source: Dataset | None) -> None:
        self._edits, self._dataset = PointEdits(original), original
        self._source = self._ours = source
        self._held = self._left = None
        self._added_last = self._is_canvas = self._brush.is_off = False
        self._drawn_with = _drawn_with(self._controller.settings)
        self._sums = _sums_of(original)

    def _take_up(self, data: Dataset, original: Dataset) -> None:
        """Go on with edits that were made before, as in a session that was opened."""
        self._edit(original, None if original.noise_std is not None else original)
        self._edits, self._dataset, self._ours = PointEdits.of(data), data, data
        self._drawn_with = ()  # nobody knows whether the settings would draw the original
        self._sums = _sums_of(data)

    def _leave_cloud(self) -> None:
        """Go back to what was there before this cloud, with the settings that it had then."""
        left = self._left
        assert left is not None
        data, controller = left.settings.data, self._controller
        self._forget()
        if controller.settings.data is not data:
            values = {name: getattr(left.settings, name) for name in SUITED_SETTINGS}
            controller.use_data(data, **values)
        is_same = data is not None or left.drawn_with == _drawn_with(controller.settings)
        if left.edits is not None and left.dataset is not None and is_same:
            self._edit(left.edits.original, left.source)
            self._edits, self._dataset, self._left = left.edits, left.dataset, left.left
            self._ours, self._drawn_with = data, left.drawn_with
            self._sums = _sums_of(left.dataset)
        self._brush.clear()
        self._begin()
        self.changed.emit()

    def _leave_too_few(self) -> None:
        """Go back to enough points for a run, now that nobody can add any."""
        while self._dataset is not None and self._dataset.size < FEWEST_EXAMPLES:
            if self._is_canvas or (self._edits is not None and self._edits.can_undo):
                self.undo()
            else:
                self._forget()
            self._brush.clear()

    def _forget(self) -> None:
        self._edits = self._dataset = self._sums = self._held = self._left = None
        self._added_last = self._is_canvas = self._brush.is_off = False

    def _refusal(self) -> str:
        settings, run = self._controller.settings, self._controller.run
        if reason := refusal(settings.size, settings.features):
            return reason
        if run is None:
            return tr("There are no examples yet.")
        is_other = run.config.data is not None or _drawn_with(run.config) != _drawn_with(settings)
        if settings.data is None and is_other:
            return tr("The settings ask for other examples than those on screen; reset first.")
        return ""

    def _can_hold(self, points: Points) -> bool:
        try:
            check([*points.features.ravel().tolist(), *points.target.tolist()])
        except ValueError as error:
            self.refused.emit(str(error))
            return False
        return True

    def _show_changes(self, changes: Sequence[Change]) -> None:
        self._apply(changes)
        there = [change.places for change in changes if change.after is not None]
        if there:
            self._brush.pick(np.concatenate(there))

    def _apply(self, changes: Sequence[Change]) -> None:
        """Bring sums, settings and pictures to what the edits are now."""
        edits = self._edits
        assert edits is not None
        former = self._dataset
        dataset = self._dataset = edits.dataset()
        self._held, self._added_last = None, False
        if any(change.after is None for change in changes):
            self._brush.pick(np.intersect1d(self._brush.places, edits.places))
        if self._sums is None or dataset.size < FEWEST_EXAMPLES:
            self._sums = _sums_of(dataset)
        else:
            for change in changes:
                self._sums.follow(change)
            if dataset is not edits.original:
                remember(dataset, self._sums.moments(dataset))
        if dataset.size >= FEWEST_EXAMPLES:
            self._take(dataset, former)
            self._rest.start()
        self.refused.emit("")
        self.changed.emit()

    def _take(self, dataset: Dataset, former: Dataset | None) -> None:
        """Let the settings have ``dataset``, or what they had before if it is the original."""
        edits, settings = self._edits, self._controller.settings
        assert edits is not None
        if self._is_canvas:
            self._is_canvas = False
            self._ours = dataset
            self._use(dataset)
            return
        data = self._ours = self._returned() if dataset is edits.original else dataset
        values: dict[str, Any] = {"data": data}
        if former is not None and settings.batch_size == former.size:
            values["batch_size"] = dataset.size  # a batch of all the examples stays one
        self._controller.change_settings(**values)

    def _returned(self) -> Dataset | None:
        """Return what the settings had before, unless they would draw other examples now."""
        assert self._edits is not None
        original = self._edits.original
        if self._source is not None or self._drawn_with == _drawn_with(self._controller.settings):
            return self._source
        return replace(original, name=tr("synthetic, as drawn before"))

    def _fit_of(self, dataset: Dataset, config: TrainingConfig) -> "_Fit | None":
        """Return the least squares of those of the examples that are trained on."""
        edits = self._edits
        if edits is None or dataset.size < FEWEST_EXAMPLES:
            return None
        dividing = config.test_share, config.seed
        if dividing != self._fitted_with:
            self._fits, self._fitted_with = {}, dividing
        if dataset not in self._fits:
            kept = {each: fit for each, fit in self._fits.items() if each is edits.original}
            self._fits = {**kept, dataset: _Fit.of(dataset, config)}
        return self._fits[dataset]

    @Slot()
    def _compute_again(self) -> None:
        """Leave no rounding of many changes in the sums."""
        if self._sums is not None and self._dataset is not None:
            self._sums.begin(self._dataset)

    @Slot()
    def _on_settings_changed(self) -> None:
        settings = self._controller.settings
        is_drawn_again = settings.data is None and self._drawn_with != _drawn_with(settings)
        if self._edits is not None and (settings.data is not self._ours or is_drawn_again):
            self._forget()
        if self._edits is None:
            self._begin()
            self.changed.emit()
        elif (settings.test_share, settings.seed) != self._fitted_with:
            self.changed.emit()

    @Slot()
    def _on_run_prepared(self) -> None:
        self._brush.is_off = self._is_canvas
        self._begin()
        self.changed.emit()


@dataclass(frozen=True, eq=False)
class _Left:
    """What was edited, if anything, before a person began to draw a cloud."""

    edits: PointEdits | None
    dataset: Dataset | None
    source: Dataset | None
    drawn_with: tuple[object, ...]
    settings: TrainingConfig
    left: "_Left | None"


def _sums_of(dataset: Dataset) -> RunningMoments | None:
    return RunningMoments(dataset) if dataset.size >= FEWEST_EXAMPLES else None


def _moved(values: DoubleArray, way: float) -> DoubleArray:
    """Return ``values`` moved by ``way``, without the tail of digits that a sum leaves."""
    if not way:
        return values
    return np.array([round_to(value, _DIGITS) for value in (values + way).tolist()])


def _drawn_with(config: TrainingConfig) -> tuple[object, ...]:
    """Return what decides which examples the lesson draws."""
    return tuple(getattr(config, name) for name in (*SYNTHETIC_SETTINGS, "seed"))


def whole_dataset(problem: "Problem") -> Dataset:
    """Return all the examples that a run has drawn, those held out among the others."""
    training, held_out = problem.dataset, problem.held_out_examples
    if held_out is None:
        return training
    rows = (np.arange(part.size, dtype=np.int64) for part in (training, held_out))
    places = np.append(*map(Dataset.places_of, (training, held_out), rows))
    order = places.argsort()
    return Dataset(
        features=np.vstack([training.features, held_out.features])[order],
        target=np.append(training.target, held_out.target)[order],
        feature_names=training.feature_names,
        target_name=training.target_name,
        true_parameters=training.true_parameters,
        noise_std=training.noise_std,
    )

"""What there is to learn before any step: the examples, and all that follows from them."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from linreg_gui.analysis.coordinates import Coordinates
from linreg_gui.analysis.landscape import Landscape
from linreg_gui.analysis.learning_rates import Curvature
from linreg_gui.analysis.least_squares import References, compute_references
from linreg_gui.analysis.metrics import FitMetrics
from linreg_gui.data.dataset import Dataset, DoubleArray, FloatArray
from linreg_gui.data.scaling import FeatureRange, Scaling
from linreg_gui.engines.steps import residual_bounds
from linreg_gui.number_text import round_to, rounded_down, shortest, whole
from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.backend import ShuffleState


TINY = 1 / 50
"""A stable rate below this share of the one for standardized features is worth a word."""

_KEPT_ROWS = 1
_SPOKEN = 1e12


@dataclass(frozen=True, eq=False)
class Problem:
    """Examples, and all that follows from them.

    Attributes
    ----------
    dataset : Dataset
        The training examples, as they were measured.
    trained : Dataset
        The same as MXNet trains on them: in single precision, standardized if that is asked for.
    original, standardized : Coordinates
        What is known of them, in the units of either; they differ even if training does not.
    training, testing : FitMetrics, FitMetrics or None
        Of the training examples, and of those that are held out.
    drawn_start : ndarray, shape (d + 1,), float32
        Weights, then bias, from N(0, 1): where a run starts unless its settings say otherwise.
    shuffling : ShuffleState
        As it stands before the first shuffle; each engine shuffles ``again()``.
    curvature, reach
        Of the examples as they are trained on; the latter from `residual_bounds`.
    ranges : list of FeatureRange
        Of each feature, as it was measured.
    """

    dataset: Dataset
    trained: Dataset
    original: Coordinates
    standardized: Coordinates
    training: FitMetrics
    testing: FitMetrics | None
    drawn_start: FloatArray
    shuffling: "ShuffleState"
    curvature: Curvature
    residual_bounds: FloatArray
    ranges: list[FeatureRange]

    @property
    def is_standardized(self) -> bool:
        """Return whether standardized features are trained on."""
        return self.original.from_trained is not None

    @property
    def coordinates(self) -> Coordinates:
        """Return the frame of the units that are trained in."""
        return self.standardized if self.is_standardized else self.original

    @property
    def wants_standardizing(self) -> bool:
        """Return whether the features' sizes make the stable learning rate tiny."""
        unscaled, scaled = self._stable_rates
        return not self.is_standardized and unscaled < TINY * scaled

    def scaling_sentence(self) -> str:
        """Say how much larger the stable rate could be."""
        unscaled, scaled = self._stable_rates
        times = round_to(scaled / unscaled, 1)
        return tr(
            "As they are, the features allow full batches a learning rate of {unscaled} at most; "
            "standardized, {scaled}, {times} times as much."
        ).format(
            unscaled=rounded_down(unscaled),
            scaled=rounded_down(scaled),
            times=whole(round(times)) if times < _SPOKEN else shortest(times),
        )

    @property
    def _stable_rates(self) -> tuple[float, float]:
        return self.original.landscape.stable_rate, self.standardized.landscape.stable_rate

    def reduced(self) -> "Problem":
        """Return it with an example instead of all of them."""
        rows = np.arange(_KEPT_ROWS)
        return replace(self, dataset=self.dataset.rows(rows), trained=self.trained.rows(rows))


_ROWS_AT_ONCE = 2**13


def pose_problem(
    training: Dataset,
    testing: Dataset | None,
    *,
    standardize: bool,
    drawn_start: FloatArray,
    shuffling: "ShuffleState",
) -> Problem:
    """Return the problem that some examples pose; ``testing`` are held out of training."""
    bowl = _Bowl.of(training)
    trained = _standardized(training, bowl) if standardize else training
    trained = trained.in_single_precision()
    original = bowl.coordinates(training, standardized=False, trains_standardized=standardize)
    standardized = bowl.coordinates(training, standardized=True, trains_standardized=standardize)
    coordinates = standardized if standardize else original
    held_out = None
    if testing is not None:
        examples = replace(testing, features=coordinates.features(testing.features))
        held_out = _metrics(examples, _Bowl.of(examples).landscape)
    return Problem(
        dataset=training,
        trained=trained,
        original=original,
        standardized=standardized,
        training=_metrics(training, coordinates.landscape),
        testing=held_out,
        drawn_start=drawn_start,
        shuffling=shuffling,
        curvature=Curvature(trained),
        residual_bounds=residual_bounds(trained),
        ranges=FeatureRange.of(training.features, bowl.scaling),
    )


def _moments_of(features: DoubleArray) -> DoubleArray:
    """Return ZᵀZ/n with Z = [features 1], shape (d + 1, d + 1)."""
    size, dimension = features.shape
    moments = np.eye(dimension + 1)
    # In pieces, as each product keeps the interpreter from other threads.
    pieces = (features[first : first + _ROWS_AT_ONCE] for first in range(0, size, _ROWS_AT_ONCE))
    moments[:-1, :-1] = sum(piece.T @ piece for piece in pieces) / size
    moments[-1, :-1] = moments[:-1, -1] = features.mean(axis=0)
    return moments


@dataclass(frozen=True, eq=False)
class _Bowl:
    """The loss over some examples, solved where their features are standardized.

    Attributes
    ----------
    features : ndarray, shape (n, d)
        Standardized by ``scaling``.
    references : References
        In these units.
    moments : ndarray, shape (d + 1, d + 1)
        From `_moments_of`.
    """

    scaling: Scaling
    features: DoubleArray
    references: References
    moments: DoubleArray

    @classmethod
    def of(cls, dataset: Dataset) -> "_Bowl":
        scaling = Scaling.of(dataset.features)
        features = scaling.standardize(dataset.features)
        target = dataset.target.astype(np.float64)
        references = compute_references(features, target, dataset.feature_names, dataset.noise_std)
        return cls(scaling, features, references, _moments_of(features))

    @property
    def landscape(self) -> Landscape:
        """Return the loss over the parameters for features as they were measured."""
        units = self.scaling.to_standardized
        return Landscape(
            units.T @ self.moments @ units, self.references.in_units(self.scaling.to_measured)
        )

    def coordinates(
        self, dataset: Dataset, *, standardized: bool, trains_standardized: bool
    ) -> Coordinates:
        """Return the frame of either units, where training has one of them."""
        to_standardized, to_measured = self.scaling.to_standardized, self.scaling.to_measured
        truth = dataset.true_parameters
        if not standardized:
            return Coordinates(
                references=self.references.in_units(to_measured),
                landscape=self.landscape,
                true_parameters=truth,
                from_trained=to_measured if trains_standardized else None,
                scaling=None,
            )
        return Coordinates(
            references=self.references,
            landscape=Landscape(self.moments, self.references),
            true_parameters=truth and tuple((to_standardized @ np.array(truth)).tolist()),
            from_trained=None if trains_standardized else to_standardized,
            scaling=self.scaling,
        )


def _standardized(training: Dataset, bowl: _Bowl) -> Dataset:
    return replace(
        training,
        features=bowl.features,
        feature_names=tuple(
            tr("{feature} (std.)").format(feature=name) for name in training.feature_names
        ),
        true_parameters=None,
    )


def _metrics(dataset: Dataset, landscape: Landscape) -> FitMetrics:
    target = dataset.target.astype(np.float64)
    varies = target.min() < target.max()
    return FitMetrics(dataset.size, float(target.var()) if varies else 0.0, landscape)

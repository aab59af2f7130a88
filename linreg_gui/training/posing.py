"""From examples to the problem that they pose: solved where their features are standardised."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from linreg_gui.data.dataset import Dataset, DoubleArray, FloatArray
from linreg_gui.data.measured import Measured
from linreg_gui.data.scaling import Scaling
from linreg_gui.texts import tr
from linreg_gui.training.divergence import reach_of
from linreg_gui.training.feature_range import FeatureRange
from linreg_gui.training.frame import Frame
from linreg_gui.training.landscape import Landscape
from linreg_gui.training.problem import Problem
from linreg_gui.training.quality import Quality
from linreg_gui.training.references import References, compute_references
from linreg_gui.training.stability import Curvature

if TYPE_CHECKING:
    from linreg_gui.backend import OwnShuffling

_ROWS_AT_ONCE = 2**13


def dataset_of(data: Measured) -> Dataset:
    """Return measured examples as a dataset."""
    return Dataset(data.features, data.target, data.feature_names, data.target_name)


def posed(
    training: Dataset,
    testing: Dataset | None,
    *,
    standardize: bool,
    drawn_start: FloatArray,
    shuffling: "OwnShuffling",
) -> Problem:
    """Return the problem that some examples pose; ``testing`` are held out of training."""
    bowl = _Bowl.of(training)
    trained = _standardised(training, bowl) if standardize else training
    trained = trained.in_single_precision()
    original = bowl.frame(training, standardised=False, trains_standardised=standardize)
    standardised = bowl.frame(training, standardised=True, trains_standardised=standardize)
    frame = standardised if standardize else original
    held_out = None
    if testing is not None:
        examples = replace(testing, features=frame.features(testing.features))
        held_out = _quality(examples, _Bowl.of(examples).landscape)
    return Problem(
        dataset=training,
        trained=trained,
        original=original,
        standardised=standardised,
        training=_quality(training, frame.landscape),
        testing=held_out,
        drawn_start=drawn_start,
        shuffling=shuffling,
        curvature=Curvature(trained),
        reach=reach_of(trained),
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
    """The loss over some examples, solved where their features are standardised.

    Attributes
    ----------
    features : ndarray, shape (n, d)
        Standardised by ``scaling``.
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
        features = scaling.standardise(dataset.features)
        target = dataset.target.astype(np.float64)
        references = compute_references(features, target, dataset.feature_names, dataset.noise_std)
        return cls(scaling, features, references, _moments_of(features))

    @property
    def landscape(self) -> Landscape:
        """Return the loss over the parameters for features as they were measured."""
        units = self.scaling.to_standardised
        return Landscape(
            units.T @ self.moments @ units, self.references.in_units(self.scaling.to_measured)
        )

    def frame(self, dataset: Dataset, *, standardised: bool, trains_standardised: bool) -> Frame:
        """Return the frame of either units, where training has one of them."""
        to_standardised, to_measured = self.scaling.to_standardised, self.scaling.to_measured
        truth = dataset.true_parameters
        if not standardised:
            return Frame(
                references=self.references.in_units(to_measured),
                landscape=self.landscape,
                true_parameters=truth,
                from_trained=to_measured if trains_standardised else None,
                scaling=None,
            )
        return Frame(
            references=self.references,
            landscape=Landscape(self.moments, self.references),
            true_parameters=truth and tuple((to_standardised @ np.array(truth)).tolist()),
            from_trained=None if trains_standardised else to_standardised,
            scaling=self.scaling,
        )


def _standardised(training: Dataset, bowl: _Bowl) -> Dataset:
    return replace(
        training,
        features=bowl.features,
        feature_names=tuple(
            tr("{feature} (std.)").format(feature=name) for name in training.feature_names
        ),
        true_weights=None,
        true_bias=None,
    )


def _quality(dataset: Dataset, landscape: Landscape) -> Quality:
    target = dataset.target.astype(np.float64)
    varies = target.min() < target.max()
    return Quality(dataset.size, float(target.var()) if varies else 0.0, landscape)

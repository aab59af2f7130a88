"""The problem that a run has to solve: the examples, and all that follows from them."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np

from linreg_gui.analysis.coordinates import Coordinates
from linreg_gui.analysis.curvature import Curvature
from linreg_gui.analysis.landscape import Landscape
from linreg_gui.analysis.least_squares import compute_references
from linreg_gui.analysis.moments import Moments
from linreg_gui.data.dataset import Dataset, DoubleArray, FloatArray
from linreg_gui.data.shuffling import ShuffleState
from linreg_gui.number_text import round_to, rounded_down, spoken
from linreg_gui.texts import tr

TINY = 1 / 50
"""A stable rate below this share of the one for standardized features is worth a message."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Examples, and all that follows from them.

    Attributes
    ----------
    dataset : Dataset
        The training examples, as they were measured.
    moments : Moments
        Of the training examples.
    held_out : Moments or None
        Of the examples that are held out of training.
    is_standardized : bool
        Whether training is on standardized features.
    drawn_start : ndarray, shape (d + 1,), float32
        Weights, then bias, from N(0, 1): where a run starts unless its settings say otherwise.
    shuffling : ShuffleState
        Its state before the first shuffle; each engine shuffles with a copy.
    held_out_examples : Dataset or None
        The examples that are held out of training, as they were measured; None if none are, or if
        only what follows from them is known.
    """

    dataset: Dataset
    moments: Moments
    held_out: Moments | None
    is_standardized: bool
    drawn_start: FloatArray
    shuffling: ShuffleState
    held_out_examples: Dataset | None = None

    @cached_property
    def trained(self) -> Dataset:
        """Return the examples as MXNet trains on them: in single precision, perhaps scaled."""
        dataset = self.dataset
        if self.is_standardized:
            dataset = replace(
                dataset,
                features=self.moments.scaling.standardize(dataset.features),
                feature_names=tuple(
                    tr("{feature} (std.)").format(feature=name) for name in dataset.feature_names
                ),
                true_parameters=None,
            )
        return dataset.in_single_precision()

    @cached_property
    def original(self) -> Coordinates:
        """Return the answers in the units of the data, even if training is standardized."""
        scaling, scaled = self.moments.scaling, self.standardized
        references = scaled.references.mapped(scaling.to_measured)
        return Coordinates(
            references=references,
            landscape=Landscape(self.moments, references, scaling.to_standardized),
            true_parameters=self.dataset.true_parameters,
            from_trained=scaling.to_measured if self.is_standardized else None,
            scaling=None,
        )

    @cached_property
    def standardized(self) -> Coordinates:
        """Return the answers for standardized features, even if training is not standardized."""
        scaling, dataset = self.moments.scaling, self.dataset
        references = compute_references(self.moments, dataset.feature_names, dataset.noise_std)
        truth = dataset.true_parameters
        return Coordinates(
            references=references,
            landscape=Landscape(self.moments, references),
            true_parameters=truth and tuple((scaling.to_standardized @ np.array(truth)).tolist()),
            from_trained=None if self.is_standardized else scaling.to_standardized,
            scaling=scaling,
        )

    @property
    def coordinates(self) -> Coordinates:
        """Return the answers in the units that are trained in."""
        return self.standardized if self.is_standardized else self.original

    @property
    def training(self) -> Landscape:
        """Return the loss over the training examples, in the units that are trained in."""
        return self.coordinates.landscape

    @cached_property
    def testing(self) -> Landscape | None:
        """Return the loss over the held-out examples, likewise; None if none are held out."""
        if self.held_out is None:
            return None
        own, trained = self.held_out.scaling, self.moments.scaling
        to_trained, from_trained = own.to_measured, own.to_standardized
        if self.is_standardized:
            to_trained = trained.to_standardized @ to_trained
            from_trained = from_trained @ trained.to_measured
        references = compute_references(self.held_out, self.dataset.feature_names, None)
        return Landscape(self.held_out, references.mapped(to_trained), from_trained)

    @cached_property
    def curvature(self) -> Curvature:
        """Return the curvatures of the loss in the units that are trained in."""
        return Curvature(self.moments, is_standardized=self.is_standardized)

    @property
    def residual_bounds(self) -> DoubleArray:
        """Return bounds of the terms of a residual: features, bias and target, shape (d + 2,).

        With weights w and bias b, no example's residual is larger than
        ``residual_bounds @ [|w|, |b|, 1]``. It is past `LARGEST_RESIDUAL` long before the
        parameters are past the largest number, and the run has then diverged.
        """
        ends = np.array([(each.smallest, each.largest) for each in self.moments.ranges]).T
        features = np.abs(self.coordinates.features(ends).astype(np.float32)).max(axis=0)
        return np.array([*features, 1.0, np.float32(self.moments.largest_target)], np.float64)

    @property
    def wants_standardizing(self) -> bool:
        """Return whether the features' sizes make the stable learning rate tiny."""
        unscaled, scaled = self._stable_rates
        return not self.is_standardized and unscaled < TINY * scaled

    def scaling_sentence(self) -> str:
        """Say how much larger the stable rate is with standardized features."""
        unscaled, scaled = self._stable_rates
        return tr(
            "With these features, full batches allow a learning rate of at most {unscaled}. With "
            "standardized features it is {scaled}: {times} times as much."
        ).format(
            unscaled=rounded_down(unscaled),
            scaled=rounded_down(scaled),
            times=spoken(round_to(scaled / unscaled, 1)),
        )

    @property
    def _stable_rates(self) -> tuple[float, float]:
        return self.original.landscape.stable_rate, self.standardized.landscape.stable_rate

    def reduced(self) -> Self:
        """Return the problem with one example instead of all; what follows from all stays."""
        return replace(self, dataset=self.dataset.rows(np.arange(1)), held_out_examples=None)

    def with_target(self, true_parameters: tuple[float, ...], noise_std: float) -> Self:
        """Return the problem with these true parameters and noise.

        The target so far must be noise alone, with a standard deviation of 1. The result holds one
        example, like that of `reduced`, so that this takes no pass over the examples.
        """
        dataset = self.reduced().dataset
        target = dataset.features @ np.array(true_parameters[:-1]) + true_parameters[-1]
        return replace(
            self,
            dataset=replace(
                dataset,
                target=(target + noise_std * dataset.target).astype(np.float32),
                true_parameters=true_parameters,
                noise_std=noise_std,
            ),
            moments=self.moments.with_target(true_parameters, noise_std),
            held_out=self.held_out and self.held_out.with_target(true_parameters, noise_std),
            held_out_examples=None,
        )

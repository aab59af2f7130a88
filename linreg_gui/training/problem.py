"""What there is to learn, before any step: the examples, their exact answers, their shape."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from linreg_gui.data.dataset import Dataset, FloatArray
from linreg_gui.texts import tr
from linreg_gui.training.feature_range import FeatureRange
from linreg_gui.training.frame import Frame
from linreg_gui.training.numbers import format_real, format_whole, rounded_down
from linreg_gui.training.quality import Quality
from linreg_gui.training.stability import Curvature

if TYPE_CHECKING:
    from linreg_gui.backend import OwnShuffling

TINY = 1 / 50
"""A stable rate below this share of the one for standardised features is worth a word."""

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
        The same as MXNet trains on them: in single precision, standardised if that is asked for.
    original, standardised : Frame
        What is known of them, in the units of either; they differ even if training does not.
    training, testing : Quality, Quality or None
        Of the training examples, and of those that are held out.
    drawn_start : ndarray, shape (d + 1,), float32
        Weights, then bias, from N(0, 1): where a run starts unless its settings say otherwise.
    shuffling : OwnShuffling
        As it stands before the first shuffle; each engine shuffles ``again()``.
    curvature, reach
        Of the examples as they are trained on; the latter from `reach_of`.
    ranges : list of FeatureRange
        Of each feature, as it was measured.
    """

    dataset: Dataset
    trained: Dataset
    original: Frame
    standardised: Frame
    training: Quality
    testing: Quality | None
    drawn_start: FloatArray
    shuffling: "OwnShuffling"
    curvature: Curvature
    reach: FloatArray
    ranges: list[FeatureRange]

    @property
    def is_standardised(self) -> bool:
        """Return whether standardised features are trained on."""
        return self.original.from_trained is not None

    @property
    def frame(self) -> Frame:
        """Return the frame of the units that are trained in."""
        return self.standardised if self.is_standardised else self.original

    @property
    def wants_standardising(self) -> bool:
        """Return whether the features' sizes make the stable learning rate tiny."""
        unscaled, scaled = self._stable_rates
        return not self.is_standardised and unscaled < TINY * scaled

    def scaling_sentence(self) -> str:
        """Say how much larger the stable rate could be."""
        unscaled, scaled = self._stable_rates
        times = float(f"{scaled / unscaled:.1g}")
        return tr(
            "As they are, the features allow full batches a learning rate of {unscaled} at most; "
            "standardised, {scaled}, {times} times as much."
        ).format(
            unscaled=rounded_down(unscaled),
            scaled=rounded_down(scaled),
            times=format_whole(round(times)) if times < _SPOKEN else format_real(times),
        )

    @property
    def _stable_rates(self) -> tuple[float, float]:
        return self.original.landscape.stable_rate, self.standardised.landscape.stable_rate

    def reduced(self) -> "Problem":
        """Return it with an example instead of all of them."""
        rows = np.arange(_KEPT_ROWS)
        return replace(self, dataset=self.dataset.rows(rows), trained=self.trained.rows(rows))

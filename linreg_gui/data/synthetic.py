"""The lesson's own data: drawn from a known line, with noise."""

from collections.abc import Sequence

from linreg_gui import lesson
from linreg_gui.data.dataset import Dataset


def draw_dataset(
    examples: int, true_weights: Sequence[float], true_bias: float, noise_std: float
) -> Dataset:
    """Draw a dataset with the lesson's own function.

    Runs on MXNet's thread and draws from its generator, which the caller must have seeded.
    """
    X, y = lesson.synthetic_data(examples, true_weights, true_bias, noise_std)
    return Dataset(
        features=X.asnumpy(),
        target=y.asnumpy(),
        feature_names=tuple(f"x{index}" for index in range(len(true_weights))),
        true_parameters=(*true_weights, true_bias),
        noise_std=noise_std,
    )

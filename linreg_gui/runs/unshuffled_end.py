"""The end of a run that takes the same minibatches in the same order in every epoch."""

import numpy as np

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.runs.run import Run

_MOST_STEPS = 20_000
"""An epoch of more steps would keep the run waiting."""


def unshuffled_end(run: Run) -> DoubleArray | None:
    """Return the trained parameters at the end, shape (d + 1,); None if it would take too long.

    An epoch is one affine map of the parameters, the product of those of its minibatches. Runs on
    MXNet's thread.
    """
    from linreg_gui.runs.preparation import grams_of  # noqa: PLC0415 - imports MXNet

    problem, config, left = run.problem, run.config, run.history.steps_per_epoch
    if left > _MOST_STEPS:
        return None
    reference = np.array(problem.coordinates.references.parameters)
    epoch = identity = np.eye(len(reference) + 1)
    blocks = grams_of(problem, config)
    while left:
        block = next(blocks)
        sizes = block.sizes[:left]
        steps = -2 * config.learning_rate / sizes
        maps = steps[:, np.newaxis, np.newaxis] * block.grams.asnumpy()[: len(sizes)]
        maps[:, -1] = 0.0
        epoch = _product(maps + identity) @ epoch
        left -= len(sizes)
    state = np.append(run.history.start - reference, 1.0)
    with np.errstate(all="ignore"):  # of a run that diverges
        moved = np.linalg.matrix_power(epoch, config.epochs) @ state
    end: DoubleArray = reference + moved[:-1]
    return end


def _product(maps: DoubleArray) -> DoubleArray:
    """Return the product of ``maps``, shape (k, h, h), of which the first is applied first."""
    while len(maps) > 1:
        if len(maps) % 2:
            maps = np.append(maps, np.eye(maps.shape[1])[np.newaxis], axis=0)
        maps = maps[1::2] @ maps[::2]
    product: DoubleArray = maps[0]
    return product

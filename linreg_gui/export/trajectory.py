"""The trajectory as a table: every step, with digits that read back to the same numbers."""

import csv
from typing import TextIO

import numpy as np

from linreg_gui.data.dataset import FloatArray
from linreg_gui.engines.steps import StepBatch
from linreg_gui.runs.run import Run


class TrajectoryWriter:
    """Writes steps as they come, so that a run of any length is complete in its file.

    Parameters
    ----------
    file : text file
        Opened with ``newline=""``.
    run : Run
        Names the columns and numbers the epochs.
    """

    def __init__(self, file: TextIO, run: Run) -> None:
        self._table = csv.writer(file, lineterminator="\n")
        self._run = run
        self._steps_per_epoch = run.history.steps_per_epoch
        self._table.writerow(["step", "epoch", "loss", "moving_loss", *run.parameter_names()])

    def append(self, batch: StepBatch) -> None:
        """Write the rows of ``batch``; raise ``OSError`` where the file cannot take them."""
        steps = np.arange(batch.first_step, batch.last_step + 1)
        epochs = (steps - 1) // self._steps_per_epoch + 1
        columns = (
            batch.losses,
            batch.moving_losses,
            *self._run.problem.original.parameters(batch.parameters.T),
        )
        rows = zip(steps.tolist(), epochs.tolist(), *map(_shortest_texts, columns), strict=True)
        self._table.writerows(rows)


def _shortest_texts(values: FloatArray) -> list[str]:
    """Return each value with the fewest digits that read back to it, in its own precision."""
    return [str(value) for value in values]

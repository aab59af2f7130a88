"""A run as files: its summary, and its trajectory step by step."""

import csv
import json
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from linreg_gui.analysis.landscape import Landscape
from linreg_gui.analysis.prospects import allowed_excess
from linreg_gui.data.dataset import FloatArray
from linreg_gui.engines.steps import StepBatch
from linreg_gui.number_text import significant
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import StopRule
from linreg_gui.texts import spreadsheet_cell, tr, without_marks

_ROWS_AT_ONCE = 500
"""Some milliseconds' worth."""


class TrajectoryWriter:
    """Writes each step as a row of a CSV table. Numbers read back as exactly the same numbers.

    Parameters
    ----------
    file : Path
        Is made, or overwritten.
    run : Run
        Names the columns and numbers the epochs.

    Raises
    ------
    OSError
        From every method, if the file cannot be written.
    """

    def __init__(self, file: Path, run: Run) -> None:
        self._file = file.open("w", encoding="utf-8", newline="")
        self._table = csv.writer(self._file, lineterminator="\n")
        self._run = run
        header = ["step", "epoch", "loss", "moving_loss", *run.parameter_symbols()]
        self._table.writerow(map(spreadsheet_cell, header))

    def append(self, batch: StepBatch) -> None:
        """Write the rows of ``batch``."""
        steps = np.arange(batch.first_step, batch.last_step + 1)
        self.write(steps, batch.losses, batch.moving_losses, batch.parameters.T)

    def write(
        self,
        steps: npt.NDArray[np.int64],
        losses: FloatArray,
        moving_losses: FloatArray,
        parameters: FloatArray,
    ) -> None:
        """Write a row for each of k steps; ``parameters`` has shape (d + 1, k)."""
        epochs = (steps - 1) // self._run.history.steps_per_epoch + 1
        measured = self._run.problem.original.parameters(parameters)
        columns = (losses, moving_losses, *measured)
        texts = (map(str, column) for column in columns)  # the shortest that read back
        self._table.writerows(zip(steps.tolist(), epochs.tolist(), *texts, strict=True))

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def writing_trajectory(file: Path, run: Run) -> Generator[float, None, None]:
    """Write the kept steps of ``run`` so far, as `TrajectoryWriter` does; yield the share done.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    history = run.history
    steps, parameters = history.steps, history.parameters.copy()
    losses, moving_losses = history.losses.copy(), history.moving_losses.copy()
    with closing(TrajectoryWriter(file, run)) as writer:
        for first in range(0, len(steps), _ROWS_AT_ONCE):
            rows = slice(first, first + _ROWS_AT_ONCE)
            writer.write(steps[rows], losses[rows], moving_losses[rows], parameters[:, rows])
            yield min(rows.stop / len(steps), 1.0)


def write_summary(file: Path, run: Run, state: RunState) -> None:
    """Write the summary of ``run``, whose state is ``state``, as JSON.

    Raises
    ------
    OSError
        If the file cannot be written.
    ValueError
        If a number is not finite, because JSON has no such numbers.
    """
    text = json.dumps(_summary(run, state), indent=2, ensure_ascii=False, allow_nan=False)
    # A file's name that is not UTF-8 may be in a message.
    file.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")


def _summary(run: Run, state: RunState) -> dict[str, Any]:
    history, references, problem = run.history, run.references, run.problem
    *weights, bias = (float(str(value)) for value in run.current_parameters)
    return {
        "outcome": str(state),
        "steps": history.step,
        "engine": str(run.config.engine),
        "seed": run.config.seed,
        "features": list(run.dataset.feature_names),
        "target": run.dataset.target_name,
        "weights": weights,
        "bias": bias,
        "loss": history.recent_epoch_loss,
        "moving_loss": history.last.moving_loss if history.last else None,
        "least_squares": {
            "weights": list(references.parameters[:-1]),
            "bias": references.parameters[-1],
            "loss": references.loss,
        },
        "stop_rule": _stop_rule(run),
        "learning_rate_limit": {
            "full_batch": run.limits.full_batch,
            "mean_square": run.limits.mean_square,
            "typical": run.limits.typical,
        },
        "examples": run.dataset.size,
        "standardized": problem.is_standardized,
        "training": _metrics(problem.training, run),
        "test": _metrics(problem.testing, run) if problem.testing else None,
        "skipped_rows": run.config.data.skipped.rows if run.config.data else 0,
        "messages": [*map(without_marks, run.messages), *_shortfall(run, state)],
    }


def _stop_rule(run: Run) -> dict[str, Any] | None:
    """Return the rule, and the step at which it was met; None without a rule."""
    config = run.config
    bounds = {StopRule.LOSS: config.stop_percent, StopRule.GRADIENT: config.stop_gradient}
    if config.stop_rule not in bounds:
        return None
    return {
        "rule": str(config.stop_rule),
        "bound": bounds[config.stop_rule],
        "met_at_step": run.stopped_at,
        "planned_steps": run.planned_steps,
    }


def _shortfall(run: Run, state: RunState) -> list[str]:
    """Return a sentence if the run has been completed far from least squares."""
    landscape, trained = run.problem.training, run.history.current_parameters
    excess = landscape.loss(trained) - landscape.lowest
    reached, best = landscape.r_squared(trained), landscape.r_squared(landscape.optimum)
    if (
        state is not RunState.COMPLETED
        or reached is None
        or best is None
        or excess <= allowed_excess(run.problem.moments, landscape.lowest)
    ):
        return []
    sentence = tr("The run ended at R² {reached}; least squares has {best}.")
    return [sentence.format(reached=significant(reached), best=significant(best))]


def _metrics(metrics: Landscape, run: Run) -> dict[str, Any]:
    trained = run.history.current_parameters
    return {
        "examples": metrics.size,
        "rmse": metrics.rmse(trained),
        "r_squared": metrics.r_squared(trained),
    }

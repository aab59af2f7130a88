"""A run as files: its summary, and its trajectory step by step."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from linreg_gui.analysis.landscape import Landscape
from linreg_gui.analysis.prospects import allowed_excess
from linreg_gui.data.dataset import FloatArray
from linreg_gui.engines.steps import StepBatch
from linreg_gui.export.csv_file import EXACT, CsvDialect, CsvFile, pieces
from linreg_gui.number_text import significant, whole
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import StopRule
from linreg_gui.texts import tr, without_marks


class TrajectoryWriter(CsvFile):
    """Writes each step as a row of a CSV table. Numbers read back as exactly the same numbers.

    Parameters
    ----------
    file : Path
        Is made, or overwritten.
    run : Run
        Names the columns and numbers the epochs.
    dialect : CsvDialect
        How the table is written.

    Raises
    ------
    OSError
        From every method, if the file cannot be written.
    """

    def __init__(self, file: Path, run: Run, dialect: CsvDialect = EXACT) -> None:
        headings = ["step", "epoch", "loss", "moving_loss", *run.parameter_symbols()]
        super().__init__(file, headings, dialect)
        self._run = run

    def append(self, batch: StepBatch) -> None:
        """Write the rows of ``batch``."""
        steps = np.arange(batch.first_step, batch.last_step + 1)
        self.write_steps(steps, batch.losses, batch.moving_losses, batch.parameters.T)

    def write_steps(
        self,
        steps: npt.NDArray[np.int64],
        losses: FloatArray,
        moving_losses: FloatArray,
        parameters: FloatArray,
    ) -> None:
        """Write a row for each of k steps; ``parameters`` has shape (d + 1, k)."""
        epochs = (steps - 1) // self._run.history.steps_per_epoch + 1
        measured = self._run.problem.original.parameters(parameters)
        self.write(steps, epochs, losses, moving_losses, *measured)


def writing_trajectory(
    file: Path, run: Run, dialect: CsvDialect = EXACT
) -> Generator[float, None, str]:
    """Write the kept steps of ``run`` so far, as `TrajectoryWriter` does; yield the share done.

    Returns a sentence if not every step is kept; it is empty if all are.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    history = run.history
    steps, stride, last = history.steps, history.stride, history.last
    parameters = history.parameters.copy()
    losses, moving_losses = history.losses.copy(), history.moving_losses.copy()
    with TrajectoryWriter(file, run, dialect) as writer:
        for rows in pieces(len(steps), 4 + len(parameters)):
            writer.write_steps(steps[rows], losses[rows], moving_losses[rows], parameters[:, rows])
            yield rows.stop / len(steps)
        if last is not None and last.step > steps[-1]:
            newest = (np.array([last.step]), np.array([last.loss], losses.dtype))
            moving_loss, moved = np.array([last.moving_loss]), last.parameters[:, np.newaxis]
            writer.write_steps(*newest, moving_loss, moved)
    if stride == 1:
        return ""
    words = tr("Of a run this long one step in {stride} is kept, and the file has these steps.")
    return words.format(stride=whole(stride))


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
        "messages": [
            *([run.edits_sentence] if run.edits_sentence else []),
            *map(without_marks, run.messages),
            *_shortfall(run, state),
        ],
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

"""A run in a few numbers, for a file."""

import json
from pathlib import Path
from typing import Any

from linreg_gui.analysis.problem import FitMetrics
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState


def summarize(run: Run, state: RunState) -> dict[str, Any]:
    """Return the summary of ``run``, which stands at ``state``. Every number in it is finite."""
    history, references, problem = run.history, run.references, run.problem
    *weights, bias = (float(str(value)) for value in run.current_parameters)
    return {
        "outcome": str(state),
        "steps": history.step,
        "engine": str(run.config.engine),
        "seed": run.config.seed,
        "weights": weights,
        "bias": bias,
        "loss": history.recent_epoch_loss,
        "moving_loss": history.last.moving_loss if history.last else None,
        "least_squares": {
            "weights": list(references.weights),
            "bias": references.bias,
            "loss": references.loss,
        },
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
        "messages": list(run.messages),
    }


def _metrics(metrics: FitMetrics, run: Run) -> dict[str, Any]:
    """Return how well these examples are predicted at the end of the run."""
    trained = run.history.current_parameters
    return {
        "examples": metrics.size,
        "rmse": metrics.rmse(trained),
        "r_squared": metrics.r_squared(trained),
    }


def write_summary(summary: dict[str, Any], file: Path) -> None:
    """Write ``summary`` as JSON; raise ``ValueError`` rather than write a number JSON lacks."""
    text = json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False)
    file.write_text(text + "\n", encoding="utf-8")

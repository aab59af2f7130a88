"""Kept runs and sweeps as tables: a row for each run, as exact as it is known."""

from collections.abc import Sequence

from linreg_gui.export.csv_file import Cell
from linreg_gui.number_text import shortest
from linreg_gui.runs.run import KeptRun
from linreg_gui.runs.states import RunState
from linreg_gui.runs.sweep import SweepPoint
from linreg_gui.settings import TrainingConfig, format_setting, settings, used_settings
from linreg_gui.texts import paragraph

Table = list[list[Cell]]
"""Rows of cells; the headings are the first."""


def kept_runs_table(kept_runs: Sequence[KeptRun]) -> Table:
    """Return what is known of each run: how it ended, its parameters, and its settings.

    Losses and parameters are in the units of the data. A run has no cell for a parameter that
    another has, or for a setting that has no effect in it.
    """
    most = max(kept.run.dataset.dimension for kept in kept_runs)
    headings: list[Cell] = ["run", "name", "outcome", "steps", "features", "target"]
    headings += [*(f"w{index}" for index in range(most)), "b", "loss", "moving_loss", "rmse"]
    headings += ["r_squared", "held_out_rmse", "held_out_r_squared", "least_squares_loss"]
    headings += ["learning_rate_at_end", *(name for name, _ in settings())]
    return [headings, *(_kept_run(kept, most) for kept in kept_runs)]


def _kept_run(kept: KeptRun, most: int) -> list[Cell]:
    run, history, dataset = kept.run, kept.run.history, kept.run.dataset
    *weights, bias = run.current_parameters.tolist()
    metrics: list[Cell] = []
    for landscape in (run.problem.training, run.problem.testing):
        now = history.current_parameters
        fit = (None, None) if landscape is None else (landscape.rmse(now), landscape.r_squared(now))
        metrics += fit
    used = used_settings(run.config)
    return [
        kept.number,
        kept.name,
        _outcome(kept.state, stopped=run.is_stopped),
        history.step,
        ", ".join(dataset.feature_names),
        dataset.target_name,
        *weights,
        *([None] * (most - len(weights))),
        bias,
        kept.final_loss,
        None if history.last is None else history.last.moving_loss,
        *metrics,
        run.references.loss,
        history.learning_rate_at(history.step),
        *(_setting(run.config, name) if name in used else None for name, _ in settings()),
    ]


def sweep_table(name: str, values: Sequence[float], points: Sequence[SweepPoint]) -> Table:
    """Return how the run with each of the ``values`` of the setting ``name`` ended.

    Diverged runs have their last finite numbers.
    """
    rows: Table = [
        [name, "outcome", "steps", "loss", "largest_difference", "least_squares_loss", "messages"]
    ]
    for point in points:
        state = RunState.DIVERGED if point.diverged else RunState.COMPLETED
        rows.append(
            [
                values[point.index],
                _outcome(state, stopped=point.stopped),
                point.steps,
                point.loss,
                point.distance,
                point.least_squares_loss,
                paragraph(*point.messages),
            ]
        )
    return rows


def _outcome(state: RunState, *, stopped: bool) -> str:
    return "stopped by its rule" if stopped else str(state)


def _setting(config: TrainingConfig, name: str) -> Cell:
    """Return a setting as a cell: numbers as they are, all others in words."""
    value = getattr(config, name)
    if isinstance(value, tuple):
        return ", ".join(map(shortest, value))
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number else format_setting(value)

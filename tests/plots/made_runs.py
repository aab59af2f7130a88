"""Runs for the pictures: some are trained, and some have made-up numbers."""

from typing import Any

import numpy as np

from linreg_gui.data.dataset import Dataset
from linreg_gui.engines.steps import StepBatch
from linreg_gui.runs.history import History
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import Run
from linreg_gui.settings import Engine, TrainingConfig
from tests.support import problem_posed_by, train


def trained(steps: int, dataset: Dataset | None = None, **values: Any) -> Run:
    settings = {"examples": 400, "learning_rate": 0.02, "engine": Engine.INSTANT, **values}
    run, engine = prepare_run(1, TrainingConfig(data=dataset, **settings))
    if steps:
        run.history.append(train(engine, steps))
    return run


def make_run(
    weights: tuple[float, ...] = (2.0, -3.4),
    *,
    size: int = 400,
    noise: float = 0.1,
    planned_epochs: int = 2,
    measured: bool = False,
) -> Run:
    bias = 4.2
    generator = np.random.default_rng(3)
    features = generator.normal(size=(size, len(weights))).astype(np.float32)
    target = (features @ weights + bias + noise * generator.normal(size=size)).astype(np.float32)
    dataset = Dataset(
        features=features,
        target=target,
        feature_names=tuple(f"x{index}" for index in range(len(weights))),
        true_parameters=None if measured else (*weights, bias),
        noise_std=None if measured else noise,
    )
    start = np.full(len(weights) + 1, 0.5, np.float32)
    history = History(start, size, 4, 0.01)
    problem = problem_posed_by(dataset)
    return Run(
        number=1,
        config=TrainingConfig(),
        problem=problem,
        limits=problem.curvature.limits(4),
        history=history,
        planned_epochs=planned_epochs,
    )


def append(run: Run, losses: Any, parameters: Any = None, learning_rate: float = 0.01) -> None:
    """Append a step for each loss."""
    history = run.history
    losses = np.asarray(losses, np.float32)
    average = history.last.moving_loss if history.last else 0.0
    averages = []
    for loss in losses.tolist():
        average = 0.99 * average + 0.01 * loss
        averages.append(average)
    if parameters is None:
        parameters = np.tile(history.start, (len(losses), 1))
    parameters = np.asarray(parameters, np.float32)
    first = history.step + 1
    history.append(StepBatch(first, losses, np.array(averages), parameters, learning_rate))

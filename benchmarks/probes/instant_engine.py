"""The instant engine on the default run, beside a NumPy loop and scikit-learn's SGDRegressor."""

import argparse
import json
import time
from typing import Any

import numpy as np

from linreg_gui.analysis.problem import Problem
from linreg_gui.runs.preparation import (
    grams_of,
    instant_engine,
    problem_of,
    start_of,
)
from linreg_gui.settings import Engine, TrainingConfig

CONFIG = TrainingConfig(engine=Engine.INSTANT)
STEPS = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=50)
    options = parser.parse_args()
    problem = problem_of(CONFIG)
    instant_seconds(problem)  # the first run makes the graphs
    instant = sorted(instant_seconds(problem) for _ in range(options.runs))
    print(
        json.dumps(
            {
                "steps_per_second": STEPS / instant[len(instant) // 2],
                "numpy_steps_per_second": STEPS / numpy_seconds(problem),
                "sklearn_examples_per_second": sklearn_pace(problem),
            }
        )
    )


def instant_seconds(problem: Problem) -> float:
    """Time the default run from its start to its last step, shuffles included."""
    start = time.perf_counter()
    engine = instant_engine(problem, CONFIG, grams_of(problem, CONFIG))
    batch = engine.advance(STEPS, 60.0)
    assert len(batch) == STEPS
    return time.perf_counter() - start


def numpy_seconds(problem: Problem) -> float:
    """Time the same steps in a plain NumPy loop."""
    features, target = problem.dataset.features, problem.dataset.target[:, np.newaxis]
    parameters = start_of(CONFIG, problem)
    w, b = parameters[:-1, np.newaxis].copy(), parameters[-1:].copy()
    size, rate, moving_loss = CONFIG.batch_size, CONFIG.learning_rate, 0.0
    generator = np.random.default_rng(1)
    start = time.perf_counter()
    for _ in range(CONFIG.epochs):
        order = generator.permutation(len(features))
        for first in range(0, len(order), size):
            rows = order[first : first + size]
            X = features[rows]
            residuals = X @ w + b - target[rows]
            loss = float(np.mean(residuals**2))
            w -= rate * 2 / size * (X.T @ residuals)
            b -= rate * 2 / size * residuals.sum(axis=0)
            moving_loss = 0.99 * moving_loss + 0.01 * loss
    return time.perf_counter() - start


def sklearn_pace(problem: Problem) -> float | None:
    """Return the examples a second of SGDRegressor; None if it is not installed."""
    try:
        from sklearn.linear_model import SGDRegressor
    except ImportError:
        return None
    features = problem.dataset.features.astype(np.float64)
    target = problem.dataset.target.astype(np.float64)
    model: Any = SGDRegressor(
        penalty=None, learning_rate="constant", eta0=0.001, max_iter=20, tol=None, random_state=1
    )
    start = time.perf_counter()
    model.fit(features, target)
    return 20 * len(target) / (time.perf_counter() - start)


if __name__ == "__main__":
    main()

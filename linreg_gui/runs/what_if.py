"""What a run with other settings would give, while a person still moves the setting.

Runs on MXNet's thread, and keeps there what the next settings are likely to share: the features and
the noise that the seed draws, and the Gram matrices of their minibatches. A learning rate, a start,
true parameters or another standard deviation of the noise then cost one scan.

The target of drawn data is y = X·w + b + σ·ε. The kept problem has ε as its target: it is drawn
with true parameters of 0 and a noise of 1. That is exact, while (y − X·w − b)/σ would be lost in
rounding for a small σ. With the least-squares solution θε of ε on X, the residuals of y at w + σ·θε
are σ times those of ε at θε. So the kept Gram matrices serve every y: the scan starts with σ in
place of 1.

A run trains on a y that is rounded to single precision. Where σ is so small that this rounding
counts beside the noise, the what-if draws the data of the run, like the run itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, islice

from linreg_gui.analysis.learning_rates import LearningRateLimits, typical_limit
from linreg_gui.backend import cached
from linreg_gui.engines.scan import GramBlock
from linreg_gui.engines.steps import JOB_SECONDS, StepBatch
from linreg_gui.runs.preparation import (
    grams_of,
    instant_engine,
    limit_batch_size,
    make_run,
    problem_of,
    stop_check_of,
)
from linreg_gui.runs.run import Run
from linreg_gui.settings import STEP_SETTINGS, Engine, TrainingConfig

_MOST_GRAM_NUMBERS = 4_000_000
"""Numbers in the kept Gram matrices at most; a what-if ends where they end."""
_HISTORY_BYTES = 16_000_000
_ROUNDING = 1e-6
"""Below this share of the largest target, the noise is no larger than the target's rounding."""


@dataclass(frozen=True, eq=False)
class WhatIfSteps:
    """The next steps of a what-if run.

    Attributes
    ----------
    run : Run
        Its history holds the steps before these.
    steps : StepBatch
        To append to the history.
    diverged : bool
        Whether the step after them is not finite.
    stopped : bool
        Whether the last of them meets the stop rule.
    """

    run: Run
    steps: StepBatch
    diverged: bool
    stopped: bool


def what_if(config: TrainingConfig) -> Iterator[WhatIfSteps]:
    """Yield the run that ``config`` gives: first the steps that fit in a frame, then the rest."""
    config = replace(config, engine=Engine.INSTANT)
    config, messages = limit_batch_size(config)
    kept = _kept_grams(config.minibatch_settings)
    problem, residual_scale = kept.problem, 1.0
    if config.data is None:
        problem = problem.with_target((*config.true_weights, config.true_bias), config.noise_std)
        residual_scale = config.noise_std
        if residual_scale < _ROUNDING * problem.moments.largest_target:
            kept = _kept_grams(config.with_defaults(*STEP_SETTINGS))
            problem, residual_scale = kept.problem, 1.0
    engine = instant_engine(problem, config, kept.replay(), residual_scale)
    engine.stop_check = stop_check_of(config, problem)
    run = make_run(0, config, problem, kept.limits, engine, messages, _HISTORY_BYTES)
    last_step = min(run.planned_steps, kept.most_steps)
    while engine.step < last_step and not (engine.diverged or engine.stopped):
        steps = engine.advance(last_step - engine.step, JOB_SECONDS)
        yield WhatIfSteps(run, steps, engine.diverged, engine.stopped)


def typical_rate(config: TrainingConfig, limits: LearningRateLimits) -> Iterator[float | None]:
    """Yield None between slices, and then the rate above which a typical run diverges."""
    config, _ = limit_batch_size(config)
    yield from typical_limit(limits, _kept_grams(config.minibatch_settings).replay())


class _KeptGrams:
    """The Gram matrices of the first minibatches, computed once and read any number of times."""

    def __init__(self, config: TrainingConfig) -> None:
        self.problem = problem = problem_of(config)
        self.limits = problem.curvature.limits(config.batch_size)
        self.most_steps = _MOST_GRAM_NUMBERS // (problem.dataset.dimension + 2) ** 2
        self._config = config
        self._rest = grams_of(problem, config)
        self._blocks: list[GramBlock] = []

    def replay(self) -> Iterator[GramBlock]:
        """Yield the blocks from the first one on."""
        for index in count():
            if index == len(self._blocks):
                try:
                    self._blocks.append(next(self._rest))
                except Exception:  # a generator that has failed is at its end
                    self._rest = islice(grams_of(self.problem, self._config), index, None)
                    raise
            yield self._blocks[index]


@cached(2)  # with too little noise, those of ε tell so, and those of the run are used
def _kept_grams(settings: TrainingConfig) -> _KeptGrams:
    return _KeptGrams(settings)

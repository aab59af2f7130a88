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
from dataclasses import replace

from linreg_gui.analysis.learning_rates import LearningRateLimits, typical_limit
from linreg_gui.backend import cached
from linreg_gui.engines.scan import MinibatchGrams
from linreg_gui.runs.preparation import (
    instant_engine,
    limit_batch_size,
    make_run,
    problem_of,
    stop_check_of,
)
from linreg_gui.runs.training import NextSteps, steps_to_end
from linreg_gui.settings import STEP_SETTINGS, Engine, TrainingConfig

_MOST_GRAM_NUMBERS = 4_000_000
"""Numbers in the kept Gram matrices at most; a what-if ends where they end."""
_HISTORY_BYTES = 16_000_000
_ROUNDING = 1e-6
"""Below this share of the largest target, the noise is no larger than the target's rounding."""


def what_if(config: TrainingConfig) -> Iterator[NextSteps]:
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
    reference = kept.grams.reference if config.data else None
    blocks = kept.grams.replay()
    engine = instant_engine(problem, config, blocks, residual_scale, reference)
    engine.stop_check = stop_check_of(config, problem)
    run = make_run(0, config, problem, kept.limits, engine, messages, _HISTORY_BYTES)
    yield from steps_to_end(run, engine, min(run.planned_steps, kept.most_steps))


def typical_rate(config: TrainingConfig, limits: LearningRateLimits) -> Iterator[float | None]:
    """Yield None between slices, and then the rate above which a typical run diverges."""
    config, _ = limit_batch_size(config)
    yield from typical_limit(limits, _kept_grams(config.minibatch_settings).grams.replay())


class _KeptGrams:
    """The Gram matrices of the first minibatches. Those of ``former`` serve where they can."""

    def __init__(self, config: TrainingConfig, former: "_KeptGrams | None") -> None:
        self.config = config
        self.problem = problem = problem_of(config)
        self.limits = problem.curvature.limits(config.batch_size)
        self.most_steps = _MOST_GRAM_NUMBERS // (problem.dataset.dimension + 2) ** 2
        grams = None if former is None else former.grams.after_moves(problem.trained)
        self.grams: MinibatchGrams = grams or MinibatchGrams.of(
            problem.trained,
            config,
            problem.coordinates.references.parameters,
            problem.shuffling,
        )


@cached(1)
def _newest() -> "list[_KeptGrams]":
    """Return a place for those of measured data, of which a person may move a point next."""
    return []


@cached(2)  # with too little noise, those of ε tell so, and those of the run are used
def _kept_grams(settings: TrainingConfig) -> _KeptGrams:
    if settings.data is None:
        return _KeptGrams(settings, None)
    newest = _newest()
    former = next((each for each in newest if _differ_in_data(each.config, settings)), None)
    newest[:] = [_KeptGrams(settings, former)]
    return newest[0]


def _differ_in_data(config: TrainingConfig, other: TrainingConfig) -> bool:
    """Return whether only the data differs, so that the minibatches have the same rows."""
    return config.with_value("data", other.data) == other and not config.standardize

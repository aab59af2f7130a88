"""Prepares a run: from settings to an engine that is ready to train. Runs on MXNet's thread."""

from collections.abc import Iterator, Sequence

import numpy as np

from linreg_gui import lesson
from linreg_gui.analysis.learning_rates import LearningRateLimits
from linreg_gui.analysis.moments import moments_of
from linreg_gui.analysis.problem import Problem
from linreg_gui.analysis.prospects import allowed_excess
from linreg_gui.analysis.rounding import target_sentence
from linreg_gui.backend import cached, seed_generators
from linreg_gui.data.dataset import Dataset, FloatArray
from linreg_gui.data.shuffling import ShuffleState
from linreg_gui.engines.autograd import AutogradEngine
from linreg_gui.engines.instant import InstantEngine
from linreg_gui.engines.scan import GramBlock, minibatch_grams
from linreg_gui.engines.steps import TrainingEngine
from linreg_gui.engines.stopping import StopCheck
from linreg_gui.number_text import whole
from linreg_gui.runs.history import MEMORY_LIMIT, History
from linreg_gui.runs.run import Run
from linreg_gui.settings import STEP_SETTINGS, Engine, Init, StopRule, TrainingConfig
from linreg_gui.texts import retold, tr


def problem_of(config: TrainingConfig) -> Problem:
    """Return the problem that ``config`` poses. The last few are kept."""
    return _drawn(config.with_defaults("batch_size", "shuffle", *STEP_SETTINGS))


@cached(2)
def _drawn(data_settings: TrainingConfig) -> Problem:
    return draw_problem(data_settings)


def draw_problem(config: TrainingConfig) -> Problem:
    """Seed, draw the data unless it is measured, and draw a start."""
    seed_generators(config.seed)
    dataset = config.data or draw_dataset(
        config.examples, config.true_weights, config.true_bias, config.noise_std
    )
    weights, bias = lesson.random_parameters(dataset.dimension)
    training, testing = dataset.divided(config.held_out, config.seed)
    return Problem(
        dataset=training,
        moments=moments_of(training),
        held_out=moments_of(testing) if testing else None,
        is_standardized=config.standardize,
        drawn_start=np.append(weights.asnumpy(), bias.asnumpy()),
        shuffling=ShuffleState(),
        held_out_examples=testing,
    )


def draw_dataset(
    examples: int, true_weights: Sequence[float], true_bias: float, noise_std: float
) -> Dataset:
    """Draw a dataset with the lesson's own function.

    Runs on MXNet's thread and draws from its generator, which the caller must have seeded.
    """
    X, y = lesson.synthetic_data(examples, true_weights, true_bias, noise_std)
    return Dataset(
        features=X.asnumpy(),
        target=y.asnumpy(),
        feature_names=tuple(f"x{index}" for index in range(len(true_weights))),
        true_parameters=(*true_weights, true_bias),
        noise_std=noise_std,
    )


def prepare_run(
    number: int, config: TrainingConfig, memory_limit: int = MEMORY_LIMIT
) -> tuple[Run, TrainingEngine]:
    """Draw the problem, and return the run and its engine.

    The same settings give the same run, bit for bit. ``memory_limit`` is for the history.
    """
    problem = problem_of(config)
    config, messages = limit_batch_size(config)
    engine: TrainingEngine
    if config.engine is Engine.INSTANT:
        engine = instant_engine(problem, config, grams_of(problem, config))
    else:
        engine = AutogradEngine(
            problem.trained,
            config,
            start_of(config, problem),
            problem.residual_bounds,
            problem.shuffling.copy(),
        )
    engine.stop_check = stop_check_of(config, problem)
    messages = [*data_messages(config, problem), *messages]
    limits = problem.curvature.limits(config.batch_size)
    return make_run(number, config, problem, limits, engine, messages, memory_limit), engine


def data_messages(config: TrainingConfig, problem: Problem) -> list[str]:
    """Return the messages about the data."""
    facts = [
        config.data.skipped.sentence if config.data else "",
        *(config.data.remarks if config.data else ()),
        problem.original.references.undetermined,
        target_sentence(problem),
        tr("There are too few examples to hold any out.")
        if config.test_share and not config.held_out
        else "",
    ]
    return [retold(fact) for fact in facts if fact]


def make_run(
    number: int,
    config: TrainingConfig,
    problem: Problem,
    limits: LearningRateLimits,
    engine: TrainingEngine,
    messages: list[str],
    memory_limit: int,
) -> Run:
    """Return the run of ``engine``, whose history may take ``memory_limit`` bytes."""
    return Run(
        number=number,
        config=config,
        problem=problem,
        limits=limits,
        history=History(
            engine.parameters,
            config.trained_on,
            config.batch_size,
            config.learning_rate,
            memory_limit,
        ),
        planned_epochs=config.epochs,
        messages=messages,
    )


def limit_batch_size(config: TrainingConfig) -> tuple[TrainingConfig, list[str]]:
    """Return ``config`` with a batch size that the data can fill, and the messages about that."""
    size = config.trained_on
    if config.batch_size <= size:
        return config, []
    message = tr("Batch size {asked} was reduced to {used}: there are no more examples.").format(
        asked=whole(config.batch_size), used=whole(size)
    )
    return config.with_value("batch_size", size), [message]


def grams_of(problem: Problem, config: TrainingConfig) -> Iterator[GramBlock]:
    """Yield the Gram matrices of the problem's minibatches."""
    return minibatch_grams(
        problem.trained, config, problem.coordinates.references.parameters, problem.shuffling.copy()
    )


def instant_engine(
    problem: Problem,
    config: TrainingConfig,
    blocks: Iterator[GramBlock],
    residual_scale: float = 1.0,
    reference: Sequence[float] | None = None,
) -> InstantEngine:
    """Return the instant engine at the start, for the minibatches from `grams_of`.

    Others may have another ``reference`` than the least-squares solution.
    """
    return InstantEngine(
        config,
        start_of(config, problem),
        problem.residual_bounds,
        problem.coordinates.references.parameters if reference is None else reference,
        blocks,
        residual_scale,
    )


def stop_check_of(config: TrainingConfig, problem: Problem) -> StopCheck | None:
    """Return what ends a run of ``config``; None if it has no stop rule."""
    training = problem.training
    match config.stop_rule:
        case StopRule.LOSS:
            share = config.stop_percent / 100
            bound = allowed_excess(problem.moments, training.lowest, share)
            return StopCheck(training.root, training.optimum, bound)
        case StopRule.GRADIENT:
            return StopCheck(training.hessian, training.optimum, config.stop_gradient**2)
    return None


def start_of(config: TrainingConfig, problem: Problem) -> FloatArray:
    """Return the parameters before the first step, shape (d + 1,), float32."""
    if config.init is Init.NORMAL:
        return problem.drawn_start
    if config.init is Init.ZEROS:
        return np.zeros_like(problem.drawn_start)
    typed = np.array(config.typed_start(problem.dataset.dimension))
    return problem.coordinates.of_measured(typed).astype(np.float32)

"""From settings to a run that is ready to train. Runs on MXNet's thread."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from linreg_gui import lesson
from linreg_gui.backend import OwnShuffling, seed_generators
from linreg_gui.data.dataset import Dataset, FloatArray
from linreg_gui.data.synthetic import draw_dataset
from linreg_gui.texts import tr
from linreg_gui.training.autograd_engine import AutogradEngine
from linreg_gui.training.config import DEFAULTS, Engine, Init, TrainingConfig
from linreg_gui.training.divergence import reach_of
from linreg_gui.training.history import MEMORY_LIMIT, History
from linreg_gui.training.instant_engine import InstantEngine
from linreg_gui.training.landscape import Landscape
from linreg_gui.training.minibatch_sums import SumsBlock, deal_sums
from linreg_gui.training.numbers import format_whole
from linreg_gui.training.references import References, compute_references
from linreg_gui.training.run import Run
from linreg_gui.training.stability import Curvature
from linreg_gui.training.steps import TrainingEngine


@dataclass(frozen=True, eq=False)
class Problem:
    """What a seed draws, and what follows from it before any step.

    Attributes
    ----------
    dataset, references, landscape, curvature
        The examples, their exact answers, their loss everywhere, and how steep it is.
    drawn_start : ndarray, shape (d + 1,), float32
        Weights, then bias, from N(0, 1): where a run starts unless its settings say otherwise.
    shuffling : OwnShuffling
        As it stands before the first shuffle; each engine shuffles ``again()``.
    reach : ndarray, shape (d + 2,)
        From `reach_of`.
    """

    dataset: Dataset
    references: References
    landscape: Landscape
    curvature: Curvature
    drawn_start: FloatArray
    shuffling: OwnShuffling
    reach: FloatArray


def problem_of(config: TrainingConfig) -> Problem:
    """Return the problem that ``config`` draws. The last few are remembered."""
    minibatches = minibatch_settings(config)
    return _drawn(replace(minibatches, batch_size=DEFAULTS.batch_size, shuffle=DEFAULTS.shuffle))


def minibatch_settings(config: TrainingConfig) -> TrainingConfig:
    """Return ``config`` but for what neither the data nor the minibatches depend on."""
    return replace(
        config,
        learning_rate=DEFAULTS.learning_rate,
        epochs=DEFAULTS.epochs,
        engine=DEFAULTS.engine,
        init=DEFAULTS.init,
        start_weights=DEFAULTS.start_weights,
        start_bias=DEFAULTS.start_bias,
    )


def forget_problems() -> None:
    """Free what is remembered."""
    _drawn.cache_clear()


@lru_cache(maxsize=2)
def _drawn(data_settings: TrainingConfig) -> Problem:
    return draw_problem(data_settings)


def draw_problem(config: TrainingConfig, dataset: Dataset | None = None) -> Problem:
    """Seed, draw the data where none is given, and draw a start."""
    seed_generators(config.seed)
    if dataset is None:
        dataset = draw_dataset(
            config.examples, config.true_weights, config.true_bias, config.noise_std
        )
    weights, bias = lesson.random_parameters(dataset.dimension)
    references, curvature = compute_references(dataset), Curvature(dataset)
    return Problem(
        dataset=dataset,
        references=references,
        landscape=Landscape(curvature.moments, references),
        curvature=curvature,
        drawn_start=np.append(weights.asnumpy(), bias.asnumpy()),
        shuffling=OwnShuffling(),
        reach=reach_of(dataset),
    )


def prepare_run(
    number: int,
    config: TrainingConfig,
    dataset: Dataset | None = None,
    memory_limit: int = MEMORY_LIMIT,
) -> tuple[Run, TrainingEngine]:
    """Draw the problem and set up the run and the engine that ``config`` asks for.

    The same settings give the same run, to the last bit. ``memory_limit`` is the history's.
    """
    problem = problem_of(config) if dataset is None else draw_problem(config, dataset)
    config, messages = fitted(config, problem.dataset.size)
    engine: TrainingEngine
    if config.engine is Engine.INSTANT:
        engine = instant_engine(problem, config, deal_sums_of(problem, config))
    else:
        engine = AutogradEngine(
            problem.dataset,
            config,
            start_of(config, problem),
            problem.reach,
            problem.shuffling.again(),
        )
    return make_run(number, config, problem, engine, messages, memory_limit), engine


def make_run(
    number: int,
    config: TrainingConfig,
    problem: Problem,
    engine: TrainingEngine,
    messages: list[str],
    memory_limit: int,
) -> Run:
    """Return the run of ``engine``, whose history may take ``memory_limit`` bytes."""
    size = problem.dataset.size
    return Run(
        number=number,
        config=config,
        dataset=problem.dataset,
        references=problem.references,
        landscape=problem.landscape,
        limits=problem.curvature.limits(config.batch_size),
        history=History(
            engine.parameters, size, config.batch_size, config.learning_rate, memory_limit
        ),
        planned_epochs=config.epochs,
        shuffling=problem.shuffling,
        messages=messages,
    )


def fitted(config: TrainingConfig, size: int) -> tuple[TrainingConfig, list[str]]:
    """Return ``config`` with a batch size that the data can fill, and what must be said of it."""
    if config.batch_size <= size:
        return config, []
    message = tr("Batch size {asked} was reduced to {used}: there are no more examples.").format(
        asked=format_whole(config.batch_size), used=format_whole(size)
    )
    return config.with_value("batch_size", size), [message]


def deal_sums_of(problem: Problem, config: TrainingConfig) -> Iterator[SumsBlock]:
    """Yield the sums of the minibatches that ``config`` deals from the problem's data."""
    return deal_sums(
        problem.dataset, config, problem.references.parameters, problem.shuffling.again()
    )


def instant_engine(
    problem: Problem, config: TrainingConfig, blocks: Iterator[SumsBlock]
) -> InstantEngine:
    """Return the instant engine at the start, fed with what `deal_sums_of` yields."""
    return InstantEngine(
        config,
        start_of(config, problem),
        problem.reach,
        problem.references.parameters,
        blocks,
    )


def start_of(config: TrainingConfig, problem: Problem) -> FloatArray:
    """Return where ``config`` has the parameters start, shape (d + 1,), float32."""
    if config.init is Init.NORMAL:
        return problem.drawn_start
    if config.init is Init.ZEROS:
        return np.zeros_like(problem.drawn_start)
    return np.array(config.typed_start(problem.dataset.dimension), np.float32)

"""Runs as parts of an archive: ``run/run.json`` with the numbers, and the steps as arrays."""

from collections.abc import Generator
from typing import Any

import numpy as np

from linreg_gui.analysis.learning_rates import LearningRateLimits
from linreg_gui.analysis.moments import Moments
from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.data.scaling import FeatureRange, Scaling
from linreg_gui.data.single_precision import LARGEST
from linreg_gui.engines.minibatch_order import count_batches
from linreg_gui.engines.steps import Origin
from linreg_gui.runs.history import RateChange, StepRecord, Trajectory, capacity
from linreg_gui.runs.states import RunState
from linreg_gui.sessions.archive import Archive, ArchiveWriter
from linreg_gui.sessions.arrays import DOUBLE, SINGLE, FloatKind, reading_array, writing_array
from linreg_gui.sessions.fields import LARGEST_WHOLE, Fields
from linreg_gui.sessions.state import SavedRun
from linreg_gui.settings import Engine, TrainingConfig, setting_of
from linreg_gui.tellings import with_tellings

_AT_REST = {
    *(RunState.READY, RunState.PAUSED, RunState.COMPLETED, RunState.STOPPED, RunState.DIVERGED)
}


def writing_run(
    archive: ArchiveWriter, folder: str, run: SavedRun, values: dict[str, Any]
) -> Generator[None, None, None]:
    """Write a run; ``values`` are more for its JSON."""
    trajectory, last = run.trajectory, run.trajectory.last
    archive.add_json(
        f"{folder}/run.json",
        {
            "state": run.state,
            **with_tellings({"outcome": run.outcome, "messages": run.messages}),
            "planned_epochs": run.planned_epochs,
            "diverged_at": run.diverged_at,
            "stopped_at": run.stopped_at,
            "limits": {
                "full_batch": run.limits.full_batch,
                "mean_square": run.limits.mean_square,
                "fastest": run.limits.fastest,
                "typical": run.limits.typical,
            },
            "drawn_start": run.drawn_start.tolist(),
            "start": trajectory.start.tolist(),
            "stride": trajectory.stride,
            "last": last
            and {
                "step": last.step,
                "loss": last.loss,
                "moving_loss": last.moving_loss,
                "parameters": last.parameters.tolist(),
            },
            "epoch_sum": trajectory.epoch_sum,
            "origin": trajectory.origin
            and {"step": trajectory.origin.step, "state": trajectory.origin.state.tolist()},
            **values,
        },
    )
    yield
    for name, array in (
        ("losses", trajectory.losses),
        ("moving_losses", trajectory.moving_losses),
        ("parameters", trajectory.parameters),
        ("epoch_means", trajectory.epoch_means),
        ("rate_changes", _rate_table(trajectory)),
    ):
        yield from writing_array(archive, f"{folder}/{name}.npy", array)


def reading_run(
    archive: Archive, folder: str, facts: Fields, config: TrainingConfig, memory_limit: int
) -> Generator[None, None, SavedRun]:
    """Read a run of ``config``, whose history has ``memory_limit``, and whose JSON has ``facts``.

    Raises
    ------
    ArchiveError
        If a part is missing or wrong.
    """
    with archive.checking(f"{folder}/run.json"):
        width = config.features + 1
        kind = DOUBLE if config.engine is Engine.INSTANT else SINGLE
        start = _parameters(facts, "start", width, kind)
        last = _last(facts, width, kind)
        batch_size = min(config.batch_size, config.trained_on)
        per_epoch = count_batches(config.trained_on, batch_size)
        planned = facts.count("planned_epochs", 1, LARGEST_WHOLE // per_epoch)
        step = last.step if last else 0
        if step > planned * per_epoch:
            raise facts.wrong("planned_epochs")
        stride = facts.count("stride", 1)
        rows = -(-step // stride)
        if rows > capacity(start, memory_limit):
            raise facts.wrong("stride")
    steps = {}
    for name, shape in (
        ("losses", (rows,)),
        ("moving_losses", (rows,)),
        ("parameters", (width, rows)),
        ("epoch_means", (step // per_epoch,)),
        ("rate_changes", (3, -1)),
    ):
        has_kind = name in {"losses", "parameters"}
        steps[name] = yield from reading_array(
            archive, f"{folder}/{name}.npy", kind if has_kind else DOUBLE, shape
        )
    with archive.checking(f"{folder}/rate_changes.npy"):
        changes = _rate_changes(steps.pop("rate_changes"), step)
    with archive.checking(f"{folder}/run.json"):
        trajectory = Trajectory(
            start=start,
            stride=stride,
            last=last,
            epoch_sum=facts.number("epoch_sum"),
            epoch_examples=step % per_epoch * batch_size,
            rate_changes=changes,
            origin=_origin(facts, step, width),
            **steps,
        )
        return _run(facts, config, trajectory, planned)


def _run(facts: Fields, config: TrainingConfig, trajectory: Trajectory, planned: int) -> SavedRun:
    step, state = trajectory.step, facts.choice("state", RunState)
    diverged_at = facts.optional("diverged_at", facts.count)
    if state not in _AT_REST or (state is RunState.COMPLETED and not step):
        raise facts.wrong("state")
    if diverged_at not in {None, step + 1} or (state is RunState.DIVERGED and not diverged_at):
        raise facts.wrong("diverged_at")
    limits = facts.inside("limits")
    return SavedRun(
        config=config,
        state=state,
        outcome=facts.sentence("outcome"),
        trajectory=trajectory,
        drawn_start=_parameters(facts, "drawn_start", config.features + 1, SINGLE),
        planned_epochs=planned,
        messages=facts.sentences("messages"),
        diverged_at=diverged_at,
        stopped_at=facts.optional("stopped_at", lambda name: facts.count(name, 1, step)),
        limits=LearningRateLimits(
            full_batch=limits.number("full_batch"),
            mean_square=limits.number("mean_square"),
            fastest=limits.number("fastest"),
            typical=limits.optional("typical", limits.number),
        ),
    )


def _parameters(facts: Fields, name: str, width: int, kind: FloatKind) -> FloatArray:
    parameters = facts.numbers(name, width)
    if np.abs(parameters).max() > LARGEST:
        raise facts.wrong(name)
    return parameters.astype(kind)


def _last(facts: Fields, width: int, kind: FloatKind) -> StepRecord | None:
    if not facts.has("last"):
        return None
    last = facts.inside("last")
    return StepRecord(
        step=last.count("step", 1),
        loss=last.number("loss"),
        moving_loss=last.number("moving_loss"),
        parameters=_parameters(last, "parameters", width, kind),
    )


def _origin(facts: Fields, step: int, width: int) -> Origin | None:
    if not facts.has("origin"):
        return None
    origin = facts.inside("origin")
    return Origin(origin.count("step", 0, step), origin.numbers("state", width + 1))


def _rate_table(trajectory: Trajectory) -> DoubleArray:
    """Return the step, the rate and the gesture of each change, -1 for none."""
    rows = [
        (change.step, change.learning_rate, -1 if change.gesture is None else change.gesture)
        for change in trajectory.rate_changes
    ]
    return np.array(rows, np.float64).reshape(-1, 3).T


def _rate_changes(table: FloatArray, step: int) -> tuple[RateChange, ...]:
    limits = setting_of("learning_rate")
    changes = []
    before = 0
    for place, rate, gesture in table.T.tolist():
        limits.check(rate)
        if not (before < place <= step) or place % 1 or gesture % 1:
            raise ValueError
        changes.append(RateChange(int(place), rate, None if gesture < 0 else int(gesture)))
        before = place
    return tuple(changes)


def moments_values(moments: Moments) -> dict[str, Any]:
    """Return the moments as `read_moments` reads them."""
    return {
        "size": moments.size,
        "center": moments.scaling.center.tolist(),
        "scale": moments.scaling.scale.tolist(),
        "ranges": [
            (each.smallest, each.largest, each.mean, each.deviation) for each in moments.ranges
        ],
        "target_mean": moments.target_mean,
        "largest_target": moments.largest_target,
        "root": moments.root.tolist(),
        "fourth": moments.fourth.tolist(),
    }


def read_moments(facts: Fields, dimension: int) -> Moments:
    """Return the moments of examples with as many features as ``dimension`` says."""
    scale = facts.numbers("scale", dimension)
    ranges = facts.numbers("ranges", dimension, 4)
    root = facts.numbers("root", -1, dimension + 1)
    products = (dimension + 2) * (dimension + 3) // 2
    if not (scale > 0).all() or not (ranges[:, 3] > 0).all():
        raise facts.wrong("scale")
    if len(root) > dimension + 1:
        raise facts.wrong("root")
    return Moments(
        size=facts.count("size", 1),
        scaling=Scaling(facts.numbers("center", dimension), scale),
        ranges=tuple(FeatureRange(*row) for row in ranges.tolist()),
        target_mean=facts.number("target_mean"),
        largest_target=facts.number("largest_target"),
        root=root,
        fourth=facts.numbers("fourth", products, products),
    )

"""The worker trains in slices, makes the steps that are due, and answers in between.

It is driven by hand here, in the test's own thread and with a clock that the test turns.
"""

import math
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QTimer

from linreg_gui.data.dataset import FloatArray
from linreg_gui.engines.steps import StepBatch
from linreg_gui.settings import TrainingConfig
from linreg_gui.threads import worker as worker_module
from linreg_gui.threads.worker import (
    FRAME_SECONDS,
    SLICE_SECONDS,
    Command,
    Goal,
    Halt,
    TrainingWorker,
)
from tests.support import steps_of

STEPS_PER_EPOCH = 10


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class ClockworkEngine:
    """Makes a step in a millisecond of the test's clock."""

    def __init__(self, clock: Clock, diverges_at: float = math.inf) -> None:
        self.step = 0
        self.learning_rate = 0.001
        self.diverged = self.stopped = False
        self.stop_check = None
        self._clock = clock
        self._diverges_at = diverges_at

    @property
    def parameters(self) -> FloatArray:
        return np.array([float(self.step)])

    def advance(self, most_steps: int, seconds: float) -> StepBatch:
        first, end = self.step + 1, self._clock.now + seconds
        while self.step - first + 1 < most_steps and not self.diverged:
            self.diverged = self.step + 1 >= self._diverges_at
            self.step += not self.diverged
            self._clock.now += 0.001
            if self._clock.now >= end:
                break
        steps = np.arange(first, self.step + 1, dtype=np.float64)
        return StepBatch(first, steps, steps, steps[:, None], self.learning_rate)


class Bench:
    """A worker with its engine and clock, and what it said."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.engine = ClockworkEngine(clock)
        self.worker = TrainingWorker()
        self.batches: list[StepBatch] = []
        self.halts: list[tuple[Command, Halt]] = []
        self.commands: list[Command] = []
        self.put_in(self.engine)
        self.worker.progressed.connect(self._note_progress)
        self.worker.halted.connect(lambda *halt: self.halts.append(halt))

    def put_in(self, engine: ClockworkEngine) -> None:
        """Prepare a run with ``engine``."""
        self.engine = engine
        run = SimpleNamespace(history=SimpleNamespace(steps_per_epoch=STEPS_PER_EPOCH))
        preparation = SimpleNamespace(prepare_run=lambda *_: (run, engine))
        forecast = SimpleNamespace(forecast=lambda _: None)
        with pytest.MonkeyPatch.context() as patched:
            patched.setitem(sys.modules, "linreg_gui.runs.preparation", preparation)
            patched.setitem(sys.modules, "linreg_gui.runs.forecast", forecast)
            self.worker.prepare(3, TrainingConfig())

    def _note_progress(self, batch: StepBatch) -> None:
        self.worker.note_taken()
        self.batches.append(batch)

    def command(self, goal: Goal, pace: float = math.inf, epochs: int = 1000) -> None:
        self.worker.set_pace(pace)
        self.commands.append(Command(goal, epochs))
        self.worker.carry_out(self.commands[-1])

    @property
    def timer(self) -> QTimer:
        timer = self.worker.findChild(QTimer)
        assert isinstance(timer, QTimer)
        return timer

    def tick(self, seconds: float = 0.0) -> int:
        """Let time pass and the timer fire; return how many steps that made."""
        before = self.engine.step
        self.clock.now += seconds
        self.worker.advance()
        return self.engine.step - before

    @property
    def reported(self) -> list[int]:
        return steps_of(self.batches)


@pytest.fixture
def bench(qapp: QCoreApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    clock = Clock()
    monkeypatch.setattr(worker_module, "time", SimpleNamespace(perf_counter=clock))
    bench = Bench(clock)
    yield bench
    bench.worker.shut_down()


class TestGoals:
    def test_one_step_is_one_step(self, bench: Bench) -> None:
        bench.command(Goal.ONE_STEP)
        assert (bench.reported, bench.halts) == ([1], [(bench.commands[-1], Halt())])

    @pytest.mark.parametrize(("made", "end"), [(0, 10), (3, 10), (9, 10), (10, 20)])
    def test_an_epoch_is_trained_to_its_end(self, bench: Bench, made: int, end: int) -> None:
        bench.engine.step = made
        bench.command(Goal.END_OF_EPOCH)
        while not bench.halts:
            bench.tick()
        assert bench.reported == list(range(made + 1, end + 1))

    def test_a_run_ends_with_its_last_epoch(self, bench: Bench) -> None:
        bench.command(Goal.END_OF_RUN, epochs=3)
        while not bench.halts:
            bench.tick()
        assert bench.reported == list(range(1, 31))

    @pytest.mark.parametrize("goal", Goal)
    def test_no_goal_lies_beyond_the_planned_end(self, bench: Bench, goal: Goal) -> None:
        bench.engine.step = 30
        bench.command(goal, epochs=3)
        assert (bench.reported, bench.halts) == ([], [(bench.commands[-1], Halt())])

    def test_everything_is_reported_before_the_answer(self, bench: Bench) -> None:
        reported_at_halt: list[int] = []
        bench.worker.halted.connect(lambda _: reported_at_halt.extend(bench.reported))
        bench.command(Goal.END_OF_EPOCH)
        bench.tick()
        assert reported_at_halt == list(range(1, 11))

    def test_divergence_is_answered_with_its_learning_rate(self, bench: Bench) -> None:
        bench.put_in(ClockworkEngine(bench.clock, diverges_at=8))
        bench.command(Goal.END_OF_RUN)
        while not bench.halts:
            bench.tick()
        assert bench.reported == [1, 2, 3, 4, 5, 6, 7]
        assert bench.halts == [(bench.commands[-1], Halt(bench.engine.learning_rate))]

    def test_a_command_without_a_run_does_nothing(self, bench: Bench) -> None:
        bench.worker.shut_down()
        bench.command(Goal.END_OF_RUN)
        assert (bench.tick(), bench.halts) == (0, [])

    def test_a_paused_worker_reports_what_it_made_and_makes_no_more(self, bench: Bench) -> None:
        bench.command(Goal.END_OF_RUN)
        bench.tick()
        bench.worker.pause()
        assert bench.reported == list(range(1, bench.engine.step + 1))
        assert bench.tick(10.0) == 0
        assert bench.halts == []

    def test_steps_of_a_dropped_run_are_never_reported(self, bench: Bench) -> None:
        bench.command(Goal.ONE_STEP)  # its report has just left, so the next steps wait
        bench.command(Goal.END_OF_RUN)
        assert bench.engine.step > 1
        assert bench.reported == [1]
        bench.put_in(ClockworkEngine(bench.clock))
        bench.command(Goal.ONE_STEP)
        assert bench.reported == [1, 1]

    def test_after_a_request_to_quit_no_slice_begins(self, bench: Bench) -> None:
        bench.command(Goal.END_OF_RUN)
        bench.worker.request_quit()
        assert bench.tick() == 0


class TestAsFastAsItGoes:
    def test_a_slice_is_over_after_its_time(self, bench: Bench) -> None:
        bench.command(Goal.END_OF_RUN)
        assert bench.tick() == pytest.approx(SLICE_SECONDS * 1000, abs=1)

    def test_results_leave_at_most_once_a_frame_and_none_is_lost(self, bench: Bench) -> None:
        leaving: list[float] = []
        bench.worker.progressed.connect(lambda _: leaving.append(bench.clock.now))
        bench.command(Goal.END_OF_RUN)
        for _ in range(200):
            bench.tick()
        assert len(leaving) > 10
        assert min(np.diff(leaving)) >= FRAME_SECONDS
        bench.worker.pause()
        assert bench.reported == list(range(1, bench.engine.step + 1))

    def test_the_number_of_reports_does_not_grow_with_pauses(self, bench: Bench) -> None:
        def reports_of_a_second() -> int:
            bench.batches.clear()
            bench.command(Goal.END_OF_RUN)
            end = bench.clock.now + 1.0
            while bench.clock.now < end:
                bench.tick()
            bench.worker.pause()
            return len(bench.batches)

        counts = [reports_of_a_second() for _ in range(4)]
        assert max(counts) - min(counts) <= 1

    def test_steps_at_two_rates_are_never_in_one_report(self, bench: Bench) -> None:
        bench.command(Goal.END_OF_RUN)
        bench.tick()
        made = bench.engine.step
        bench.worker.set_learning_rate(0.5)
        bench.tick()
        bench.worker.pause()
        rates = {step: batch.learning_rate for batch in bench.batches for step in steps_of([batch])}
        assert {step for step, rate in rates.items() if rate == 0.5} == set(
            range(made + 1, bench.engine.step + 1)
        )


class TestWatchSpeed:
    def test_the_first_step_comes_at_once(self, bench: Bench) -> None:
        bench.command(Goal.END_OF_RUN, pace=1.0)
        assert bench.reported == [1]

    @pytest.mark.parametrize("pace", [0.3, 1.0, 3.0, 7.0, 50.0])
    def test_the_watch_speed_is_kept(self, bench: Bench, pace: float) -> None:
        bench.command(Goal.END_OF_RUN, pace=pace)
        interval = bench.timer.interval() / 1000
        start = bench.clock.now
        while bench.clock.now < start + 20.0:
            bench.clock.now = max(bench.clock.now, start) + interval
            bench.tick()
        assert bench.engine.step == pytest.approx(1 + 20 * pace, rel=0.07, abs=1)

    def test_a_timer_that_fires_between_two_steps_makes_none(self, bench: Bench) -> None:
        bench.command(Goal.END_OF_RUN, pace=1.0)
        assert [bench.tick(0.4), bench.tick(0.4), bench.tick(0.4)] == [0, 0, 1]

    def test_the_timer_never_fires_just_before_its_step_is_due(self, bench: Bench) -> None:
        for pace in (0.3, 0.7, 1.0, 3.0, 7.0, 30.0):
            bench.command(Goal.END_OF_RUN, pace=pace)
            assert bench.timer.interval() * pace >= 1000 * (1 - 1e-12)

    def test_time_that_was_lost_is_not_made_up_in_a_rush(self, bench: Bench) -> None:
        bench.command(Goal.END_OF_RUN, pace=10.0)
        assert bench.tick(60.0) == 1
        assert bench.tick(0.1) == 1

    def test_each_pause_and_run_steps_at_once_again(self, bench: Bench) -> None:
        for step in (1, 2, 3):
            bench.command(Goal.END_OF_RUN, pace=1.0)
            assert bench.engine.step == step
            bench.worker.pause()


class TestChangingTheWatchSpeed:
    def test_faster_applies_at_once(self, bench: Bench) -> None:
        bench.command(Goal.END_OF_RUN, pace=1.0)
        bench.worker.set_pace(math.inf)
        assert bench.timer.interval() == 0
        assert bench.tick() > 1

    def test_slower_applies_at_once(self, bench: Bench) -> None:
        bench.command(Goal.END_OF_RUN)
        bench.worker.set_pace(1.0)
        assert bench.timer.interval() == 1000
        assert [bench.tick(0.9), bench.tick(0.2)] == [0, 1]

    def test_dragging_the_slider_makes_no_steps(self, bench: Bench) -> None:
        bench.command(Goal.END_OF_RUN, pace=1.0)
        for hundredth in range(100):
            bench.worker.set_pace(1.0 + hundredth / 100)
        assert bench.engine.step == 1

    def test_it_keeps_the_command(self, bench: Bench) -> None:
        bench.command(Goal.END_OF_EPOCH, pace=1.0)
        bench.worker.set_pace(math.inf)
        while not bench.halts:
            bench.tick()
        assert (bench.reported, bench.halts) == (list(range(1, 11)), [(bench.commands[-1], Halt())])

    def test_while_nothing_runs_it_starts_nothing(self, bench: Bench) -> None:
        bench.command(Goal.ONE_STEP)
        bench.worker.set_pace(math.inf)
        assert not bench.timer.isActive()
        assert bench.tick() == 0


def signal_parameters(sender: type) -> dict[str, list[str]]:
    meta = sender.staticMetaObject  # type: ignore[attr-defined]
    methods = map(meta.method, range(meta.methodOffset(), meta.methodCount()))
    return {
        method.name().data().decode(): [kind.data().decode() for kind in method.parameterTypes()]
        for method in methods
        if method.methodType() == method.MethodType.Signal
    }


def test_no_answer_squeezes_python_numbers_or_dictionaries_into_qts() -> None:
    # Signal(int) has 32 bits, and Signal(dict) drops keys that are not text.
    parameters = signal_parameters(TrainingWorker)
    assert set(parameters) == {
        "loaded", "load_failed", "prepared", "progressed", "halted", "failed"
    }  # fmt: skip
    assert {kind for kinds in parameters.values() for kind in kinds} == {"PyObject"}

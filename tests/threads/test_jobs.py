"""Jobs run in slices on a thread of their own, the first channel first and the newest job alone."""

import threading
from collections.abc import Callable, Generator, Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from linreg_gui.threads.jobs import Background, Channel, Job
from tests.support import PATIENCE, LoggedErrors


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    background = Background("test")
    yield background
    assert background.shut_down()
    background.deleteLater()


class Counting:
    """Work that counts, and what became of it."""

    def __init__(self, order: list[str], name: str = "", last: int = 3) -> None:
        self.order = order
        self.name = name
        self.last = last
        self.threads: set[int] = set()
        self.is_closed = threading.Event()

    def work(self) -> Generator[int | None, None, str]:
        try:
            for number in range(1, self.last + 1):
                self.threads.add(threading.get_ident())
                self.order.append(f"{self.name}{number}")
                yield number
                yield None
        finally:
            self.threads.add(threading.get_ident())
            self.is_closed.set()
        return "done"


FOREVER = 10**9


def answers_of(job: Job) -> list[object]:
    """Return a list that fills with all that the job says."""
    answers: list[object] = []
    job.yielded.connect(answers.append)
    job.finished.connect(answers.append)
    job.failed.connect(answers.append)
    return answers


def wait(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=PATIENCE)


def test_a_job_says_what_it_yields_and_then_what_it_returns(
    qtbot: QtBot, background: Background
) -> None:
    counting = Counting([])
    answers = answers_of(background.start(Channel.SWEEP, counting.work()))
    background.begin()
    wait(qtbot, lambda: "done" in answers)
    assert answers == [1, 2, 3, "done"]
    assert threading.get_ident() not in counting.threads


def test_the_first_channel_goes_first(qtbot: QtBot, background: Background) -> None:
    order: list[str] = []
    last = background.start(Channel.SWEEP, Counting(order, "sweep").work())
    background.start(Channel.STEP, Counting(order, "step").work())
    background.start(Channel.GUIDE, Counting(order, "guide").work())
    background.begin()
    with qtbot.waitSignal(last.finished, timeout=PATIENCE):
        pass
    assert order == [f"{name}{count}" for name in ("step", "guide", "sweep") for count in (1, 2, 3)]


def test_the_newest_job_of_a_channel_is_the_only_one(qtbot: QtBot, background: Background) -> None:
    background.begin()
    former = Counting([], last=FOREVER)
    former_answers = answers_of(background.start(Channel.SWEEP, former.work()))
    wait(qtbot, lambda: bool(former_answers))
    answers = answers_of(background.start(Channel.SWEEP, Counting([]).work()))
    said = len(former_answers)
    wait(qtbot, lambda: "done" in answers)
    assert answers == [1, 2, 3, "done"]
    assert len(former_answers) == said
    assert former.is_closed.is_set()


def test_a_canceled_job_is_closed_on_its_thread_and_says_nothing_more(
    qtbot: QtBot, background: Background
) -> None:
    background.begin()
    counting = Counting([], last=FOREVER)
    job = background.start(Channel.SWEEP, counting.work())
    answers = answers_of(job)
    wait(qtbot, lambda: bool(answers))
    job.cancel()
    said = len(answers)
    assert counting.is_closed.wait(PATIENCE / 1000)
    qtbot.wait(20)
    assert len(answers) == said
    assert len(counting.threads) == 1
    assert threading.get_ident() not in counting.threads


def test_a_job_that_is_canceled_at_once_never_begins(qtbot: QtBot, background: Background) -> None:
    order: list[str] = []
    background.start(Channel.STEP, Counting(order, "canceled").work()).cancel()
    other = background.start(Channel.SWEEP, Counting(order, "other").work())
    background.begin()
    with qtbot.waitSignal(other.finished, timeout=PATIENCE):
        pass
    assert order == ["other1", "other2", "other3"]


def test_a_job_that_fails_says_why_and_leaves_its_traceback_in_the_log(
    qtbot: QtBot,
    background: Background,
    caplog: pytest.LogCaptureFixture,
    logged_errors: LoggedErrors,
) -> None:
    def fail() -> Generator[int, None, None]:
        yield 1
        raise ValueError("the sky fell.\nAnd more.")

    answers = answers_of(background.start(Channel.SWEEP, fail()))
    background.begin()
    sentence = "This could not be computed: the sky fell."
    wait(qtbot, lambda: answers == [1, sentence])
    assert "in fail" in caplog.text
    assert logged_errors() == [sentence]


def test_a_warning_of_numpys_on_the_other_thread_is_an_error_in_the_tests(
    qtbot: QtBot, background: Background, logged_errors: LoggedErrors
) -> None:
    def work() -> Generator[None, None, None]:
        yield
        np.array([np.inf]) - np.inf

    answers = answers_of(background.start(Channel.SWEEP, work()))
    background.begin()
    wait(qtbot, lambda: bool(answers))
    assert "invalid value encountered in subtract" in str(answers[0])
    assert logged_errors() == answers


def test_shutting_down_closes_every_job_on_its_thread(qtbot: QtBot, background: Background) -> None:
    background.begin()
    first, second = Counting([], last=FOREVER), Counting([], last=FOREVER)
    answers = answers_of(background.start(Channel.STEP, first.work()))
    wait(qtbot, lambda: bool(answers))
    background.start(Channel.SWEEP, second.work())
    said = len(answers)
    assert background.shut_down()
    assert first.is_closed.is_set()
    assert threading.get_ident() not in first.threads | second.threads
    qtbot.wait(20)
    assert len(answers) == said


def test_work_that_fails_while_it_is_closed_stops_nobody(
    qtbot: QtBot, background: Background, logged_errors: LoggedErrors
) -> None:
    def clumsy() -> Generator[int, None, None]:
        try:
            while True:
                yield 1
        finally:
            raise RuntimeError("on purpose")

    background.begin()
    for _ in range(2):
        job = background.start(Channel.SWEEP, clumsy())
        with qtbot.waitSignal(job.yielded, timeout=PATIENCE):
            pass
    background.cancel(Channel.SWEEP)
    answers = answers_of(background.start(Channel.GUIDE, Counting([]).work()))
    wait(qtbot, lambda: "done" in answers)
    assert logged_errors() == 2 * ["A canceled calculation failed at its end."]
    with qtbot.waitSignal(background.start(Channel.SWEEP, clumsy()).yielded, timeout=PATIENCE):
        pass
    assert background.shut_down()
    assert logged_errors() == ["A canceled calculation failed at its end."]

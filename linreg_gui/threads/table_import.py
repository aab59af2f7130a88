"""How a table comes in: read on a thread of its own, corrected by a person, and chosen from."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from linreg_gui.data.dataset import Dataset
from linreg_gui.runs.proposal import proposed_settings
from linreg_gui.tables.dialect import Dialect
from linreg_gui.tables.reading import propose, reading, select
from linreg_gui.tables.source import why_unusable
from linreg_gui.tables.table import Table
from linreg_gui.texts import tr
from linreg_gui.threads.jobs import yielding_to_the_window

PROGRESS_SECONDS = 0.05
"""So far apart are reports of how much has been read."""

SHUTDOWN_MILLISECONDS = 30_000

Job = Callable[["_Reader"], Any]
Choice = tuple[Sequence[int], int]


class TableImport(QObject):
    """Owns the table that a person is about to take over, and the thread that reads it.

    Lives in the GUI thread. A new ask takes the place of the former, whose answer is dropped.

    Attributes
    ----------
    name : str
        The file's, or words for the clipboard.
    table : Table or None
        As it was read last, also if there is nothing to learn from in it.
    proposal : tuple of (sequence of int, int) or None
        Which of its columns to propose, as features and as the target; None if it cannot be used.
    dialect : Dialect or None
        How it was read, or will be; None until the file's beginning has told.
    sheets : tuple of str
        What a workbook has; empty for text.
    complaint : str
        Why it cannot be used, in one sentence; empty if it can.
    is_reading : bool
        Whether another table is on its way.
    progress : float
        The share of it that has been read, 0 to 1.

    Signals
    -------
    changed()
        Any of these but `progress` is another.
    progressed()
        `progress` is another.
    chosen(Dataset)
        The answer to `choose`.
    suggested(dict)
        The answer to `suggest`, by the settings' names.
    refused(str)
        There is no such answer; a sentence says why.
    """

    changed = Signal()
    progressed = Signal()
    chosen = Signal(object)
    suggested = Signal(object)
    refused = Signal(str)

    _asked = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_shut_down = False
        self._ticket = 0
        self._take: Callable[[Any], None] = self._on_read
        self._thread = QThread()
        self._thread.setObjectName("reading")
        self._reader = _Reader()
        self._reader.moveToThread(self._thread)
        self._asked.connect(self._reader.carry_out)
        self._reader.detected.connect(self._on_detected)
        self._reader.progressed.connect(self._on_progressed)
        self._reader.answered.connect(self._on_answered)
        self._reader.failed.connect(self._on_failed)
        self._let_go()

    def _let_go(self) -> None:
        self._source: Path | str = ""
        self._corrected: dict[str, Any] = {}
        self.name = ""
        self.table: Table | None = None
        self.proposal: Choice | None = None
        self.dialect: Dialect | None = None
        self.sheets: tuple[str, ...] = ()
        self.complaint = ""
        self.is_reading = False
        self.progress = 0.0

    def open(self, source: Path | str) -> None:
        """Read a file, or text that was pasted, and find out how it is written."""
        self._let_go()
        self._source = source
        self.name = source.name if isinstance(source, Path) else tr("the clipboard")
        self._read()

    def correct(self, **fields: Any) -> None:
        """Read anew with these fields of the `Dialect`, and with those corrected before."""
        if self.table is not None:
            # Where its beginning is plain ASCII, the whole file had to tell.
            self._corrected.setdefault("encoding", self.table.dialect.encoding)
            self._corrected.setdefault("sheet", self.table.dialect.sheet)
        self._corrected |= fields
        if "decimal" in fields and self._corrected.get("thousands") == fields["decimal"]:
            del self._corrected["thousands"]
        if self.dialect is not None:
            self.dialect = replace(self.dialect, **self._corrected)
        self._read()

    def choose(self, features: Sequence[int], target: int) -> None:
        """Take the examples from the columns with these indices; nothing while another is read."""
        if self.table is not None and not self.is_reading:
            self._ask(partial(_select, self.table, features, target, self.name), self.chosen.emit)

    def suggest(self, data: Dataset, *, standardize: bool) -> None:
        """Find settings that suit the examples. At a million of them it takes two seconds."""
        self._ask(partial(_suggest, data, standardize), self.suggested.emit)

    def cancel(self) -> None:
        """Stop what is under way, and let go of what has been read."""
        self._take_ticket()
        self._let_go()
        self.changed.emit()

    def shut_down(self) -> bool:
        """End the reading thread and wait for it; return whether it ended. May be called twice."""
        self._is_shut_down = True
        self._take_ticket()
        self._thread.quit()
        return self._thread.wait(SHUTDOWN_MILLISECONDS)

    def _read(self) -> None:
        self.is_reading = not self._is_shut_down
        self.progress = 0.0
        self.complaint = ""
        self._ask(partial(_read, self._source, dict(self._corrected)), self._on_read)
        self.changed.emit()

    def _ask(self, job: Job, take: Callable[[Any], None]) -> None:
        if self._is_shut_down:
            return
        if not self._thread.isRunning():
            self._thread.start(QThread.Priority.LowPriority)
        self._take_ticket()
        self._take = take
        # Once what is shown meanwhile is painted: two threads would take turns for that.
        QTimer.singleShot(0, self, partial(self._asked.emit, self._ticket, job))

    def _take_ticket(self) -> None:
        self._ticket += 1
        self._reader.wanted = self._ticket

    def _on_read(self, answer: tuple[Table, Choice]) -> None:
        self._finish_reading(*answer, "")

    def _finish_reading(self, table: Table | None, proposal: Choice | None, complaint: str) -> None:
        self.is_reading = False
        self.table, self.proposal, self.complaint = table, proposal, complaint
        if table is not None:
            self.dialect, self.sheets = table.dialect, table.sheets
        self.changed.emit()

    @Slot(int, object)
    def _on_detected(self, ticket: int, dialect: Dialect) -> None:
        if ticket == self._ticket:
            self.dialect = dialect
            self.changed.emit()

    @Slot(int, float)
    def _on_progressed(self, ticket: int, progress: float) -> None:
        if ticket == self._ticket:
            self.progress = progress
            self.progressed.emit()

    @Slot(int, object)
    def _on_answered(self, ticket: int, answer: Any) -> None:
        if ticket == self._ticket:
            self._take(answer)

    @Slot(int, str, object)
    def _on_failed(self, ticket: int, sentence: str, table: Table | None) -> None:
        if ticket != self._ticket:
            return
        if self.is_reading:
            self._finish_reading(table, None, sentence)
        else:
            self.refused.emit(sentence)


class _Reader(QObject):
    """Does one job after the other, in the reading thread.

    Attributes
    ----------
    wanted : int
        Written by the GUI thread: the newest ticket. The job of any other stops.
    """

    detected = Signal(int, object)
    progressed = Signal(int, float)
    answered = Signal(int, object)
    failed = Signal(int, str, object)

    def __init__(self) -> None:
        super().__init__()
        self.wanted = 0
        self._ticket = 0
        self._last_report = 0.0

    @Slot(int, object)
    def carry_out(self, ticket: int, job: Job) -> None:
        """Answer with what ``job`` returns."""
        self._ticket = ticket
        if self.is_canceled():
            return
        try:
            with yielding_to_the_window():
                answer = job(self)
        except Exception as error:  # noqa: BLE001 - whatever it is, the user must be told
            self.failed.emit(ticket, why_unusable(error), getattr(error, "table", None))
        else:
            self.answered.emit(ticket, answer)

    def is_canceled(self) -> bool:
        """Return whether nobody waits for the job that is under way."""
        return self._ticket != self.wanted

    def tell(self, dialect: Dialect) -> None:
        """Report how the table is written, before it is read."""
        self.detected.emit(self._ticket, dialect)

    def report(self, progress: float) -> None:
        """Report how much has been read, not too often."""
        now = time.perf_counter()
        if now - self._last_report >= PROGRESS_SECONDS:
            self._last_report = now
            self.progressed.emit(self._ticket, progress)


def _read(
    source: Path | str, corrected: dict[str, Any], reader: _Reader
) -> tuple[Table, Choice] | None:
    with closing(reading(source, **corrected)) as steps:
        while not reader.is_canceled():
            try:
                step = next(steps)
            except StopIteration as end:
                return end.value, propose(end.value)
            if isinstance(step, Dialect):
                reader.tell(step)
            else:
                reader.report(step)
    return None


def _select(table: Table, features: Sequence[int], target: int, name: str, _: _Reader) -> Dataset:
    return select(table, features, target, name)


def _suggest(data: Dataset, standardize: bool, _: _Reader) -> dict[str, Any]:
    return proposed_settings(data, standardize=standardize)

"""How a table comes in: read on a thread of its own, corrected by a person, and chosen from."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from linreg_gui.analysis.moments import moments_of
from linreg_gui.data.dataset import Dataset
from linreg_gui.runs.proposal import proposing
from linreg_gui.tables.dialect import Dialect
from linreg_gui.tables.reading import propose, reading, remarks_on_proposal, select
from linreg_gui.tables.source import why_unusable
from linreg_gui.tables.table import Table
from linreg_gui.texts import quoted, tr
from linreg_gui.threads.jobs import (
    Background,
    Channel,
    Job,
    Work,
    is_canceled,
    yielding_to_the_window,
)

PROGRESS_SECONDS = 0.05
"""The shortest time between two reports of the progress."""

Choice = tuple[Sequence[int], int]


class TableImport(QObject):
    """Owns the table that a person may train on next, and the thread that reads it.

    Lives in the GUI thread. A new request cancels the one before it.

    Attributes
    ----------
    name : str
        The name of the file, or words for the clipboard.
    table : Table or None
        The last table that was read, even if there is nothing to learn from in it.
    proposal : tuple of (sequence of int, int) or None
        The columns to propose as features and as the target; None without a usable table.
    dialect : Dialect or None
        How the table was read or is being read; None until the file's beginning is known.
    sheets : tuple of str
        The sheets of a workbook; empty for text.
    complaint : str
        Why the table cannot be used, in one sentence; empty if it can.
    is_reading : bool
        Whether a table is being read.
    progress : float
        The share of it that has been read, 0 to 1.

    Signals
    -------
    changed()
        Any of these but `progress` has changed.
    progressed()
        `progress` has changed.
    chosen(Dataset)
        The answer to `choose`.
    suggested(dict)
        A later answer, and that to `suggest`: settings by name.
    refused(str)
        There is no such answer; a sentence says why.
    """

    changed = Signal()
    progressed = Signal()
    chosen = Signal(object)
    suggested = Signal(object)
    refused = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background("reading", self, waits_for_paint=True)
        self._reported = 0.0
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

    def open(self, source: Path | str, **known: Any) -> None:
        """Read a file, or pasted text, and find out how it is written.

        ``known`` are fields of the `Dialect`.
        """
        self._let_go()
        self._source = source
        self._corrected = known
        self.name = quoted(source.name) if isinstance(source, Path) else tr("the clipboard")
        self._read()

    @Slot(object)
    def correct(self, fields: Mapping[str, Any]) -> None:
        """Read again with these fields of the `Dialect`, and those corrected before."""
        if self.table is not None:
            if "encoding" not in self.table.dialect.doubts:
                # Only the whole file tells the encoding if its beginning is plain ASCII.
                self._corrected.setdefault("encoding", self.table.dialect.encoding)
            self._corrected.setdefault("sheet", self.table.dialect.sheet)
        self._corrected |= fields
        if "decimal" in fields and self._corrected.get("thousands") == fields["decimal"]:
            del self._corrected["thousands"]
        if self.dialect is not None:
            self.dialect = replace(self.dialect, **self._corrected)
        self._read()

    def choose(
        self, features: Sequence[int], target: int, *, standardize: bool | None = None
    ) -> None:
        """Take the examples from the columns with these indices, unless a table is being read.

        Then find settings for them as `suggest` does.
        """
        if self.table is not None and not self.is_reading:
            job = self._start(_select(self.table, features, target, self.name, standardize))
            job.yielded.connect(self.chosen)
            job.finished.connect(self._on_selected)
            job.failed.connect(self.refused)

    def suggest(self, data: Dataset, *, standardize: bool | None) -> None:
        """Find settings that suit the examples, standardized if that is wanted, or if it helps.

        It takes two seconds for a million of them.
        """
        job = self._start(_suggest(data, standardize))
        job.finished.connect(self.suggested)
        job.failed.connect(self.refused)

    def cancel(self) -> None:
        """Stop the work under way, and let go of the table."""
        self._background.cancel(Channel.TABLE)
        self._let_go()
        self.changed.emit()

    def shut_down(self) -> bool:
        """End the reading thread and wait for it; return whether it ended. May be called twice."""
        return self._background.shut_down()

    def _read(self) -> None:
        job = self._start(_read(self._source, dict(self._corrected)))
        job.yielded.connect(self._on_yielded)
        job.finished.connect(self._on_read)
        self.is_reading = self._background.is_running
        self.progress = 0.0
        self.complaint = ""
        self.changed.emit()

    def _start(self, work: Work) -> Job:
        self._background.begin()
        return self._background.start(Channel.TABLE, work)

    @Slot(object)
    def _on_yielded(self, answer: Dialect | float) -> None:
        if isinstance(answer, Dialect):
            self.dialect = answer
            self.changed.emit()
        elif time.perf_counter() - self._reported >= PROGRESS_SECONDS:
            self._reported = time.perf_counter()
            self.progress = answer
            self.progressed.emit()

    @Slot(object)
    def _on_read(self, answer: tuple[Table | None, Choice | None, str]) -> None:
        self.is_reading = False
        self.table, self.proposal, self.complaint = answer
        if self.table is not None:
            self.dialect, self.sheets = self.table.dialect, self.table.sheets
        self.changed.emit()

    @Slot(object)
    def _on_selected(self, answer: dict[str, Any] | str) -> None:
        if isinstance(answer, str):
            self.refused.emit(answer)
        else:
            self.suggested.emit(answer)


def _read(source: Path | str, corrected: dict[str, Any]) -> Work:
    """Return the table, the columns to propose, and why the table cannot be used."""
    with yielding_to_the_window():
        try:
            table = yield from reading(source, is_canceled, **corrected)
            if table.complaint:
                return table, None, table.complaint
            proposal = propose(table)
            remarks = (*table.remarks, *remarks_on_proposal(table, proposal[1]))
            return replace(table, remarks=remarks), proposal, ""
        except Exception as error:  # noqa: BLE001 - a damaged file can raise anything
            return None, None, why_unusable(error)


def _select(
    table: Table, features: Sequence[int], target: int, name: str, standardize: bool | None
) -> Work:
    """Yield the examples and return settings for them, or return why there are none."""
    yield
    with yielding_to_the_window():
        try:
            data = select(table, features, target, name)
        except Exception as error:  # noqa: BLE001 - whatever it is, the user must be told
            return why_unusable(error)
        yield data
        return (yield from _suggest(data, standardize))


def _suggest(data: Dataset, standardize: bool | None) -> Work:
    yield
    with yielding_to_the_window():
        return (yield from proposing(moments_of(data), standardize=standardize)).settings

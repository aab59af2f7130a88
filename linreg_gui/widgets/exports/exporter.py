"""Writes exports, while the window stays alive."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QProgressDialog

from linreg_gui.files import replacing
from linreg_gui.look.asking import file_to_write
from linreg_gui.pieces import at_once
from linreg_gui.texts import paragraph, quoted, reason_of, tr
from linreg_gui.widgets.exports.kinds import ExportError, ExportKind, Writing

if TYPE_CHECKING:
    from linreg_gui.widgets.window.main_window import MainWindow

_PARTS = 1000
_NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|]')
"""What no file's name can have, on one system or another."""
_LONGEST_NAME = 255
"""Bytes of a file's name that file systems take."""


def _nothing() -> None:
    pass


class Exporter(QObject):
    """Lets a person choose what to export and where, and writes it. Lives in the GUI thread.

    Signals
    -------
    ended(str, bool)
        A file is written, or is not: what the window says of it, and whether all is well.
    """

    ended = Signal(object, bool)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._file = Path()
        self._writing: Writing | None = None
        self._then: Callable[[], object] = _nothing
        self._dialog: QProgressDialog | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_busy(self) -> bool:
        """Return whether a file is being written."""
        return self._writing is not None

    def choose(self, kind: ExportKind, then: Callable[[], object] = _nothing) -> None:
        """Let a person choose options and a file for ``kind``, and write it; see `begin`."""
        if sentence := kind.obstacle(self._window.session):
            self._window.messages.show_message(sentence)
            return
        options = kind.ask(self._window) if kind.ask is not None else None
        if kind.ask is not None and options is None:
            return
        words, name = kind.words().removesuffix("…"), _NOT_IN_NAMES.sub(" ", kind.name)
        proposed = Path(name + kind.suffixes[0])
        file = file_to_write(self._window, words, proposed, kind.suffixes)
        if file is not None:
            self.begin(kind, file, options, then)

    def begin(
        self,
        kind: ExportKind,
        file: Path,
        options: Any = None,
        then: Callable[[], object] = _nothing,
    ) -> None:
        """Write ``kind`` into ``file``, in pieces, and call ``then`` once the file is in its place.

        What is being written already is given up.
        """
        self.cancel()
        self._then = then
        self._file = file
        self._writing = writing_export(kind, self._window, file, options)
        self._dialog = QProgressDialog(
            tr("Writing {file}…").format(file=quoted(file.name)),
            tr("Cancel"),
            0,
            _PARTS,
            self._window,
        )
        self._dialog.setWindowTitle(tr("Export"))
        self._dialog.canceled.connect(self.cancel)
        self._timer.start(0)

    @Slot()
    def cancel(self) -> None:
        """Give up what is being written, if anything; the file stays as it was."""
        self._timer.stop()
        if self._writing is not None:
            self._writing.close()
            self._writing = None
        if self._dialog is not None:
            self._dialog.blockSignals(True)  # its end is no wish to cancel
            self._dialog.close()
            self._dialog.deleteLater()
            self._dialog = None

    @Slot()
    def _on_timeout(self) -> None:
        if self._writing is None or self._dialog is None:
            return
        try:
            share = next(self._writing)
        except StopIteration as end:
            words, is_good = tr("{file} is written.").format(file=quoted(self._file.name)), True
            if end.value:
                words, is_good = paragraph(words, end.value), False
            self.cancel()
            self._then()
        except (OSError, ExportError) as error:
            words, is_good = sentence_on(error, self._file), False
        except BaseException:
            self.cancel()
            raise
        else:
            self._dialog.setValue(min(int(share * _PARTS), _PARTS - 1))
            return
        self.cancel()
        self._window.messages.show_message(words, is_good=is_good)
        self.ended.emit(words, is_good)


def writing_export(
    kind: ExportKind, window: "MainWindow", file: Path, options: Any = None
) -> Writing:
    """Write ``kind`` into ``file``, which stays as it was until all is written.

    Raises
    ------
    OSError, ExportError
        From `next`, if that cannot be done.
    """
    if sentence := kind.obstacle(window.session):
        raise ExportError(sentence)
    with replacing(file) as draft:
        return (yield from kind.write(window, draft, options, file.suffix.lower()))


def write_at_once(kind: ExportKind, window: "MainWindow", file: Path, options: Any = None) -> str:
    """Write ``kind`` without a break, as `writing_export` does; return what has to be known.

    Raises
    ------
    OSError, ExportError
        If that cannot be done.
    """
    return at_once(writing_export(kind, window, file, options)) or ""


def sentence_on(error: OSError | ExportError, file: Path) -> str:
    """Say why ``file`` is not written, and what to do."""
    if isinstance(error, ExportError):
        return str(error)
    if len(file.name.encode(errors="surrogateescape")) > _LONGEST_NAME:
        words = tr("{file} could not be written: its name is too long. Choose a shorter one.")
        return words.format(file=quoted(file.name))
    words = tr("{file} could not be written ({reason}); choose another folder.")
    return words.format(file=quoted(file.name), reason=reason_of(error))

"""``--self-test`` finds out whether the whole program works on this computer.

The lesson is trained in the real window, and every kind of export is written and opened again. What
it prints can be pasted into a report of an error.
"""

import ast
import csv
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QTimer, SignalInstance, Slot

from linreg_gui import interruption
from linreg_gui.batch_mode import SETTLE_MILLISECONDS
from linreg_gui.interruption import INTERRUPTED
from linreg_gui.number_text import fixed, joined, whole
from linreg_gui.pieces import at_once
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import DEFAULTS
from linreg_gui.texts import complain, reason_of, tr, trn, without_marks
from linreg_gui.widgets.exports.exporter import writing_export
from linreg_gui.widgets.exports.kinds import EXPORTS, ExportKind
from linreg_gui.widgets.help.about import versions
from linreg_gui.widgets.help.self_test_page import SIGN_WIDTH
from linreg_gui.widgets.window.main_window import MainWindow

_PATIENCE_SECONDS = 120
_POLL_MILLISECONDS = 10
_NEARNESS = 0.002
_REPEATED_STEPS = 500
_FILM_SECONDS = 0.5
_COLORS = 20
"""A window that is painted has more."""

_TELLING = (
    "LANG", "QT_QPA_PLATFORM", "QT_SCALE_FACTOR", "QT_STYLE_OVERRIDE", "XDG_CURRENT_DESKTOP",
    "XDG_SESSION_TYPE", "MXNET_ENGINE_TYPE", "OMP_NUM_THREADS",
)  # fmt: skip
"""Variables of the environment that change how the program looks or computes, and no more."""


class _Failure(Exception):  # noqa: N818 - it is one
    """What is wrong, in a sentence."""


class _Ended(Exception):  # noqa: N818 - not an error
    """The window was closed."""


def run_self_test(window: MainWindow, errors: SignalInstance) -> int:
    """Try everything in ``window``, print what was found, close it; return the exit code.

    It is 0 if all is well. A sentence from ``errors`` counts as a failure.
    """
    window.left_while_loading.connect(_leave)
    try:
        folder = TemporaryDirectory()
    except OSError as error:
        words = tr("No temporary file can be written ({reason}); set TMPDIR to another folder.")
        complain(words.format(reason=reason_of(error)))
        window.close()
        return 1
    window.show()
    with folder:
        try:
            code = SelfTest(window, errors, Path(folder.name)).run()
        except _Ended:
            complain(tr("The self-test was interrupted."))
            return interruption.asked_exit_code() or INTERRUPTED
    window.close()
    return interruption.asked_exit_code() or code


def _leave() -> None:
    """End the process as it is, while MXNet loads."""
    os._exit(interruption.asked_exit_code() or INTERRUPTED)


class SelfTest(QObject):
    """Uses the window as a person would, and writes into ``folder``. GUI thread."""

    def __init__(self, window: MainWindow, errors: SignalInstance, folder: Path) -> None:
        super().__init__(window)
        self._folder = folder
        self._window = window
        self._controller = window.controller
        self._errors: list[str] = []
        self._done = self._failed = 0
        errors.connect(self._on_error)

    def run(self) -> int:
        """Make all the checks, print their results and the facts; return the exit code."""
        for name, check in self._checks():
            self._report(name, check)
        if self._failed:
            words = trn(
                "{failed} of {all} check failed. Please send all of this with your report.",
                "{failed} of {all} checks failed. Please send all of this with your report.",
                self._done,
            )
        else:
            words = trn("All is well: {all} check.", "All is well: {all} checks.", self._done)
        _print("", words.format(failed=self._failed, all=self._done), "")
        _print(*(f"{name}: {fact}" for name, fact in [*versions(self._controller), *_facts()]))
        return 1 if self._failed else 0

    def _checks(self) -> Iterator[tuple[str, Callable[[], str]]]:
        yield tr("MXNet loads"), self._load
        if self._controller.run is None:
            return
        yield tr("The lesson's run ends where it should"), self._train
        yield tr("The window is painted"), self._look
        yield tr("A sweep runs"), self._sweep
        tried: set[str] = set()
        for kind in EXPORTS:
            new = [suffix for suffix in kind.suffixes if suffix not in tried]
            tried.update(new)
            for suffix in new or kind.suffixes[:1]:
                name = tr("Export “{kind}” as {suffix}").format(kind=kind.name, suffix=suffix)
                yield name, partial(self._export, kind, suffix)
        yield tr("A session is saved and opened again"), self._save
        yield tr("The same seed gives the same run, bit for bit"), self._train_again

    def _report(self, name: str, check: Callable[[], str]) -> None:
        self._done += 1
        try:
            found, verdict = check(), tr("ok")
            if self._errors:
                raise _Failure(" ".join(self._errors))  # noqa: TRY301 - told like the others
        except _Ended:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            self._failed += 1
            found, verdict = reason_of(error), tr("FAILED")
        self._errors.clear()
        _print(f"{verdict:{SIGN_WIDTH}}{name}" + (f": {found}" if found else ""))

    def _load(self) -> str:
        controller = self._controller
        self._wait(lambda: controller.run is not None or controller.state is RunState.UNAVAILABLE)
        if controller.run is None:
            raise _Failure(controller.outcome)
        return ""

    def _train(self) -> str:
        run = self._run
        self._controller.start()
        self._wait(lambda: self._controller.state is not RunState.RUNNING)
        if self._controller.state is not RunState.COMPLETED:
            raise _Failure(self._controller.outcome)
        truth = np.array([*DEFAULTS.true_weights, DEFAULTS.true_bias])
        words = joined(
            f"{name} {fixed(float(value))}"
            for name, value in zip(run.parameter_symbols(), run.current_parameters, strict=True)
        )
        if np.abs(run.current_parameters - truth).max() > _NEARNESS:
            raise _Failure(words)
        return words

    def _look(self) -> str:
        """Grab the window when what comes after the run is there, too."""
        until = time.monotonic() + SETTLE_MILLISECONDS / 1000
        self._wait(lambda: time.monotonic() > until)
        self._window.refresher.refresh_all()
        image = self._window.grab().toImage()
        pixels = np.array(image.bits()).view(np.uint32)
        if len(np.unique(pixels)) < _COLORS:
            raise _Failure(tr("It is empty."))
        return f"{image.width()} × {image.height()}"

    def _sweep(self) -> str:
        sweeper = self._window.session.sweeper
        sweeper.start("learning_rate", (0.001, 0.01))
        self._wait(lambda: not sweeper.is_running)
        if len(sweeper.points) < len(sweeper.values):
            raise _Failure(tr("It ended early."))
        return ""

    def _export(self, kind: ExportKind, suffix: str) -> str:
        file = self._folder / f"{kind.name}{suffix}"
        chosen = self._chosen_for(kind)
        at_once(writing_export(kind, self._window, file, chosen), QCoreApplication.processEvents)
        open_again(file)
        return _size_in_words(file)

    def _chosen_for(self, kind: ExportKind) -> Any:
        """Return what a person would choose, for kinds that need it or take long without it."""
        if kind.name == "animation":
            from linreg_gui.widgets.exports.pictures import usual_film  # noqa: PLC0415 - seldom

            return replace(usual_film(self._window), seconds=_FILM_SECONDS)
        if kind.read is not None:  # new examples: those that were exported before
            return kind.read(self._window, self._folder / "examples.csv")
        return None

    def _save(self) -> str:
        from linreg_gui.sessions.session_file import (  # noqa: PLC0415 - seldom
            reading_session,
            writing_session,
        )
        from linreg_gui.threads.saved_session import capture  # noqa: PLC0415 - likewise

        file = self._folder / "session.linreg"
        session = self._window.session
        saved = capture(self._controller, session.kept_runs, None, None, session.sweeper, {})
        at_once(writing_session(file, saved), QCoreApplication.processEvents)
        opened = at_once(reading_session(file), QCoreApplication.processEvents)
        if saved.run is None or opened.run is None:
            raise _Failure(tr("It has no run."))
        old, new = saved.run.trajectory, opened.run.trajectory
        if not np.array_equal(old.parameters, new.parameters):
            raise _Failure(tr("The numbers differ."))
        if opened.sweep != saved.sweep:
            raise _Failure(tr("The numbers differ."))
        return _size_in_words(file)

    def _train_again(self) -> str:
        first = self._run
        self._controller.reset()
        self._wait(lambda: self._controller.current_run not in {None, first})
        self._controller.start()
        self._wait(lambda: self._run.history.step >= _REPEATED_STEPS)
        self._controller.pause()
        former, again = first.history, self._run.history
        pairs = ((former.losses, again.losses), (former.parameters, again.parameters))
        if not all(np.array_equal(old[..., : len(again)], new) for old, new in pairs):
            raise _Failure(tr("The numbers differ."))
        return trn("{count} step", "{count} steps", len(again)).format(count=whole(len(again)))

    @property
    def _run(self) -> Run:
        run = self._controller.run
        assert run is not None
        return run

    def _wait(self, condition: Callable[[], bool]) -> None:
        """Let the window work until ``condition`` holds."""
        loop, poll = QEventLoop(), QTimer()
        end = time.monotonic() + _PATIENCE_SECONDS
        poll.timeout.connect(lambda: loop.quit() if condition() or time.monotonic() > end else None)
        poll.start(_POLL_MILLISECONDS)
        loop.exec()
        if not self._window.isVisible():
            raise _Ended
        if not condition():
            raise _Failure(tr("It takes too long."))

    @Slot(object)
    def _on_error(self, sentence: str) -> None:
        self._errors.append(sentence)


def _size_in_words(file: Path) -> str:
    size = file.stat().st_size
    return trn("{count} byte", "{count} bytes", size).format(count=whole(size))


def open_again(file: Path) -> None:
    """Read an exported file as far as its suffix tells how; raise an error if that fails."""
    if not file.stat().st_size:
        raise _Failure(tr("It is empty."))
    if read := _READERS.get(file.suffix):
        read(file)


def _read_table(file: Path) -> None:
    with file.open(encoding="utf-8", newline="") as table:
        header, *rows = csv.reader(table, strict=True)
    if not rows or any(len(row) != len(header) for row in rows):
        raise _Failure(tr("The rows have different lengths."))


def _read_python(file: Path) -> None:
    ast.parse(file.read_text(encoding="utf-8"))


def _read_notebook(file: Path) -> None:
    import nbformat  # noqa: PLC0415 - seldom

    nbformat.validate(nbformat.read(file, as_version=4))


def _read_xml(file: Path) -> None:
    ET.parse(file)  # noqa: S314 - our own file


def _read_image(file: Path) -> None:
    from PIL import Image  # noqa: PLC0415 - seldom

    with Image.open(file) as image:
        image.load()


def _read_pdf(file: Path) -> None:
    content = file.read_bytes().strip()
    if not (content.startswith(b"%PDF-") and content.endswith(b"%%EOF")):
        raise _Failure(tr("It is no PDF."))


def _read_html(file: Path) -> None:
    if not file.read_text(encoding="utf-8").rstrip().endswith("</html>"):
        raise _Failure(tr("It has no end."))


_READERS: dict[str, Callable[[Path], None]] = {
    ".csv": _read_table,
    ".py": _read_python,
    ".ipynb": _read_notebook,
    ".svg": _read_xml,
    ".png": _read_image,
    ".gif": _read_image,
    ".webp": _read_image,
    ".pdf": _read_pdf,
    ".html": _read_html,
    ".json": lambda file: json.loads(file.read_bytes()),
}


def _facts() -> list[tuple[str, str]]:
    """Return what a report should tell beside the versions."""
    variables = [f"{name}={os.environ[name]}" for name in _TELLING if name in os.environ]
    return [
        (tr("Processors"), str(os.cpu_count())),
        (tr("Encoding"), sys.getfilesystemencoding()),
        (tr("Environment"), " ".join(variables)),
    ]


def _print(*lines: str) -> None:
    """Print at once, because the window of the Help menu reads along."""
    with suppress(OSError, ValueError):  # nobody reads any more
        for line in lines:
            print(without_marks(line), flush=True)

"""Closes the program at random moments: ``python3 tests --closes N``.

Each close is the end of a process of its own, which runs the whole program: some time
after it began to do something, it is closed in one of the ways that there are. It must end with the
exit code of that way, say nothing, and leave no file half-written.
"""

import argparse
import configparser
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from linreg_gui import __main__, application
from linreg_gui.files import write_whole
from linreg_gui.runs.states import RunState
from linreg_gui.threads.sweeper import Sweeper
from linreg_gui.widgets.exports.drawing import as_png
from linreg_gui.widgets.window.main_window import MainWindow
from tests.children import Ended, Limits, run_children
from tests.support import ROOT

LIMITS = Limits(address_bytes=8_000_000_000, processor_seconds=60, wall_seconds=300.0)
WORKERS = 2
MOST_MILLISECONDS = 400
_AGAIN_MILLISECONDS = 20

_CODES = {
    "close": 0, "Ctrl+Q": 0, "end of session": 0, "SIGINT": 130, "SIGTERM": 143
}  # fmt: skip
"""Each way to end the program, and its exit code."""

_SIGNALS = ("SIGINT", "SIGTERM")
_OPTIMIZER = 6
"""A stop of the guide whose lines take a while."""

_TABLE, _PICTURE, _SESSION, _OUT = "table.csv", "picture.png", "own.linreg", "out"
_BATCH_FILES = {"summary.json", "trajectory.csv", "window.png"}
_INTERRUPTED = "linreg-gui: Interrupted; nothing was written.\n"

_OF_A_QUESTION = "This plugin does not support propagateSizeHints()\n"
"""What Qt says offscreen of the window of a question."""

_BEGUN = "begun"
# The program as it is started, which says when its first line runs: what comes before is Python's.
_STARTED = f"""
import sys
from linreg_gui import interruption
interruption.begin()
print("{_BEGUN}", flush=True)
from linreg_gui.__main__ import main
sys.exit(main())
"""


class Close(NamedTuple):
    """What the program does, how it is closed, and how long after it began to do that."""

    number: int
    deed: str
    way: str
    milliseconds: int


def _read_table(window: MainWindow) -> None:
    Path(_TABLE).write_text("x,y\n" + "1.25,2.5\n" * 200_000, encoding="utf-8")
    window.session.tables.open(Path(_TABLE))


def _import(window: MainWindow) -> None:
    Path(_TABLE).write_text("x,y\n1,2\n3,5\n4,7\n6,2\n", encoding="utf-8")
    window.session.tables.open(Path(_TABLE))


def _train_and_pause(window: MainWindow) -> None:
    window.controller.start()
    QTimer.singleShot(50, window, window.controller.pause)


def _sweep(window: MainWindow) -> None:
    Sweeper(window.controller, window).start(
        "learning_rate", [0.001 * rate for rate in range(1, 51)]
    )


def _check_a_gradient(window: MainWindow) -> None:
    window.controller.step()
    window.session.inspector.want_report(wanted=True)
    window.session.inspector.watch(window, wanted=True)


def _run_lines(window: MainWindow) -> None:
    guide = window.session.guide
    guide.go_to(_OPTIMIZER)
    guide.lock(1)
    guide.run()


def _save(window: MainWindow) -> None:
    timer = QTimer(window)
    timer.timeout.connect(lambda: write_whole(Path(_PICTURE), as_png(window.grab().toImage())))
    timer.start(0)


def _ask(window: MainWindow) -> None:
    """Change what is saved, and close the window, which asks."""

    def change() -> None:
        window.controller.change_setting("learning_rate", 0.002)
        QTimer.singleShot(0, window, window.close)

    window.document.save_in(Path(_SESSION), change)


DEEDS: dict[str, Callable[[MainWindow], None]] = {
    "ready": lambda _: None,
    "training": lambda window: window.controller.start(),
    "pausing": _train_and_pause,
    "what-if": lambda window: window.controller.change_setting("batch_size", 9),
    "reading": _read_table,
    "importing": _import,
    "sweep": _sweep,
    "guide": _run_lines,
    "check": _check_a_gradient,
    "saving": _save,
    "asking": _ask,
}
"""What the program does once MXNet is loaded."""

EARLY = ("start-up", "start-up of batch mode", "loading", "loading in batch mode")


class _Closer(QObject):
    """Closes the window as ``close`` says."""

    def __init__(self, window: MainWindow, close: Close) -> None:
        super().__init__(window)
        self._window, self._close = window, close
        if close.deed in DEEDS:
            window.controller.state_changed.connect(self._on_state_changed)
        else:
            self._close_later()

    @Slot()
    def _on_state_changed(self) -> None:
        if self._window.controller.state is RunState.READY:
            self._window.controller.state_changed.disconnect(self._on_state_changed)
            DEEDS[self._close.deed](self._window)
            self._close_later()

    @Slot()
    def _close_later(self) -> None:
        QTimer.singleShot(self._close.milliseconds, self, self._end)

    @Slot()
    def _end(self) -> None:
        match self._close.way:
            case "close":
                self._window.close()
            case "Ctrl+Q":
                if (dialog := QApplication.activeModalWidget()) is not None:
                    QTest.keyClick(dialog, Qt.Key.Key_Escape)
                else:
                    self._window.activateWindow()  # as a desktop does after a dialog
                    QTest.keyClick(self._window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
                if self._window.isVisible():  # there was a dialog, or the window is not active yet
                    QTimer.singleShot(_AGAIN_MILLISECONDS, self, self._end)
            case "end of session":  # the loop ends, and nobody has closed the window
                QCoreApplication.exit(0)
            case name:
                os.kill(os.getpid(), getattr(signal, name))


def closes(count: int, seed: int) -> Iterator[Close]:
    """Yield random closes, first those that need no MXNet."""
    chance = random.Random(seed)
    deeds = [chance.choice([*EARLY, *DEEDS]) for _ in range(count)]
    for number, deed in enumerate(sorted(deeds, key=[*EARLY, *DEEDS].index)):
        is_early = deed.startswith("start-up") or "batch" in deed
        no_question = [*_SIGNALS, "end of session"]  # which a person would have to answer
        ways = _SIGNALS if is_early else no_question if deed == "asking" else [*_CODES]
        yield Close(number, deed, chance.choice(ways), chance.randrange(MOST_MILLISECONDS))


def faults(wanted: Iterable[Close]) -> Iterator[tuple[Close, str]]:
    """Yield each close that did not go as it should, and what happened."""
    for ended in run_children(_loading_in_time(wanted), _open_and_close, LIMITS, WORKERS):
        if fault := _fault_of(ended):
            yield ended.task, fault


def _loading_in_time(wanted: Iterable[Close]) -> Iterator[Close]:
    """Load MXNet once, before it is wanted: a process that is forked then has it already."""
    for close in wanted:
        if close.deed in DEEDS:
            from linreg_gui import backend  # noqa: F401
        yield close


def _open_and_close(close: Close, _folder: Path) -> int:
    options = ["--batch", _OUT, "--epochs", "20"] if "batch" in close.deed else []
    if close.deed.startswith("start-up"):
        return _start_and_kill(close, options)
    make = application.create_window

    def create_window(*arguments: object) -> MainWindow:
        window = make(*arguments)  # type: ignore[arg-type]
        _Closer(window, close)
        return window

    application.create_window = create_window  # type: ignore[assignment]
    sys.argv = ["linreg-gui", *options]
    return __main__.main()


def _start_and_kill(close: Close, options: Sequence[str]) -> int:
    process = subprocess.Popen(
        [sys.executable, "-c", _STARTED, *options],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == f"{_BEGUN}\n"
    time.sleep(close.milliseconds / 1000)
    process.send_signal(getattr(signal, close.way))
    return process.wait()


def _fault_of(ended: Ended[Close]) -> str:
    """Return what is wrong after a close; empty if nothing is."""
    wanted, said = _CODES[ended.task.way], ended.output
    if "batch" in ended.task.deed:
        said = said.removeprefix(_INTERRUPTED)
    has_asked = said == _OF_A_QUESTION
    if ended.code != wanted or (said and not has_asked):
        return f"exit code {ended.code}, not {wanted}\n{ended.output}".strip()
    files = [each for each in ended.folder.rglob("*") if each.is_file()]
    kept = {file.name for file in files if file.suffix == ".linreg"} - {_SESSION}
    is_offered = ended.task.deed == "asking"  # a state that a signal has cut off keeps its lock
    if has_asked and not kept:
        return "what was not saved is lost"
    out = {each.name for each in (ended.folder / _OUT).glob("*")}
    if out not in (set(), _BATCH_FILES):
        return f"there are {sorted(out)}"
    return next(filter(None, (_fault_in(file, is_offered) for file in files)), "")


def _fault_in(file: Path, is_offered: bool) -> str:
    """Return what is wrong with a file that is left after a close; empty if nothing is."""
    if file.name.startswith(".unfinished-") or (file.suffix == ".lock" and not is_offered):
        return f"{file.name} is left"
    if file.suffix == ".log" and file.stat().st_size:
        return file.read_text(encoding="utf-8")
    if file.suffix == ".ini" and not configparser.ConfigParser().read(file):
        return f"{file.name} is no file of settings"
    if file.name == _PICTURE and QImage(str(file)).isNull():
        return f"{file.name} is no picture"
    return ""


def main(arguments: list[str]) -> int:
    """Close as often as ``arguments`` ask for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python3 tests --closes")
    parser.add_argument("count", type=int, help="number of closes")
    parser.add_argument("--seed", type=int, default=1, help="of the moments and ways")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    failed = 0
    for close, fault in faults(closes(options.count, options.seed)):
        failed += 1
        print(f"{close}: {fault}", flush=True)
    print(f"{options.count} closes, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

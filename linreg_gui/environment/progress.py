"""Shows what setup is doing: on the terminal or, after a double click, in a small window.

A window is Tk's, or that of a program that most desktops have. Where there is none of them, a file
beside app.py says the same. Run as a module, this is Tk's window. It shows the lines of its input
until that ends, or, with ``--failure``, the whole input until it is closed.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import unicodedata
from importlib.util import find_spec
from typing import Iterator

from linreg_gui import platforms
from linreg_gui.environment import ROOT
from linreg_gui.languages import OPTION, begin, language, tr

NOTICE = os.path.join(ROOT, "LinReg is being set up.txt")
FAILURE = os.path.join(ROOT, "Why LinReg did not start.txt")

# Each shows its input: lines that begin with #, or the first text that comes.
_PROGRESS = (
    "zenity --title=LinReg --progress --pulsate --no-cancel --auto-close --width=560",
    "kdialog --title LinReg --textbox - 560 160",
    "xmessage -title LinReg -center -file -",
)
_FAILURE = (
    "zenity --title=LinReg --text-info --width=640 --height=240",
    "kdialog --title LinReg --textbox - 640 240",
    "xmessage -title LinReg -center -file -",
)
_SECONDS_TO_OPEN = 2
_WIDTH = 72  # characters; these programs do not all wrap lines


class Progress:
    """Shows a line of text in place of the last one.

    This one shows nothing, for who sees neither a terminal nor a screen.
    """

    def __call__(self, text: str) -> None:
        """Show a line."""

    def once(self, text: str) -> None:
        """Show a sentence, which also stays on the terminal or in the log."""
        platforms.print_line(text)
        self(text)

    def end(self) -> None:
        """Show nothing any more."""


@contextlib.contextmanager
def progress() -> "Iterator[Progress]":
    """Yield what shows the progress until the end, as well as can be done here."""
    with contextlib.suppress(OSError):
        os.unlink(FAILURE)
    if is_on_terminal():
        shown = _Terminal()  # type: Progress
    elif _has_screen():
        command = next(_commands(_PROGRESS), None)
        shown = _Window(command) if command else _Notice()
    else:
        shown = Progress()
    try:
        yield shown
    finally:
        shown.end()


def is_on_terminal() -> bool:
    """Return whether a person reads stderr."""
    return sys.stderr is not None and not sys.stderr.closed and sys.stderr.isatty()


def show_failure(text: str) -> None:
    """If there is a screen but no terminal, leave something there that says what went wrong."""
    if platforms.IS_WINDOWS:
        if not platforms.is_seen():
            platforms.show_message(text)
        return
    if is_on_terminal() or not _has_screen():
        return
    if not any(_stays_open(command, text) for command in _commands(_FAILURE, "--failure")):
        _notify(text)
        _write(FAILURE, text)


class _Terminal(Progress):
    def __init__(self) -> None:
        platforms.understand_codes()

    def __call__(self, text: str) -> None:
        with contextlib.suppress(OSError):
            columns = shutil.get_terminal_size().columns - 1
            sys.stderr.write("\r\033[K" + beginning(text, columns))
            sys.stderr.flush()

    def once(self, text: str) -> None:
        self("")
        platforms.print_line(text)

    def end(self) -> None:
        self("")


def beginning(text: str, columns: int) -> str:
    """Return as much of ``text`` as fits; Chinese and Japanese letters take two columns."""
    for place, letter in enumerate(text):
        columns -= 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if columns < 0:
            return text[:place]
    return text


class _Window(Progress):
    def __init__(self, command: "list[str]") -> None:
        self._reads_on = command[0] in (sys.executable, "zenity")
        self._process = _open(command)

    def __call__(self, text: str) -> None:
        lines = self._process.stdin
        assert lines is not None
        with contextlib.suppress(OSError):  # the user closed it; setup goes on
            if self._reads_on:
                os.write(lines.fileno(), "# {}\n".format(text).encode())
            elif not lines.closed:
                os.write(lines.fileno(), _wrapped(text).encode())
                lines.close()

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.terminate()
        self._process.wait()


class _Notice(Progress):
    """A file, and the desktop's bubble if it has one."""

    _is_shown = False

    def __call__(self, text: str) -> None:
        if not self._is_shown:
            self._is_shown = True
            _notify(text)
        _write(NOTICE, text)

    def end(self) -> None:
        with contextlib.suppress(OSError):
            os.unlink(NOTICE)


def _has_screen() -> bool:
    if platforms.IS_WINDOWS:
        return not platforms.is_seen()
    return sys.platform == "darwin" or bool({"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ))


def _commands(programs: "tuple[str, ...]", *options: str) -> "Iterator[list[str]]":
    """Yield the commands that open a window here, the best first."""
    if platforms.IS_WINDOWS:  # Tk reads no pipe there, and a double click opens a console
        return
    if find_spec("_tkinter") and not getattr(sys, "frozen", False):
        tk = [sys.executable, "-m", "linreg_gui.environment.progress"]
        yield [*tk, OPTION, language(), *options]
    for program in programs:
        if shutil.which(program.split()[0]):
            yield program.split()


def _open(command: "list[str]") -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        **platforms.in_background(),  # a Ctrl-C is for us alone
    )


def _stays_open(command: "list[str]", text: str) -> bool:
    """Open a window with a text; return False if it could not open."""
    window = _open(command)
    assert window.stdin is not None
    with contextlib.suppress(OSError):
        window.stdin.write(_wrapped(text).encode())
        window.stdin.close()
    try:
        return window.wait(_SECONDS_TO_OPEN) == 0
    except subprocess.TimeoutExpired:
        return True


def _notify(text: str) -> None:
    if shutil.which("notify-send"):
        null = subprocess.DEVNULL
        with contextlib.suppress(subprocess.TimeoutExpired):
            bubble = ["notify-send", "--expire-time=60000", "LinReg", text]
            subprocess.call(bubble, stdout=null, stderr=null, timeout=_SECONDS_TO_OPEN)


def _write(file: str, text: str) -> None:
    with contextlib.suppress(OSError), open(file, "w", encoding="utf-8") as notice:
        notice.write(_wrapped(text) + "\n")


def _wrapped(text: str) -> str:
    import textwrap

    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _show_window(is_failure: bool) -> None:
    import tkinter as tk
    from tkinter import ttk

    begin(sys.argv)
    window = tk.Tk(className="LinReg")
    window.title("LinReg")
    window.resizable(width=False, height=False)
    frame = ttk.Frame(window, padding=24)
    frame.pack()
    # Of all that shows text, only this one lets it be selected.
    shown = tk.Text(frame, width=64, height=4, wrap="word", relief="flat", font="TkDefaultFont")
    shown.configure(background=ttk.Style().lookup("TFrame", "background"), highlightthickness=0)
    shown.pack(pady=(0, 16))

    def show(text: str) -> None:
        shown.configure(state="normal")
        shown.delete("1.0", "end")
        shown.insert("1.0", text)
        shown.configure(state="disabled")

    def copy() -> None:
        window.clipboard_clear()
        window.clipboard_append(shown.get("1.0", "end").strip())

    def show_last_line(*_: object) -> None:
        lines = os.read(0, 65536).decode().splitlines()
        if lines:
            show(lines[-1].lstrip("# "))
        else:
            window.destroy()

    if is_failure:
        show(" ".join(sys.stdin.read().split()))
        shown.configure(height=7)
        ttk.Button(frame, text=tr("Close"), command=window.destroy).pack(side="right")
        ttk.Button(frame, text=tr("Copy"), command=copy).pack(side="right", padx=8)
    else:
        bar = ttk.Progressbar(frame, mode="indeterminate")
        bar.pack(fill="x")
        bar.start()
        window.createfilehandler(0, tk.READABLE, show_last_line)
    window.mainloop()


if __name__ == "__main__":
    _show_window(is_failure="--failure" in sys.argv)

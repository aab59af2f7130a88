"""What setting up is doing, told on the terminal or, after a double click, in a small window."""

import contextlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from typing import Callable, Iterator

_TK_WINDOW = os.path.join(os.path.dirname(__file__), "progress_window.py")
_ZENITY_PROGRESS = ["--progress", "--pulsate", "--no-cancel", "--auto-close"]


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows a line of text in place of the one before; all gone at the end.

    Where there is neither a terminal nor a screen, nothing is shown.
    """
    if sys.stderr.isatty():
        try:
            yield _show_on_terminal
        finally:
            _show_on_terminal("")
    elif _window_command():
        with _window() as show:
            yield show
    else:
        yield lambda _: None


def show_failure(text: str) -> None:
    """Leave a window open that says what went wrong, where there is a screen but no terminal."""
    if not sys.stderr.isatty() and _window_command():
        _open(_window_command(text))


def _show_on_terminal(text: str) -> None:
    sys.stderr.write("\r\033[K" + text[: shutil.get_terminal_size().columns - 1])
    sys.stderr.flush()


@contextlib.contextmanager
def _window() -> Iterator[Callable[[str], None]]:
    window = _open(_window_command())
    lines = window.stdin
    assert lines is not None

    def show(text: str) -> None:
        with contextlib.suppress(OSError):  # closed by hand: setting up goes on without it
            os.write(lines.fileno(), "# {}\n".format(text).encode())

    try:
        yield show
    finally:
        lines.close()
        window.terminate()
        window.wait()


def _open(command: "list[str]") -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # out of reach of a Ctrl-C meant for us
    )


def _window_command(*failure: str) -> "list[str]":
    """Return the program that shows the lines of its input, or a failure until it is closed."""
    if sys.platform != "darwin" and not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ):
        return []
    if find_spec("_tkinter"):
        return [sys.executable, _TK_WINDOW, *failure]
    if shutil.which("zenity"):
        kind = ["--error", "--no-markup", "--text", *failure] if failure else _ZENITY_PROGRESS
        return ["zenity", "--title=LinReg", *kind]
    return []

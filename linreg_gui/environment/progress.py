"""Shows what setup is doing: on the terminal or, after a double click, in a small window.

Run as a script, this is the window. It shows the lines of its input until that ends, or the text in
its arguments until it is closed.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from typing import Callable, Iterator

_ZENITY_PROGRESS = ["--progress", "--pulsate", "--no-cancel", "--auto-close"]


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows a line of text in place of the last one.

    The text disappears at the end. Without a terminal and a screen nothing is shown.
    """
    if sys.stderr is not None and sys.stderr.isatty():
        from linreg_gui import platforms

        platforms.understand_codes()
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
    """If there is a screen but no terminal, leave a window open that says what went wrong."""
    from linreg_gui import platforms

    if not platforms.is_seen():
        platforms.show_message(text)
    elif not sys.stderr.isatty() and _window_command():
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
        with contextlib.suppress(OSError):  # the user closed it; setup goes on
            os.write(lines.fileno(), "# {}\n".format(text).encode())

    try:
        yield show
    finally:
        lines.close()
        window.terminate()
        window.wait()


def _open(command: "list[str]") -> "subprocess.Popen[bytes]":
    from linreg_gui import platforms

    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **platforms.in_background(),  # a Ctrl-C is for us alone
    )


def _window_command(*failure: str) -> "list[str]":
    """Return the command that shows the lines of its input, or else a failure."""
    if sys.platform == "win32":
        return []  # a double click opens a console
    if sys.platform != "darwin" and not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ):
        return []
    if find_spec("_tkinter"):
        return [sys.executable, os.path.abspath(__file__), *failure]
    if shutil.which("zenity"):
        kind = ["--error", "--no-markup", "--text", *failure] if failure else _ZENITY_PROGRESS
        return ["zenity", "--title=LinReg", *kind]
    return []


def _show_window(failure: str) -> None:
    import tkinter as tk
    from tkinter import ttk

    window = tk.Tk(className="LinReg")
    window.title("LinReg")
    window.resizable(width=False, height=False)
    frame = ttk.Frame(window, padding=24)
    frame.pack()
    text = tk.StringVar(window, failure)
    ttk.Label(frame, textvariable=text, width=56, wraplength=480).pack(pady=(0, 16))

    def show_last_line(*_: object) -> None:
        lines = os.read(0, 65536).decode().splitlines()
        if lines:
            text.set(lines[-1].lstrip("# "))
        else:
            window.destroy()

    if failure:
        ttk.Button(frame, text="Close", command=window.destroy).pack(anchor="e")
    else:
        bar = ttk.Progressbar(frame, mode="indeterminate")
        bar.pack(fill="x")
        bar.start()
        window.createfilehandler(0, tk.READABLE, show_last_line)
    window.mainloop()


if __name__ == "__main__":
    _show_window(" ".join(sys.argv[1:]))

"""SIGINT and SIGTERM end the process at a safe moment, and always with the same exit code.

Python's own handler raises KeyboardInterrupt wherever the program happens to be: inside an import,
or in a function that Qt calls, where nobody can take it. So no signal raises anything here. It ends
the process at once. Only what has to be put in order first is done while the signal is `held`.

Standard library of Python 3.6 only, as in ``environment``.
"""

# The module signal, which is made from this one, takes 3 ms to import: a signal could come in them.
import _signal as signal  # type: ignore[import-not-found]
import os
import sys

from linreg_gui import platforms

TYPE_CHECKING = False  # typing takes as long
if TYPE_CHECKING:
    from collections.abc import Callable

SIGNALS = (signal.SIGINT, signal.SIGTERM)

INTERRUPTED = 128 + signal.SIGINT
"""The exit code after Ctrl-C. After SIGTERM it is 128 + SIGTERM, as a shell would say."""

_asked = 0
_holds = []  # type: list[held]


def begin() -> None:
    """Let signals end the process from now on. The main thread calls this before all else."""
    platforms.open_standard_streams()
    for number in SIGNALS:
        signal.signal(number, _on_signal)
    _mask("SIG_UNBLOCK")


def leave_to_python() -> None:
    """Let Python handle signals as it does by itself."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def ignore() -> None:
    """Ignore the signals that are still to come: what is done now must not stay half done."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def asked_exit_code() -> int:
    """Return the exit code that a signal has asked for; 0 if none has come."""
    return _asked


class held:  # noqa: N801 - used as a function is
    """While this lasts, a signal is noted; at the end of the block it ends the process.

    The block itself sees to it that it ends soon.
    """

    def __init__(self) -> None:
        self._react = None  # type: Callable[[], object] | None

    def react(self, react: "Callable[[], object]") -> None:
        """Call this when a signal comes, at once if one has come already. It raises nothing."""
        self._react = react
        if _asked:
            react()

    def __enter__(self) -> "held":  # noqa: PYI034 - Python 3.6 has no Self
        _holds.append(self)
        return self

    def __exit__(self, *_error: object) -> None:
        _holds.remove(self)
        if _asked and not _holds:
            _end()

    def note(self) -> None:
        """Take note that a signal has come."""
        if self._react is not None:
            self._react()


def execute(program: str, arguments: "list[str]", variables: "dict[str, str]") -> None:
    """Go on as another program, which calls `begin`. A signal that comes before waits for that.

    Returns only if a signal has come already.
    """
    if platforms.IS_WINDOWS and not _asked:
        platforms.go_on_as([program, *arguments[1:]], variables)
    _mask("SIG_BLOCK")
    if not _asked:
        try:
            os.execve(program, arguments, variables)
        finally:  # it could not be started
            _mask("SIG_UNBLOCK")


def _on_signal(number: int, _frame: object) -> None:
    global _asked  # noqa: PLW0603 - the process has one end
    _asked = _asked or 128 + number
    for hold in _holds:
        hold.note()
    if not _holds:
        _end()


def _end() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:  # noqa: SIM105 - contextlib would take time, too
            stream.flush()
        except (AttributeError, OSError, ValueError):  # closed, or not there at all
            pass
    os._exit(_asked)


def _mask(how: str) -> None:
    if hasattr(signal, "pthread_sigmask"):  # not on Windows, where we only say what to do
        signal.pthread_sigmask(getattr(signal, how), SIGNALS)

"""Every sentence for the screen goes through ``tr``, and for the terminal through ``complain``.

Modules without Qt use ``tr`` too. The application installs Qt's translator behind it.
"""

import sys
from collections.abc import Callable

_translate: Callable[[str], str] = str


def install_translator(translate: Callable[[str], str]) -> None:
    """Send every later ``tr`` through ``translate``."""
    global _translate  # noqa: PLW0603 - one translator for the process, as in Qt
    _translate = translate


def tr(text: str) -> str:
    """Return ``text`` in the user's language."""
    return _translate(text)


def shortened(text: str, most: int) -> str:
    """Return the text in one line of at most ``most`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def reason_of(error: BaseException) -> str:
    """Return the reason of ``error`` in one line, for use inside a sentence."""
    reason = str(error).strip().split("\n", 1)[0] or type(error).__name__
    return reason.rstrip(".")


def complain(sentence: str) -> None:
    """Print ``sentence`` on stderr, after the program's name."""
    print(f"linreg-gui: {sentence}", file=sys.stderr)

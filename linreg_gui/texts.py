"""The one road every sentence takes to the screen: ``tr``, and ``complain`` to the terminal.

Modules without Qt mark their texts with ``tr`` too; the application installs Qt's translator
behind it, so that one call serves widgets, errors and batch mode alike.
"""

import sys
from collections.abc import Callable

_translate: Callable[[str], str] = str


def install_translator(translate: Callable[[str], str]) -> None:
    """Send every later ``tr`` through ``translate``."""
    global _translate  # noqa: PLW0603 - one translator for the process, as Qt has it
    _translate = translate


def tr(text: str) -> str:
    """Return ``text`` in the user's language."""
    return _translate(text)


def reason_of(error: BaseException) -> str:
    """Return why ``error`` came, in one line, to be put into a sentence."""
    reason = str(error).strip().split("\n", 1)[0] or type(error).__name__
    return reason.rstrip(".")


def complain(sentence: str) -> None:
    """Print ``sentence`` on stderr, under the program's name."""
    print(f"linreg-gui: {sentence}", file=sys.stderr)

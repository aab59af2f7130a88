"""Every sentence for the screen goes through ``tr``, and for the terminal through ``complain``.

Modules without Qt use ``tr`` too. The application installs Qt's translator behind it.
"""

import re
import sys
from collections.abc import Callable

_BREAK = "\N{ZERO WIDTH SPACE}"
_PLACE_TO_BREAK = re.compile(r"[\w.]{1,11}[_\-·/](?=[\w(−-])|\w{12}(?=\w)")

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


def shortened_inside(text: str, most: int = 60) -> str:
    """Return the text without its middle if it has more than ``most`` characters.

    The end of a file's name says as much as its beginning.
    """
    if len(text) <= most:
        return text
    end = most // 2
    return f"{text[: most - 1 - end].rstrip()}…{text[-end:].lstrip()}"


def breakable(text: str) -> str:
    """Return the text with places where a line may end inside its long words.

    These are invisible, and come after punctuation or after a number of letters.
    """
    return _PLACE_TO_BREAK.sub(lambda piece: piece[0] + _BREAK, text)


def shortened_name(name: str, most: int = 18) -> str:
    """Return the name of a column in at most ``most`` characters.

    A unit in parentheses at its end goes first, then the middle.
    """
    if len(name) > most:
        name = re.sub(r"\s*\([^()]*\)$", "", name) or name
    return shortened_inside(name, most)


def reason_of(error: BaseException) -> str:
    """Return the reason of ``error`` in one line, for use inside a sentence."""
    reason = str(error).strip().split("\n", 1)[0] or type(error).__name__
    return reason.rstrip(".")


def complain(sentence: str) -> None:
    """Print ``sentence`` on stderr, after the program's name."""
    print(f"linreg-gui: {sentence}", file=sys.stderr)

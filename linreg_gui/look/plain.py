"""Text that Qt shows as it is: no markup in tips, no underlined letters in buttons, whole numbers.

Labels are in `wrapping`; the axes of a picture have their own.
"""

from PySide6.QtGui import QAction, Qt
from PySide6.QtWidgets import QWidget

_JOINER = "\N{WORD JOINER}"
"""Invisible. A name of a tag cannot begin with it."""


def set_tip(target: QWidget | QAction, *paragraphs: str) -> None:
    """Let ``target`` show ``paragraphs`` under the mouse. Only several are broken into lines."""
    several = [text for text in paragraphs if text]
    if len(several) > 1:
        from html import escape  # noqa: PLC0415 - after first paint

        target.setToolTip(markup("".join(f"<p>{escape(text)}</p>" for text in several)))
    else:
        target.setToolTip(plain("".join(several)))


def plain(text: str) -> str:
    """Return ``text`` for a place in which Qt takes what looks like markup for markup."""
    if Qt.mightBeRichText(text):
        return text.replace("<", f"<{_JOINER}").replace("&", f"&{_JOINER}")
    return text


def markup(html: str) -> str:
    """Return ``html`` for Qt, which would break a line at the narrow blank inside of a number."""
    return html.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")


def without_mnemonics(words: str) -> str:
    """Return ``words`` for a button or a menu, whose ``&`` would underline the next letter."""
    return words.replace("&", "&&")

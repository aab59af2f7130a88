"""The list of keys. It is made from the actions, so it has what the menus have."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QWidget

from linreg_gui.look.plain import markup
from linreg_gui.look.scale import px
from linreg_gui.look.theme import Theme
from linreg_gui.look.words_of_qt import key_in_words
from linreg_gui.texts import tr
from linreg_gui.widgets.help.page import Page

_SIZE = (940, 560)
_WORDS_WIDTH = 170
"""Beside the longest key, which may be long in another language."""
_HEAD_ROWS = 2

Row = tuple[str, str]
"""A key, and what it does."""


class ShortcutSheet(Page):
    """Every key of the window, in columns.

    Parameters
    ----------
    groups : dict of str to list of QAction
        The actions of each menu, by its title.
    others : list of tuple of str
        Keys and gestures that are no shortcuts, and what they do.
    theme : Theme
        The colors.
    window : QWidget
        The window that has the actions.
    """

    def __init__(
        self,
        groups: Mapping[str, Iterable[QAction]],
        others: Iterable[Row],
        theme: Theme,
        window: QWidget,
    ) -> None:
        super().__init__(tr("Keys"), _SIZE, theme, window)
        self._actions = {title: list(actions) for title, actions in groups.items()}
        self._others = list(others)
        self._columns = 0

    def groups(self) -> dict[str, list[Row]]:
        """Return keys and words by group, as the actions have them now."""
        found = {_plain(title): _rows(actions) for title, actions in self._actions.items()}
        found[tr("Also")] = self._others
        return {title: rows for title, rows in found.items() if rows}

    def write(self) -> None:
        """Write the groups into as many columns as the page is wide."""
        self._columns = self._fitting_columns
        groups = self.groups()
        heights = [len(rows) + _HEAD_ROWS for rows in groups.values()]
        texts = [self._html(title, rows) for title, rows in groups.items()]
        columns = ""
        for first, last in _split(heights, self._columns):
            columns += f"<td width='{100 // self._columns}%'>{''.join(texts[first:last])}</td>"
        self.text.setHtml(markup(f"<table width='100%'><tr>{columns}</tr></table>"))

    @property
    def _fitting_columns(self) -> int:
        width_of = self.text.fontMetrics().horizontalAdvance
        longest = max(width_of(key) for rows in self.groups().values() for key, _ in rows)
        return max(1, self.text.viewport().width() // (longest + px(_WORDS_WIDTH)))

    def _html(self, title: str, rows: Sequence[Row]) -> str:
        lines = "".join(
            f"<tr><td style='white-space: nowrap'><b class='key'>{escape(key)}</b></td>"
            f"<td>{escape(words)}</td></tr>"
            for key, words in rows
        )
        return f"<h3>{escape(title)}</h3><table>{lines}</table>"

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write more columns, or fewer."""
        super().resizeEvent(event)
        if self._columns and self._fitting_columns != self._columns:
            self.write()


def key_of(action: QAction) -> str:
    """Return the key of ``action``: its shortcut, or the key that its text names after a tab."""
    return key_in_words(action.shortcut()) or action.text().partition("\t")[2]


def _rows(actions: Iterable[QAction]) -> list[Row]:
    """Return a row for each key. Actions that share one, like Run and Pause, share the row."""
    words: dict[str, list[str]] = {}
    for action in actions:
        if key := key_of(action):
            words.setdefault(key, []).append(_plain(action.text()))
    return [(key, " / ".join(each)) for key, each in words.items()]


def _plain(text: str) -> str:
    """Return the words of an action or a menu, without marks for the keyboard."""
    words = re.sub(r"\(&\w\)", "", text.partition("\t")[0])  # as in “ファイル(&F)”
    return words.replace("&", "").removesuffix("…")


def _split(heights: Sequence[int], columns: int) -> list[tuple[int, int]]:
    """Return where each column begins and ends, in order, with the highest one as low as can be."""
    for most in range(max(heights), sum(heights) + 1):
        parts, first, height = [], 0, 0
        for index, each in enumerate(heights):
            if height + each > most:
                parts.append((first, index))
                first, height = index, 0
            height += each
        parts.append((first, len(heights)))
        if len(parts) <= columns:
            break
    return parts

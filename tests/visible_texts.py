"""Collects every text that a window shows or tells, and says what is wrong with one.

After each action of a test, or of a random user::

    with painted_texts() as painted:  # from before the window is made until it is gone
        ...
        complaints = bad_texts(window, painted=painted, foreign=names_in_the_files)
        painted.clear()

``foreign`` are the texts that a file or a person brought. What looks wrong in a text is not
complained of if it stands in one of them.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QAction, QPainter, QPainterPath, QTextDocumentFragment
from PySide6.QtGui import Qt as QtGuiNames
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGraphicsTextItem,
    QGraphicsView,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTableView,
    QTextEdit,
    QWidget,
)

from linreg_gui.widgets.panels.code_view import CodeView

_MOST_ROWS = 100
_ROLES = {
    "cell": Qt.ItemDataRole.DisplayRole,
    "tip of a cell": Qt.ItemDataRole.ToolTipRole,
    "name of a cell": Qt.ItemDataRole.AccessibleTextRole,
}
_WRONG = {
    "an internal name": r"\bNone\b|\bFalse\b|<class|<function|<bound| object at ",
    "no number": r"\b[Nn]a[Nn]\b|\binf\b",
    "a place that was not filled": r"[{}]",
    "a traceback": r"Traceback|\b0x[0-9a-fA-F]{5,}",
    "markup": r"&(lt|gt|amp|quot|nbsp|#\w+);|</?(p|b|i|td|tr|br|span)\b[^<]*>",
    "a doubled separator": r"([,;:·]) \1|,[,;.]|;[,;.]|\.;|(?<!\.)\.\.(?!\.)|“”|(?<= )\(\)",
    "a doubled blank": r"\S  +(?=\S)",
}
_QUOTED = re.compile("“[^“”]+”")
"""What a person typed, or a file has, is not ours."""

_NEVER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ud800-\udfff]")
"""What no text may contain, wherever it comes from."""


@contextmanager
def painted_texts() -> Iterator[set[str]]:
    """Yield a set that fills with the texts that pictures and our own widgets paint."""
    texts: set[str] = set()
    draw, add = QPainter.drawText, QPainterPath.addText

    def note(arguments: tuple[Any, ...]) -> None:
        texts.update(each for each in arguments if isinstance(each, str) and each)

    def noting_draw(painter: QPainter, *arguments: Any) -> Any:
        note(arguments)
        return draw(painter, *arguments)

    def noting_add(path: QPainterPath, *arguments: Any) -> Any:
        note(arguments)
        return add(path, *arguments)

    QPainter.drawText, QPainterPath.addText = noting_draw, noting_add  # type: ignore[assignment,method-assign]
    try:
        yield texts
    finally:
        QPainter.drawText, QPainterPath.addText = draw, add  # type: ignore[method-assign]


def bad_texts(
    *windows: QWidget, painted: Collection[str] = (), foreign: Collection[str] = ()
) -> list[str]:
    """Return a line for each text of ``windows``, or that they ``painted``, that is wrong.

    Without windows, all that are open are looked at.
    """
    opened = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    texts = [each for window in windows or opened for each in visible_texts(window)]
    texts += [("painted", text) for text in painted]
    return [
        f"{place}: {complaint} in {text[:200]!r}"
        for place, text in dict.fromkeys(texts)
        if (complaint := complaint_of(text, foreign))
    ]


def complaint_of(text: str, foreign: Collection[str] = ()) -> str:
    """Return what is wrong with ``text``; empty if it is fit to be read."""
    if _NEVER.search(text):
        return "a character that is none"
    own = _QUOTED.sub("“…”", text)
    for complaint, pattern in _WRONG.items():
        for found in re.finditer(pattern, own):
            if not any(found[0].strip() in each for each in foreign):
                return complaint
    return ""


def visible_texts(window: QWidget) -> Iterator[tuple[str, str]]:
    """Yield where each text is, and the text, of all that can be seen, hovered, opened or heard.

    The source code of the lesson is left out. Of markup, only its text is yielded.
    """
    actions = {id(each): each for each in window.findChildren(QAction)}
    for widget in [window, *window.findChildren(QWidget)]:
        if not widget.isVisible() and not isinstance(widget, QMenu):
            continue
        place = f"{type(widget).__name__} {widget.objectName()}".strip()
        actions.update((id(each), each) for each in widget.actions())
        for what, text in _texts_of(widget):
            if isinstance(text, str) and text:
                yield f"{what} of {place}", text
    for action in actions.values():
        tips = action.toolTip(), action.whatsThis(), action.statusTip()
        for text in (without_mnemonics(action.text()).split("\t")[0], *tips):
            if text:
                yield "action", as_shown(text)


def own_text(widget: QWidget) -> str:
    """Return the text of a label, button or field as it is shown, or what a list has chosen."""
    match widget:
        case QLabel() if widget.textFormat() is not Qt.TextFormat.PlainText:
            return as_shown(widget.text())
        case QAbstractButton():
            return without_mnemonics(widget.text())
        case QLabel() | QLineEdit():
            return widget.text()
        case QComboBox():
            return widget.currentText()
    return ""


def without_mnemonics(text: str) -> str:
    """Return what a button or menu with ``text`` shows."""
    return re.sub("&(.?)", r"\1", text)


def as_shown(text: str) -> str:
    """Return what a label or tip that takes markup for markup would show."""
    if QtGuiNames.mightBeRichText(text):
        return QTextDocumentFragment.fromHtml(text).toPlainText()
    return text


def _texts_of(widget: QWidget) -> Iterator[tuple[str, Any]]:
    is_typed = isinstance(widget, QLineEdit) and widget.isModified()
    yield "text", "" if is_typed else own_text(widget)
    yield "tip", as_shown(widget.toolTip())
    yield "explanation", as_shown(widget.whatsThis())
    yield "status", widget.statusTip()
    yield "name", widget.accessibleName()
    yield "description", widget.accessibleDescription()
    title = widget.windowTitle().replace("[*]", "")  # where a mark would be
    yield "title", title if widget.isWindow() else ""
    match widget:
        case QLineEdit():
            yield "placeholder", widget.placeholderText()
        case QComboBox():
            yield from _cells(widget.model())
        case QGroupBox() | QMenu():
            yield "title", without_mnemonics(widget.title())
        case QPlainTextEdit() if not isinstance(widget, CodeView):
            is_typed = not widget.isReadOnly() and widget.document().isModified()
            # Its letters are equally wide, and blanks may align them.
            yield "document", "" if is_typed else re.sub(" +", " ", widget.toPlainText())
            yield "placeholder", widget.placeholderText()
        case QTextEdit():
            yield "document", widget.toPlainText()
            yield "placeholder", widget.placeholderText()
        case QTableView():
            yield from _cells(widget.model())
        case QGraphicsView():
            for item in widget.scene().items():
                if isinstance(item, QGraphicsTextItem) and item.isVisible():
                    yield "graphics", item.toPlainText()


def _cells(model: QAbstractItemModel | None) -> Iterator[tuple[str, Any]]:
    if model is None:
        return
    for what, role in _ROLES.items():
        for column in range(model.columnCount()):
            heading = model.headerData(column, Qt.Orientation.Horizontal, role)
            yield f"heading, {what}", heading
            for row in range(min(model.rowCount(), _MOST_ROWS)):
                text = model.data(model.index(row, column, QModelIndex()), role)
                yield what, as_shown(text) if text and role == _ROLES["tip of a cell"] else text

"""Finds texts on screen that do not fit: cut, covered, or outside of what can be seen."""

import re
from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPicture
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenuBar,
    QStyle,
    QStyleOptionComboBox,
    QTableView,
    QWidget,
)

from linreg_gui.look.wrapping import WrappingButton
from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.layer import Layer
from linreg_gui.texts import IDEOGRAPHS
from linreg_gui.widgets.window.notice import Notice
from linreg_gui.widgets.window.start_page import StartPage
from linreg_gui.widgets.window.timeline_track import Track
from tests.visible_texts import own_text

_SLACK = 1
"""Pixels that rounding may take."""

_FRAME = 6
"""Pixels of the frame of a field, and of its cursor."""


def misfits(*windows: QWidget) -> list[str]:
    """Return a line for each text in ``windows`` that does not fit."""
    return [line for window in windows for line in _misfits_of(window)]


def _misfits_of(window: QWidget) -> Iterator[str]:
    parent = window.parentWidget()
    if isinstance(window, QDialog) and parent is not None:
        room = window.screen().availableSize().expandedTo(parent.size())
        if window.size().boundedTo(room) != window.size():
            yield f"{_named(window)}: larger than screen and window"
    texts = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.window() is not window:
            continue
        if complaint := _complaint(widget):
            yield f"{_named(widget)}: {complaint}"
        if _is_text(widget):
            texts.append(widget)
            if complaint := _whereabouts(widget, window):
                yield f"{_named(widget)}: {complaint}"
        if isinstance(widget, Canvas):
            yield from _misfits_of_picture(widget)
        if isinstance(widget, Track):
            yield from _misfits_among(widget.words_below(), QRectF(widget.rect()), widget)
    yield from _overlaps(texts, window)


def _is_text(widget: QWidget) -> bool:
    return bool(own_text(widget)) and not isinstance(widget.parent(), QComboBox)


def _named(widget: QWidget) -> str:
    parents, parent = [], widget.parentWidget()
    while parent is not None:
        if type(parent) is not QWidget:
            parents.append(type(parent).__name__)
        parent = parent.parentWidget()
    place = " < ".join([type(widget).__name__, *parents[:2]])
    return f"{place} {own_text(widget)[:60]!r}"


def _complaint(widget: QWidget) -> str:
    """Say in what way the text of ``widget`` is cut; empty if it is not."""
    complaint = ""
    match widget:
        case QLabel() if widget.text():
            complaint = _cut_label(widget)
        case WrappingButton():
            complaint = _shortage_of(widget.minimumSizeHint(), widget)
        case QAbstractButton() if widget.text():
            complaint = _too_small(widget)
        case QComboBox():
            complaint = _cut_choice(widget)
        case QLineEdit():
            advance = widget.fontMetrics().horizontalAdvance(widget.text())
            complaint = _shortage("width", advance, widget.width() - _FRAME)
        case QMenuBar():
            places = [widget.actionGeometry(action) for action in widget.actions()]
            if not all(widget.rect().contains(place) for place in places):
                complaint = "a menu is cut"
        case QTableView():
            complaint = "; ".join(_cut_cells(widget))
        case QHeaderView() if widget.orientation() is Qt.Orientation.Horizontal:
            complaint = "; ".join(_cut_headings(widget))
    return complaint


def _cut_choice(box: QComboBox) -> str:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    field = box.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
    )
    needed = box.fontMetrics().horizontalAdvance(box.currentText())
    return _shortage("width", needed, field.width())


def _cut_label(label: QLabel) -> str:
    text, tip = label.text(), label.toolTip()
    if text.endswith("…") and tip != text and tip.startswith(text[:-1]):
        return "is cut short"
    if not label.wordWrap():
        return _cut_line(label)
    needed = label.heightForWidth(label.width())
    return _shortage("height", needed, label.height()) or _broken_word(label)


def _cut_line(label: QLabel) -> str:
    if label.textFormat() is Qt.TextFormat.RichText:
        return _too_small(label)
    text, room = label.fontMetrics().size(0, label.text()), label.contentsRect()
    return _shortage("width", text.width(), room.width()) or _shortage(
        "height", label.fontMetrics().ascent(), room.height()
    )


def _broken_word(label: QLabel) -> str:
    """Complain of a word that is wider than the label."""
    if label.textFormat() is Qt.TextFormat.RichText:
        return ""
    metrics, room = label.fontMetrics(), label.contentsRect().width()
    words = re.split(rf"[\s\u00ad\u200b{IDEOGRAPHS}]", label.text())
    widest = max(words, key=metrics.horizontalAdvance, default="")
    return _shortage(f"width for “{widest}”", metrics.horizontalAdvance(widest), room)


def _too_small(widget: QWidget) -> str:
    return _shortage_of(widget.sizeHint(), widget)


def _shortage_of(needed: QSize, widget: QWidget) -> str:
    return _shortage("width", needed.width(), widget.width()) or _shortage(
        "height", needed.height(), widget.height()
    )


def _shortage(what: str, needed: float, room: float) -> str:
    return f"{what} {room:.0f} < {needed:.0f}" if room < needed - _SLACK else ""


def _cut_cells(view: QTableView) -> Iterator[str]:
    model, seen = view.model(), view.viewport().rect()
    for row in range(model.rowCount() if model else 0):
        for column in range(model.columnCount()):
            index = model.index(row, column, QModelIndex())
            place = view.visualRect(index)
            if not place.intersects(seen) or not index.data() or index.data().endswith("…"):
                continue
            hint = view.sizeHintForIndex(index)
            metrics = QFontMetrics(view.font())
            wraps = view.wordWrap() and place.height() >= 2 * metrics.lineSpacing()
            if hint.width() > place.width() and not wraps:  # a pixel too few, and Qt cuts it
                yield f"cell {index.data()[:30]!r}: width {place.width()} < {hint.width()}"
            elif metrics.height() > place.height():
                yield f"cell {index.data()[:30]!r}: height {place.height()} < {metrics.height()}"


def _cut_headings(header: QHeaderView) -> Iterator[str]:
    model = header.model()
    for section in range(model.columnCount() if model else 0):
        place, width = header.sectionViewportPosition(section), header.sectionSize(section)
        if place + width <= 0 or place >= header.viewport().width():
            continue
        hint = header.sectionSizeHint(section)
        text = model.headerData(section, Qt.Orientation.Horizontal)
        if text and hint > width + _SLACK and not text.endswith("…"):
            yield f"heading {text[:30]!r}: width {width} < {hint}"


def _whereabouts(widget: QWidget, window: QWidget) -> str:
    """Complain if a part of ``widget`` is outside of its parents, and no scrolling leads there."""
    rect, inner = widget.rect(), widget
    while inner is not window:
        parent = inner.parentWidget()
        assert parent is not None
        rect = QRect(inner.mapToParent(rect.topLeft()), rect.size())
        area = parent.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:
            can_scroll_x = area.horizontalScrollBar().maximum() > 0
            off = area.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            if rect.right() > parent.width() + _SLACK and (off or not can_scroll_x):
                return f"{rect.right() - parent.width()} px are right of the area"
            return ""
        if not parent.rect().adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK).contains(rect):
            return f"outside of {type(parent).__name__}: {rect.getRect()} of {parent.size()}"
        inner = parent
    return ""


def _overlaps(texts: list[QWidget], window: QWidget) -> Iterator[str]:
    """Complain of texts that lie on one another. A message may lie over a picture."""
    places = {
        text: QRect(text.mapTo(window, QPoint(0, 0)), text.size()) & _seen(text, window)
        for text in texts
    }
    for one, other in combinations(texts, 2):
        common = places[one] & places[other]
        if common.width() <= _SLACK or common.height() <= _SLACK:
            continue
        is_part = one.isAncestorOf(other) or other.isAncestorOf(one)
        if not is_part and _message(one) == _message(other):
            yield f"{_named(one)} lies on {_named(other)}"


def _seen(widget: QWidget, window: QWidget) -> QRect:
    """Return the part of ``window`` in which ``widget`` can be seen."""
    seen = window.rect()
    parent = widget.parentWidget()
    while parent is not None and parent is not window:
        seen &= QRect(parent.mapTo(window, QPoint(0, 0)), parent.size())
        parent = parent.parentWidget()
    return seen


def _message(widget: QWidget) -> bool:
    """Return whether it lies over the pictures, in a message or on the start page."""
    parent: QWidget | None = widget
    while parent is not None and not isinstance(parent, Notice | StartPage):
        parent = parent.parentWidget()
    return parent is not None


def _misfits_of_picture(canvas: Canvas) -> Iterator[str]:
    """Complain of words and numbers on a picture that are cut, or lie on one another."""
    board, seen = QPicture(), QRectF(canvas.viewport().rect())
    painter = QPainter(board)
    texts: list[tuple[str, QRectF]] = []
    for axis in (canvas.x_axis, canvas.y_axis):
        painter.setFont(axis.style["tickFont"])
        _, _, numbers = axis.generateDrawSpecs(painter)
        texts += [(text, axis.mapRectToScene(rect)) for rect, _, text in numbers]
        if axis.label.isVisible() and axis.label.toPlainText().strip():
            label, empty = axis.label, axis.label.document().documentMargin()
            ink = label.boundingRect().adjusted(empty, empty, -empty, -empty)
            texts.append((label.toPlainText().strip(), label.mapRectToScene(ink)))
    painter.end()
    layers = [item for item in canvas.items() if isinstance(item, Layer) and item.isVisible()]
    written = [each for layer in layers for each in layer.written()]
    # The names in a key share its area, and one of them stands for all.
    texts += {area.topLeft().toTuple(): (text, area) for text, area in written}.values()
    yield from _misfits_among(texts, seen, canvas)


def _misfits_among(texts: list[tuple[str, QRectF]], seen: QRectF, widget: QWidget) -> Iterator[str]:
    """Complain of painted texts that are outside of what is ``seen``, or lie on one another."""
    for text, place in texts:
        if not seen.adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK).contains(place):
            yield f"{_named(widget)}: {text!r} is outside: {place.getRect()} of {seen.getRect()}"
    for (one, here), (other, there) in combinations(texts, 2):
        common = here & there
        if common.width() > _SLACK and common.height() > _SLACK:
            yield f"{_named(widget)}: {one!r} lies on {other!r}"

"""Source code on screen, colored and numbered. The lines that run are lit."""

from collections.abc import Iterable

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Literal, Name, Operator, _TokenType
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QWidget

from linreg_gui.look.mono_text import MonoText, line_bands
from linreg_gui.look.palette import Palette
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.theme import GRID, Theme

_SIGN = "▶"


class CodeView(MonoText):
    """Shows Python, read-only. Lines count from 1.

    Attributes
    ----------
    running, calling : frozenset of int
        The lit lines: those that run, and those that called them.
    """

    _gutter: "_Gutter | None" = None

    def __init__(self, theme: Theme, *, numbered: bool = True) -> None:
        super().__init__()
        self.running: frozenset[int] = frozenset()
        self.calling: frozenset[int] = frozenset()
        self._theme = theme
        self._colored_for = theme.palette.dark
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # code is, in every language
        self.document().setDocumentMargin(1)
        if numbered:
            self._gutter = _Gutter(self, theme)
            self.updateRequest.connect(self._gutter.follow)
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_code(self, text: str) -> None:
        """Show ``text`` with no line lit."""
        if text != self.toPlainText():
            self.setPlainText(text)
            self._color()
            self._make_room()
        self.light()

    def set_pixels(self, pixels: int) -> None:
        """Write in this size at 100 %."""
        keep_scaled(self, setFont=pixels)

    def light(self, running: Iterable[int] = (), calling: Iterable[int] = ()) -> None:
        """Light the lines that run and, fainter, those that called them."""
        self.running, self.calling = frozenset(running), frozenset(calling)
        self._show_light()
        if self.running:
            self._bring_into_view(min(self.running), max(self.running))

    def _make_room(self) -> None:
        """Make room for the line numbers."""
        if self._gutter is not None:
            self.setViewportMargins(self._gutter.sizeHint().width(), 0, 0, 0)

    def _color(self) -> None:
        """Color the text. Pygments reads all of it, as a docstring has several lines."""
        self._colored_for = self._theme.palette.dark
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for start, kind, part in PythonLexer().get_tokens_unprocessed(self.toPlainText()):
            cursor.setPosition(start)
            cursor.setPosition(start + len(part), QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(_format_of(kind, self._theme.palette))
        cursor.endEditBlock()

    def _show_light(self) -> None:
        palette = self._theme.palette
        grounds = dict.fromkeys(self.calling, palette.window)
        grounds |= dict.fromkeys(self.running, palette.accent_soft)
        self.setExtraSelections(
            [
                band
                for line, color in sorted(grounds.items())
                for band in line_bands(self.document().findBlockByNumber(line - 1), color)
            ]
        )
        if self._gutter is not None:
            self._gutter.update()

    def _bring_into_view(self, first: int, last: int) -> None:
        """Scroll to the lines, with some around them, unless they can be seen already."""
        find = self.document().findBlockByNumber
        start, after = find(first - 1), find(last - 1)
        begin, end = start.firstLineNumber(), after.firstLineNumber() + after.lineCount()
        bar = self.verticalScrollBar()
        page = max(1, bar.pageStep())
        if begin < bar.value() or end > bar.value() + page:
            bar.setValue(max(0, begin - max(1, (page - (end - begin)) // 2)))

    @Slot()
    def _restyle(self) -> None:
        if self._theme.palette.dark != self._colored_for:  # not for another scale: it takes 7 ms
            self._color()
        self._show_light()
        self._make_room()

    def changeEvent(self, event: QEvent) -> None:
        """Write the line numbers as large as the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._gutter is not None:
            self._gutter.setFont(self.font())
            self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the line numbers beside the text, and broken lines lit."""
        super().resizeEvent(event)
        self._show_light()
        if self._gutter is not None:
            area = self.contentsRect()
            width = self._gutter.sizeHint().width()
            self._gutter.setGeometry(QRect(area.left(), area.top(), width, area.height()))


def _format_of(kind: _TokenType, palette: Palette) -> QTextCharFormat:
    """Return how a token of ``kind`` is written."""
    look = QTextCharFormat()
    if kind in Name.Function or kind in Name.Class:
        look.setFontWeight(QFont.Weight.DemiBold)
    elif kind in Keyword or kind in Operator.Word:
        look.setForeground(QColor(palette.accent))
    elif kind in Comment or kind in Literal.String.Doc:
        look.setForeground(QColor(palette.muted))
    elif kind in Literal:
        look.setForeground(QColor(palette.literal))
    return look


class _Gutter(QWidget):
    """Line numbers, and a sign beside the lines that run, as not everyone sees color."""

    def __init__(self, view: CodeView, theme: Theme) -> None:
        super().__init__(view)  # the parent is not kept: a cycle needs garbage collection
        self._theme = theme
        self.setFont(view.font())

    @property
    def _view(self) -> CodeView:
        view = self.parentWidget()
        assert isinstance(view, CodeView)
        return view

    @Slot(QRect, int)
    def follow(self, _area: QRect, _moved: int) -> None:
        """Repaint whenever the text does."""
        self.update()

    def sizeHint(self) -> QSize:
        digits = len(str(self._view.blockCount()))
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(_SIGN) + digits * metrics.horizontalAdvance("0")
        return QSize(width + px(GRID + GRID // 2), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        view, palette = self._view, self._theme.palette
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(palette.surface))
        block = view.firstVisibleBlock()
        while block.isValid():
            place = view.blockBoundingGeometry(block).translated(view.contentOffset())
            if place.top() > event.rect().bottom():
                break
            line = block.blockNumber() + 1
            area = QRectF(0, place.top(), self.width() - px(GRID / 2), place.height())
            if line in view.running:
                painter.setPen(QColor(palette.accent))
                painter.drawText(area, Qt.AlignmentFlag.AlignLeft, _SIGN)
            painter.setPen(QColor(palette.text if line in view.running else palette.muted))
            painter.drawText(area, Qt.AlignmentFlag.AlignRight, str(line))
            block = block.next()

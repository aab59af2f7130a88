"""Source code on screen, colored and numbered. The lines that run are lit."""

from collections.abc import Iterable

from pygments import lex
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Literal, Name, Operator, Token, _TokenType
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from linreg_gui.look.controls import MonoText, line_band
from linreg_gui.look.palette import Palette
from linreg_gui.look.theme import GRID, Theme, mono_font

_BOLD = (Name.Function, Name.Class)
_SIGN = "▶"


class CodeView(MonoText):
    """Shows Python, read-only. Lines count from 1.

    Attributes
    ----------
    running, calling : frozenset of int
        The lit lines: those that run, and those that called them.
    """

    def __init__(self, theme: Theme, *, numbered: bool = True) -> None:
        super().__init__()
        self.running: frozenset[int] = frozenset()
        self.calling: frozenset[int] = frozenset()
        self._theme = theme
        self._colors = _Colors(self)
        self._gutter = _Gutter(self, theme, numbered=numbered)
        self.updateRequest.connect(self._gutter.follow)
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_code(self, text: str) -> None:
        """Show ``text`` with no line lit."""
        if text != self.toPlainText():
            self._colors.learn(text)
            self.setPlainText(text)
            self.setViewportMargins(self._gutter.sizeHint().width(), 0, 0, 0)
        self.light()

    def set_pixels(self, pixels: int) -> None:
        """Write in this size."""
        if pixels != self.font().pixelSize():
            self.setFont(mono_font(pixels))
            self._gutter.setFont(self.font())
            self.setViewportMargins(self._gutter.sizeHint().width(), 0, 0, 0)

    def light(self, running: Iterable[int] = (), calling: Iterable[int] = ()) -> None:
        """Light the lines that run and, fainter, those that called them."""
        self.running, self.calling = frozenset(running), frozenset(calling)
        self._show_light()
        if self.running:
            self._bring_into_view(min(self.running), max(self.running))

    def line_at(self, block: QTextBlock) -> QRectF:
        """Return the place of a line of text in the viewport."""
        return self.blockBoundingGeometry(block).translated(self.contentOffset())

    def _show_light(self) -> None:
        palette = self._theme.palette
        grounds = dict.fromkeys(self.calling, palette.window)
        grounds |= dict.fromkeys(self.running, palette.accent_soft)
        self.setExtraSelections(
            [
                line_band(self.document().findBlockByNumber(line - 1), color)
                for line, color in sorted(grounds.items())
            ]
        )
        self._gutter.update()

    def _bring_into_view(self, first: int, last: int) -> None:
        """Scroll to the lines, with some around them, unless they can be seen already."""
        bar = self.verticalScrollBar()
        page = max(1, bar.pageStep())
        top = bar.value()
        if first - 1 < top or last > top + page:
            bar.setValue(max(0, first - 1 - max(1, (page - (last - first + 1)) // 2)))

    @Slot()
    def _restyle(self) -> None:
        self._colors.restyle(self._theme.palette)
        self._show_light()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the line numbers beside the text."""
        super().resizeEvent(event)
        area = self.contentsRect()
        width = self._gutter.sizeHint().width()
        self._gutter.setGeometry(QRect(area.left(), area.top(), width, area.height()))


class _Colors(QSyntaxHighlighter):
    """Colors the lines. Pygments reads the whole text, as a docstring has several lines."""

    def __init__(self, view: QPlainTextEdit) -> None:
        super().__init__(view.document())
        self._spans: list[list[tuple[int, int, _TokenType]]] = []
        self._formats: dict[_TokenType, QTextCharFormat] = {}

    def learn(self, text: str) -> None:
        """Read ``text`` before it is shown."""
        self._spans, column = [[]], 0
        for kind, value in lex(text, PythonLexer(stripnl=False)):
            for index, part in enumerate(value.split("\n")):
                if index:
                    self._spans.append([])
                    column = 0
                self._spans[-1].append((column, len(part), kind))
                column += len(part)

    def restyle(self, palette: Palette) -> None:
        """Use the colors of ``palette``."""
        self._formats = {}
        for kind, color in (
            (Keyword, palette.accent),
            (Operator.Word, palette.accent),
            (Comment, palette.muted),
            (Literal.String.Doc, palette.muted),
            (Literal, palette.literal),
        ):
            self._formats[kind] = QTextCharFormat()
            self._formats[kind].setForeground(QColor(color))
        bold = QTextCharFormat()
        bold.setFontWeight(QFont.Weight.DemiBold)
        self._formats |= dict.fromkeys(_BOLD, bold)
        self.rehighlight()

    def _format_of(self, kind: _TokenType) -> QTextCharFormat | None:
        while kind is not Token:
            if kind in self._formats:
                return self._formats[kind]
            kind = kind.parent
        return None

    def highlightBlock(self, text: str) -> None:
        number = self.currentBlock().blockNumber()
        for start, length, kind in self._spans[number] if number < len(self._spans) else ():
            if look := self._format_of(kind):
                self.setFormat(start, length, look)


class _Gutter(QWidget):
    """Line numbers, and a sign beside the lines that run, as not everyone sees color."""

    def __init__(self, view: CodeView, theme: Theme, *, numbered: bool) -> None:
        super().__init__(view)  # the parent is not kept: a cycle needs garbage collection
        self._theme = theme
        self._numbered = numbered
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
        digits = len(str(self._view.blockCount())) if self._numbered else 0
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(_SIGN) + digits * metrics.horizontalAdvance("0")
        return QSize(width + GRID + GRID // 2, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        view, palette = self._view, self._theme.palette
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(palette.surface))
        block = view.firstVisibleBlock()
        while block.isValid():
            place = view.line_at(block)
            if place.top() > event.rect().bottom():
                break
            line = block.blockNumber() + 1
            area = QRectF(0, place.top(), self.width() - GRID / 2, place.height())
            if line in view.running:
                painter.setPen(QColor(palette.accent))
                painter.drawText(area, Qt.AlignmentFlag.AlignLeft, _SIGN)
            if self._numbered:
                painter.setPen(QColor(palette.text if line in view.running else palette.muted))
                painter.drawText(area, Qt.AlignmentFlag.AlignRight, str(line))
            block = block.next()

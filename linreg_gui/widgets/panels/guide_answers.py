"""The fields in which a question of the guide is answered: a choice, a number, or a sketch."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.guide.questions import COLUMNS, Answer, Kind, Question
from linreg_gui.look.controls import LEFT, RIGHT, fill, show_text, text_label
from linreg_gui.look.inputs import TypedField
from linreg_gui.look.plain import without_mnemonics
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.speech import announce
from linreg_gui.look.theme import GRID, Theme, base_font
from linreg_gui.look.wrapping import in_lines
from linreg_gui.number_text import significant
from linreg_gui.texts import tr


class AnswerField(QWidget):
    """A field for the answer to a question of the guide.

    Signals
    -------
    submitted()
        Enter was pressed.
    changed()
        The answer has changed.
    """

    submitted = Signal()
    changed = Signal()

    def answer(self) -> Answer:
        """Return the answer; raise ``ValueError`` with a sentence while there is none."""
        raise NotImplementedError

    def given(self, refusal: QLabel) -> Answer | None:
        """Return the answer; while there is none, say why in ``refusal``."""
        try:
            return self.answer()
        except ValueError as error:
            show_text(refusal, str(error))
            announce(refusal, str(error))
            return None

    def show_locked(self, prediction: Answer) -> None:
        """Show a prediction, which can no longer be changed."""
        raise NotImplementedError

    def fit(self, height: int) -> None:
        """Become as low as ``height`` pixels, if the field can."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Submit with Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.submitted.emit()
        else:
            super().keyPressEvent(event)


_STEP = 0.05
"""How far an arrow key moves a height, as a share of the height of the picture."""

_HEIGHT, _LEAST_HEIGHT = 200, 128
_LEVELS = 5
_DOT = 4
_LINE = 20
"""Pixels of a line of words."""


class Sketch(AnswerField):
    """A picture to draw a prediction in: with the mouse, or with the arrow keys.

    Left and Right choose a column, Up and Down change its height.

    Attributes
    ----------
    heights : list of float
        One for each column, from 0 at the bottom to 1 at the top.
    column : int
        The column that the keys change.
    """

    def __init__(self, across: str, up: str, theme: Theme) -> None:
        super().__init__()
        self.heights = [0.5] * COLUMNS
        self.column = 0
        self._across, self._up = across, up
        self._theme = theme
        self._is_drawn = False
        self._is_locked = False
        self._curve: Sequence[float] = ()
        self._last_place = QPointF()
        self._height = px(_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFont(base_font())
        keep_scaled(self, setFont=13)
        self.setAccessibleName(tr("Your curve: {up} over {across}").format(up=up, across=across))
        self.setAccessibleDescription(
            tr("Left and Right choose a column, Up and Down change its height.")
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def answer(self) -> Answer:
        """Return the heights; raise ``ValueError`` with a sentence while nothing is drawn."""
        if not self._is_drawn:
            raise ValueError(tr("Draw the curve first: with the mouse, or with the arrow keys."))
        return tuple(self.heights)

    def show_locked(self, prediction: Answer) -> None:
        """Show a prediction, which can no longer be changed."""
        assert isinstance(prediction, tuple)
        self.heights = list(prediction)
        self._is_drawn = self._is_locked = True
        self.update()

    def show_curve(self, curve: Sequence[float]) -> None:
        """Draw what happened, below the prediction; nothing if ``curve`` is empty."""
        self._curve = curve
        self.update()

    def fit(self, height: int) -> None:
        """Take ``height`` pixels, as far as the curve can be drawn in them."""
        height = min(max(height, px(_LEAST_HEIGHT)), px(_HEIGHT))
        if height != self._height:
            self._height = height
            self.updateGeometry()

    @property
    def area(self) -> QRectF:
        """Return where the curve is drawn."""
        side, line = px(_DOT + GRID), px(_LINE)
        return QRectF(self.rect()).adjusted(side, 2 * line, -side, -line)

    def _place(self, share: float, height: float) -> QPointF:
        area = self.area
        return QPointF(area.left() + share * area.width(), area.bottom() - height * area.height())

    def _places(self, heights: Sequence[float]) -> list[QPointF]:
        last = max(1, len(heights) - 1)
        return [self._place(index / last, height) for index, height in enumerate(heights)]

    def _set_height(self, column: int, height: float) -> None:
        self.column = column
        self.heights[column] = min(max(height, 0.0), 1.0)
        self._is_drawn = True
        self.changed.emit()
        self._say_column()

    def _say_column(self) -> None:
        self.setAccessibleDescription(
            tr("Column {column} of {columns}: {height} % of the height").format(
                column=self.column + 1,
                columns=COLUMNS,
                height=round(100 * self.heights[self.column]),
            )
        )
        self.update()

    def _draw_to(self, place: QPointF) -> None:
        """Draw from where the mouse was to ``place``, in every column on the way."""
        area = self.area
        first, last = (
            (each.x() - area.left()) / area.width() * (COLUMNS - 1)
            for each in (self._last_place, place)
        )
        low, high = sorted((round(first), round(last)))
        for column in range(max(low, 0), min(high, COLUMNS - 1) + 1):
            way = 1.0 if first == last else min(max((column - first) / (last - first), 0.0), 1.0)
            y = self._last_place.y() + way * (place.y() - self._last_place.y())
            self._set_height(column, (area.bottom() - y) / area.height())
        self._last_place = place

    def sizeHint(self) -> QSize:
        """Ask for a fixed height."""
        return QSize(px(320), self._height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Set the height of the column that is pressed."""
        if event.button() == Qt.MouseButton.LeftButton and not self._is_locked:
            self._last_place = event.position()
            self._draw_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw while the mouse is pressed."""
        if event.buttons() & Qt.MouseButton.LeftButton and not self._is_locked:
            self._draw_to(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Draw with the arrow keys."""
        match None if self._is_locked else event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                step = 1 if event.key() == Qt.Key.Key_Right else -1
                self.column = min(max(self.column + step, 0), COLUMNS - 1)
                self._say_column()
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                step = 1 if event.key() == Qt.Key.Key_Up else -1
                self._set_height(self.column, self.heights[self.column] + step * _STEP)
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame, what happened, and the prediction over it."""
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter)
        if self._curve:
            top = max(self._curve) or 1.0
            painter.setPen(QPen(QColor(palette.moving_loss.color), px(2.5)))
            painter.drawPolyline(self._places([value / top for value in self._curve]))
        ink = QColor(palette.accent if self._is_drawn else palette.muted)
        places = self._places(self.heights)
        if self._is_drawn:
            painter.setPen(QPen(ink, px(2), Qt.PenStyle.DashLine))
            painter.drawPolyline(places)
        painter.setPen(QPen(ink, px(1)))
        if self._is_drawn:
            painter.setBrush(ink)
        dot = px(_DOT)
        for place in places:
            painter.drawEllipse(place, dot, dot)
        if self.hasFocus() and not self._is_locked:
            painter.setPen(QPen(QColor(palette.accent), px(1.5)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(places[self.column], 2 * dot, 2 * dot)

    def _paint_frame(self, painter: QPainter) -> None:
        palette, area = self._theme.palette, self.area
        for level in range(_LEVELS):
            share = level / (_LEVELS - 1)
            painter.setPen(QColor(palette.border if level else palette.muted))
            painter.drawLine(self._place(0, share), self._place(1, share))
        painter.setPen(QColor(palette.muted))
        line = px(_LINE)
        above = QRectF(area.left(), 0, area.width(), line)
        painter.drawText(above, LEFT, self._up)
        painter.drawText(above.translated(0, line), LEFT, self._top_words())
        painter.drawText(above.translated(0, area.bottom()), RIGHT, f"{self._across} →")
        if self._curve:
            painter.drawText(above, RIGHT, tr("dashed: yours"))

    def _top_words(self) -> str:
        if not self._curve:
            return tr("its highest value")
        return tr("its highest value, {value}").format(value=significant(max(self._curve)))


def answer_field(question: Question, theme: Theme) -> AnswerField:
    """Return the field for ``question``."""
    if question.kind is Kind.SKETCH:
        return Sketch(question.across, question.up, theme)
    return (ChoiceAnswer if question.kind is Kind.CHOICE else NumberAnswer)(question)


class NumberAnswer(AnswerField):
    """A field for a number."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self._question = question
        self.text = TypedField()
        self.text.setAccessibleName(tr("Your prediction"))
        self.text.setAccessibleDescription(question.unit)
        keep_scaled(self.text, setMaximumWidth=160)
        self.text.textEdited.connect(self.changed)
        self.setFocusProxy(self.text)
        unit = text_label("muted", question.unit)
        fill(QHBoxLayout(self), self.text, unit, stretch=unit)

    def answer(self) -> Answer:
        """Return the number; raise ``ValueError`` with a sentence if it is none."""
        return self._question.read(self.text.text())

    def show_locked(self, prediction: Answer) -> None:
        """Show the number, which can no longer be changed."""
        assert not isinstance(prediction, tuple)
        self.text.setText(self._question.write(prediction))
        self.text.setReadOnly(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear the field with Escape. In an empty field, Escape belongs to the window."""
        if event.key() == Qt.Key.Key_Escape and self.text.text() and not self.text.isReadOnly():
            self.text.clear()
        else:
            super().keyPressEvent(event)


class ChoiceAnswer(AnswerField):
    """A few options to choose from: with the arrow keys, with Enter, or with the mouse.

    None is chosen at first.
    """

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.group = QButtonGroup(self)
        column = fill(QVBoxLayout(self), spacing=0)
        for number, option in enumerate(question.options, 1):
            button = _Option(option)
            self.group.addButton(button, number)
            column.addWidget(button)
        self.group.idClicked.connect(self.changed)
        self.setFocusProxy(self.group.button(1))

    def answer(self) -> Answer:
        """Return the number of the option; raise ``ValueError`` while none is chosen."""
        if self.group.checkedId() < 1:
            raise ValueError(tr("Choose one of these first."))
        return self.group.checkedId()

    def show_locked(self, prediction: Answer) -> None:
        """Show the option, which can no longer be changed."""
        for button in self.group.buttons():
            button.setChecked(self.group.id(button) == prediction)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the focused option with Enter, and submit it with the next one."""
        focused = QApplication.focusWidget()
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and isinstance(focused, _Option) and not focused.isChecked():
            focused.click()
        else:
            super().keyPressEvent(event)


class _Option(QRadioButton):
    """An option, whose words go on in further lines where there is no room.

    The arrow keys choose the next one, even while none is chosen.
    """

    def __init__(self, words: str) -> None:
        super().__init__(without_mnemonics(words))
        self.setAccessibleName(words)
        self._words = words
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the words into lines."""
        super().resizeEvent(event)
        words = QFontMetrics(self.font()).size(0, self.text()).width()
        beside = super().sizeHint().width() - words
        lines = in_lines(self._words, self.font(), max(1, self.width() - beside))
        lines = without_mnemonics(lines)
        if lines != self.text():
            self.setText(lines)
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with the arrow keys."""
        super().keyPressEvent(event)
        arrows = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right}
        focused = QApplication.focusWidget()
        if event.key() in arrows and isinstance(focused, _Option) and not focused.isChecked():
            focused.click()

"""Labels, text boxes and inputs that panels and pictures are put together from."""

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSlider,
    QToolButton,
    QWidget,
)

from linreg_gui.look.theme import Theme, base_font, mono_font, set_style_property
from linreg_gui.number_text import round_to
from linreg_gui.settings import Step, format_setting
from linreg_gui.texts import tr


def text_label(role: str, text: str = "") -> QLabel:
    """Return ``text`` in the look of ``role``, as the style sheet has it; long ones wrap."""
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


class OneLine(QLabel):
    """One line of text, cut short where it does not fit; the tool tip has the whole of it."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self.setProperty("role", "muted")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(base_font(13))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show ``text``, or as much of it as has room."""
        if text != self._whole:
            self._whole = text
            self._fit()

    def _fit(self) -> None:
        fitting = self.fontMetrics().elidedText(
            self._whole, Qt.TextElideMode.ElideRight, self.width()
        )
        self.setText(fitting)
        self.setToolTip("" if fitting == self._whole else self._whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text into the room."""
        super().resizeEvent(event)
        self._fit()


class MonoText(QPlainTextEdit):
    """Shows lines as they are. Can be selected and scrolled with mouse and keys, not edited."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("code")
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self.setFont(mono_font())
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._most_lines = 0

    def fit_height(self, most_lines: int = 1000) -> None:
        """From now on be as high as the text, or as so many of its lines."""
        self._most_lines = most_lines
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._fit)
        self.horizontalScrollBar().rangeChanged.connect(self._fit)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        fits = self.blockCount() <= self._most_lines
        lines = min(self.blockCount(), self._most_lines)
        bar = self.horizontalScrollBar()
        height = lines * math.ceil(QFontMetricsF(self.font()).lineSpacing()) + 1
        if bar.maximum() > 0:
            height += bar.sizeHint().height()
        off, on = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(off if fits else on)
        self.setFixedHeight(height + 2 * self.frameWidth())


class FocusedWheel:
    """A mixin: the wheel scrolls what is around the control unless the control has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pass the wheel on unless focused."""
        if self.hasFocus():  # type: ignore[attr-defined]
            super().wheelEvent(event)  # type: ignore[misc]
        else:
            event.ignore()


class DropDown(FocusedWheel, QComboBox):
    """A choice of a few values."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the space bar to the window; Enter and the arrow keys choose."""
        if event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chevron, which a style sheet can only take from a file of one color."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().text().color(), 1.5))
        center = QPointF(self.width() - 15.0, self.height() / 2.0 + 2.0)
        painter.drawPolyline([center + QPointF(-4, -4), center, center + QPointF(4, -4)])


def scroller(content: QWidget, *, takes_focus: bool = False) -> QScrollArea:
    """Return what scrolls ``content`` up and down; ``takes_focus`` lets the arrow keys do so."""
    area = QScrollArea()
    area.setObjectName("plain")
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    if not takes_focus:
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


_BUTTON_MARGINS = 24


class NumberField(QLineEdit):
    """A number in text, read when editing ends. A refused text gives way to the old value.

    Signals
    -------
    committed(object)
        A person gave another value.
    refused(str)
        A sentence on what is wrong with the text; empty once editing begins anew.
    """

    committed = Signal(object)
    refused = Signal(str)

    def __init__(
        self,
        parse: Callable[[str], float],
        format_value: Callable[[float], str],
        step: Step,
    ) -> None:
        super().__init__()
        self._parse = parse
        self._format = format_value
        self._step = step
        self._value: float = 0
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.editingFinished.connect(self._commit)
        self.textEdited.connect(self._on_edited)

    @property
    def value(self) -> float:
        """Return the last valid value."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show ``value``, unless a person is just typing another one."""
        if value != self._value or not self.isModified():
            self._value = value
            self.setText(self._format(value))
            self._mark_invalid(False)

    @Slot()
    def _on_edited(self) -> None:
        self._mark_invalid(False)
        self.refused.emit("")

    @Slot()
    def _commit(self) -> None:
        if not self.isModified():
            return
        try:
            value = self._parse(self.text())
        except ValueError as error:
            self._restore()
            self._mark_invalid(True)
            self.refused.emit(str(error))
            return
        self._accept(value)

    def _accept(self, value: float) -> None:
        changed = value != self._value
        self._value = value
        self._restore()
        if changed:
            self.committed.emit(value)

    def _restore(self) -> None:
        self.setText(self._format(self._value))
        self.setModified(False)
        self._mark_invalid(False)

    def _mark_invalid(self, invalid: bool) -> None:
        set_style_property(self, "invalid", invalid)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with the arrow keys; Escape gives the old value back.

        While nothing is being typed, Escape and the space bar are the window's.
        """
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            direction = 1 if event.key() == Qt.Key.Key_Up else -1
            self._commit()
            try:
                stepped = self._parse(self._format(self._step(self._value, direction)))
            except ValueError:
                return
            self._accept(stepped)
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self._restore()
            self.refused.emit("")
        elif event.key() == Qt.Key.Key_Space and not self.isModified():
            event.ignore()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
            self.window().setFocus()  # what is typed next is for the window
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select all, so that typing replaces the number."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()


class ChoiceBox(DropDown):
    """A choice of a few values.

    Signals
    -------
    committed(object)
        A person chose another value.
    """

    committed = Signal(object)

    def __init__(self, choices: dict[object, str]) -> None:
        super().__init__()
        # Qt would give an enum back as the plain text that it is made of.
        self._values = list(choices)
        self.addItems(list(choices.values()))
        self.activated.connect(self._on_activated)

    def set_value(self, value: object) -> None:
        """Show ``value``."""
        self.setCurrentIndex(self._values.index(value))

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.committed.emit(self._values[index])


class SwitchBox(QCheckBox):
    """On or off.

    Signals
    -------
    committed(object)
        A person switched it.
    """

    committed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.clicked.connect(self._on_clicked)

    def set_value(self, value: bool) -> None:
        """Show ``value``."""
        self.setChecked(value)

    @Slot(bool)
    def _on_clicked(self, checked: bool) -> None:
        self.committed.emit(checked)


class DataButton(QPushButton):
    """Names the data that is trained on; whoever listens to its clicks offers other data.

    Signals
    -------
    committed(object)
        As every editor has it; it is others who choose.
    """

    committed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._name = ""

    def set_value(self, value: object) -> None:
        """Show the name of ``value``."""
        self._name = format_setting(value)
        self._show_name()

    def _show_name(self) -> None:
        room = self.width() - _BUTTON_MARGINS
        elide = Qt.TextElideMode.ElideMiddle
        self.setText(self.fontMetrics().elidedText(self._name, elide, room))
        self.setToolTip(tr("{name}: choose other data").format(name=self._name))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the name into the room."""
        super().resizeEvent(event)
        self._show_name()


class LogSlider(FocusedWheel, QSlider):
    """A slider over powers of ten, with values of two significant digits.

    Signals
    -------
    moved(float)
        A person moved it.
    """

    moved = Signal(float)

    _PER_DECADE = 40

    def __init__(self, low: float, high: float) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setRange(self._position(low), self._position(high))
        self.setPageStep(self._PER_DECADE)
        self.valueChanged.connect(self._on_value_changed)

    def set_low(self, low: float) -> None:
        """Begin at ``low``; the value stays where it is."""
        with QSignalBlocker(self):
            self.setMinimum(self._position(low))

    def set_value(self, value: float) -> None:
        """Show ``value``, at the nearest end if it is out of range."""
        with QSignalBlocker(self):
            self.setValue(self._position(value))

    def share_of(self, value: float) -> float:
        """Return how far along the slider ``value`` is: 0 at the left end, 1 at the right."""
        if value <= 0:
            return 0.0
        span = self.maximum() - self.minimum()
        share = (math.log10(value) * self._PER_DECADE - self.minimum()) / span
        return min(max(share, 0.0), 1.0)

    def _position(self, value: float) -> int:
        return round(math.log10(value) * self._PER_DECADE)

    @Slot(int)
    def _on_value_changed(self, position: int) -> None:
        self.moved.emit(round_to(10.0 ** (position / self._PER_DECADE), 2))


SIDE_PIXELS = 26


class RestoreButton(QToolButton):
    """A small button that keeps its place while it is hidden."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("mini")
        self.setFixedSize(SIDE_PIXELS, SIDE_PIXELS)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self._theme = theme
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setIcon(self._theme.icon("restore", self._theme.palette.accent))

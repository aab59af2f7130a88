"""Labels, text boxes, inputs and layouts that panels and pictures are built from."""

import math
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

from PySide6.QtCore import QEvent, QPointF, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QTextFormat,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QComboBox,
    QLabel,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSlider,
    QTextEdit,
    QToolButton,
    QWidget,
)

from linreg_gui.look.scale import forget_size, keep_scaled, px
from linreg_gui.look.theme import BASE_PIXELS, GRID, mono_font, set_style_property
from linreg_gui.look.wrapping import WrappingButton
from linreg_gui.settings import Step
from linreg_gui.texts import tr

Role = Literal["title", "group", "muted", "fact", "error", "pending", "state", "number", "now", ""]
"""What a label says. The style sheet gives each role a size and a color."""

Box = TypeVar("Box", bound=QBoxLayout)

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def text_label(role: Role, text: str = "", *, wraps: bool = True) -> QLabel:
    """Return a label that looks like ``role`` and, by default, wraps long text."""
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wraps)
    return label


def set_least_width(label: QLabel, pixels: int) -> None:
    """Make ``label`` at least so wide, which may be less than before."""
    if pixels != label.minimumWidth():
        label.setMinimumWidth(pixels)
        forget_size(label)


def show_text(label: QLabel, text: str) -> None:
    """Show ``text``; hide the label if the text is empty."""
    label.setText(text)
    label.setVisible(bool(text))


def fill(
    box: Box,
    *items: QWidget | QLayout | int | None,
    margins: tuple[int, int, int, int] = (0, 0, 0, 0),
    spacing: int = GRID,
    stretch: QWidget | None = None,
) -> Box:
    """Put ``items`` into ``box`` and return it.

    An item is a widget, a layout, a number of empty pixels, or None for the empty space that is
    left. If ``stretch`` is visible, it takes that space. Margins are left, top, right, bottom. All
    of these pixels follow the scale, except empty ones.
    """
    keep_scaled(box, setContentsMargins=margins, setSpacing=spacing)
    for item in items:
        if isinstance(item, QWidget):
            box.addWidget(item)
        elif isinstance(item, QLayout):
            box.addLayout(item)
        elif item is None:
            box.addStretch()
        else:
            box.addSpacing(item)
    if stretch is not None:
        box.setStretchFactor(stretch, 1)
    return box


def push_button(
    words: str, action: Callable[..., object] | SignalInstance, tip: str = ""
) -> QPushButton:
    """Return a button that calls ``action``, or emits it if it is a signal, when clicked."""
    button = WrappingButton(words)
    button.setToolTip(tip)
    button.clicked.connect(action)
    return button


def mini_button(words: str) -> QToolButton:
    """Return a small button for an icon; ``words`` say what the button does."""
    button = QToolButton()
    button.setObjectName("mini")
    keep_scaled(button, setIconSize=16)
    button.setToolTip(words)
    button.setAccessibleName(words)
    return button


def area(layout: QLayout) -> QWidget:
    """Return a widget that holds ``layout``."""
    widget = QWidget()
    widget.setLayout(layout)
    return widget


def scroller(content: QWidget, *, takes_focus: bool = False, style: str = "plain") -> QScrollArea:
    """Return an area that scrolls ``content`` vertically.

    With ``takes_focus`` the arrow keys scroll it, too. ``style`` is its name in the style sheet.
    """
    scroll_area = QScrollArea()
    scroll_area.setObjectName(style)
    scroll_area.setWidget(content)
    scroll_area.setWidgetResizable(True)
    scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    if not takes_focus:
        scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return scroll_area


def give_focus_back(closing: QWidget) -> None:
    """Give the focus to the window if a control in ``closing`` has it, so that keys still work."""
    focused = QApplication.focusWidget()
    if focused is not None and closing.isAncestorOf(focused):
        closing.window().setFocus()


class MonoText(QPlainTextEdit):
    """Read-only lines of code. Mouse and keys select and scroll; a line without room is broken."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("code")
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self._most_lines = 0
        self.setFont(mono_font())
        keep_scaled(self, setFont=BASE_PIXELS)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        # A broken line may still be a rounded pixel too wide.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def fit_height(self, most_lines: int = 1000) -> None:
        """Keep the height at that of the text, or of its first ``most_lines`` lines."""
        self._most_lines = most_lines
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._fit)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        line = math.ceil(QFontMetricsF(self.font()).lineSpacing())
        block, lines = self.document().begin(), 0
        while block.isValid() and lines <= self._most_lines:
            lines += round(self.blockBoundingRect(block).height() / line)
            block = block.next()
        off, on = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(off if lines <= self._most_lines else on)
        self.setFixedHeight(min(lines, self._most_lines) * line + 1 + 2 * self.frameWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the height at that of the lines in the new width."""
        super().resizeEvent(event)
        if self._most_lines:
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Keep the height at that of the lines in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._most_lines:
            self._fit()


def line_bands(block: QTextBlock, color: str) -> list[QTextEdit.ExtraSelection]:
    """Return marks over the whole width of a line, and of the lines that it is broken into."""
    layout, bands = block.layout(), []
    for index in range(max(1, layout.lineCount())):
        cursor = QTextCursor(block)
        if index:
            cursor.setPosition(block.position() + layout.lineAt(index).textStart())
        band = QTextEdit.ExtraSelection()
        # The type stubs of PySide6 lack these attributes.
        band.cursor = cursor  # type: ignore[attr-defined]
        band.format.setBackground(QColor(color))  # type: ignore[attr-defined]
        band.format.setProperty(QTextFormat.Property.FullWidthSelection, True)  # type: ignore[attr-defined]
        bands.append(band)
    return bands


class Slider(QSlider):
    """A horizontal slider. Without the focus it leaves the wheel to the area around it."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pass the event on unless focused."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ChoiceBox(QComboBox):
    """A list of values, each shown by its words.

    Without the focus it leaves the wheel to the area around it.

    Signals
    -------
    committed(object)
        The user chose this value.
    """

    committed = Signal(object)

    def __init__(self, choices: Mapping[Any, str] | None = None) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Not as item data: Qt would return an enum member as a plain string.
        self._choices: dict[Any, str] = {}
        self.set_choices(choices or {})
        self.activated.connect(self._on_activated)

    @property
    def values(self) -> list[Any]:
        """Return the values that are offered."""
        return list(self._choices)

    @property
    def value(self) -> Any:
        """Return the value on show; None if nothing is offered."""
        return self.values[self.currentIndex()] if self._choices else None

    def set_choices(self, choices: Mapping[Any, str]) -> None:
        """Offer these values, each by its words."""
        if choices != self._choices:
            self._choices = dict(choices)
            self.clear()
            self.addItems(list(choices.values()))

    def set_value(self, value: object) -> None:
        """Show ``value``."""
        self.setCurrentIndex(self.values.index(value))

    @Slot()
    def _on_activated(self) -> None:
        self.committed.emit(self.value)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pass the event on unless focused."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chevron. A style sheet could only take it from a file, in one color."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().text().color(), px(1.5)))
        center, wing = QPointF(self.width() - px(15), self.height() / 2.0 + 2.0), px(4)
        painter.drawPolyline(
            [center + QPointF(-wing, -wing), center, center + QPointF(wing, -wing)]
        )


class NumberField(QLineEdit):
    """A number that is typed, and read when editing ends. Bad text is replaced by the old value.

    Parameters
    ----------
    parse : callable
        Reads the text; raises ``ValueError`` with a sentence for the user.
    format_value : callable
        Returns a text that ``parse`` reads back.
    step : callable
        The arrow keys change the number with it.

    Attributes
    ----------
    value : float
        The last valid number.

    Signals
    -------
    committed(object)
        The user gave this new value.
    refused(str)
        Says what is wrong with the text, and which number stays; empty once the user edits it.
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
        self.value: float = 0
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.editingFinished.connect(self._commit)
        self.textEdited.connect(self._on_edited)

    def set_value(self, value: float) -> None:
        """Show ``value``. If it has not changed, text that is being typed stays."""
        if value != self.value or not self.isModified():
            self.value = value
            self._restore()

    @Slot()
    def _on_edited(self) -> None:
        set_style_property(self, "invalid", False)
        self.refused.emit("")

    @Slot()
    def _commit(self) -> None:
        if not self.isModified():
            return
        try:
            value = self._parse(self.text())
        except ValueError as error:
            self._restore()
            set_style_property(self, "invalid", True)
            still = tr("{sentence} Still {kept}.")
            self.refused.emit(still.format(sentence=error, kept=self.text()))
            return
        self._accept(value)

    def _accept(self, value: float) -> None:
        changed = value != self.value
        self.value = value
        self._restore()
        if changed:
            self.committed.emit(value)

    def _restore(self) -> None:
        self.setText(self._format(self.value))
        set_style_property(self, "invalid", False)

    def event(self, event: QEvent) -> bool:
        """Leave the space bar to the window's shortcut while nothing is being typed."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
            and not self.isModified()
        ):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with the arrow keys; Escape restores the old value.

        While nothing is being typed, Escape belongs to the window.
        """
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            direction = 1 if event.key() == Qt.Key.Key_Up else -1
            self._commit()
            try:
                stepped = self._parse(self._format(self._step(self.value, direction)))
            except ValueError:
                return
            self._accept(stepped)
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self._restore()
            self.refused.emit("")
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
            event.accept()  # the window has its own use for Enter
            self.window().setFocus()  # the next keys are for the window
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select everything, so that typing replaces the number."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

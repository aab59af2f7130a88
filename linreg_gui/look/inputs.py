"""Inputs that panels and pictures are built from: sliders, lists and number fields."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QSlider,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from linreg_gui.look.scale import px
from linreg_gui.look.theme import set_style_property
from linreg_gui.settings import Step
from linreg_gui.texts import tr


def takes_wheel(control: QWidget, event: QWheelEvent) -> bool:
    """Return whether ``control`` has the focus; without it, leave the wheel to the area around."""
    if not control.hasFocus():
        event.ignore()
    return control.hasFocus()


class Slider(QSlider):
    """A horizontal slider. Without the focus it leaves the wheel to the area around it."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pass the event on unless focused."""
        if takes_wheel(self, event):
            super().wheelEvent(event)


class ChoiceBox(QComboBox):
    """A list of values, each shown by its words.

    It leaves the wheel to the area around it: a list that was just chosen from has the focus, and
    whoever scrolls on would choose something else without seeing it.

    Signals
    -------
    committed(object)
        The user chose this value.
    """

    committed = Signal(object)

    def __init__(self, choices: Mapping[Any, str] | None = None) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Qt mirrors the place of the words but not the arrow of a style sheet, which covers them.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
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
        """Pass the event on."""
        event.ignore()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Leave out the middle of words that have no room."""
        super().initStyleOption(option)
        middle, words = Qt.TextElideMode.ElideMiddle, self.currentText()
        fitting = self.fontMetrics().elidedText(words, middle, self.field_of(self.size()).width())
        option.currentText = fitting  # type: ignore[attr-defined] # PySide's types lack it

    def field_of(self, size: QSize) -> QRect:
        """Return the place of the words where the box has this size."""
        option = QStyleOptionComboBox()
        super().initStyleOption(option)
        option.rect = QRect(QPoint(), size)  # type: ignore[attr-defined] # PySide's types lack it
        part = QStyle.SubControl.SC_ComboBoxEditField
        return self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)

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


class TypedField(QLineEdit):
    """A field for a number. While nothing is being typed, the space bar belongs to the window."""

    def event(self, event: QEvent) -> bool:
        """Leave the space bar to the window until something is typed."""
        is_space = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if is_space and not (self.isModified() and self.text()):
            event.ignore()
            return False
        return super().event(event)


class NameField(TypedField):
    """A field for a name. Enter ends it, and does nothing else in the window."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter."""
        super().keyPressEvent(event)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.accept()


class NumberField(TypedField):
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
        Says what is wrong with the text, and which number stays. Empty once that is of no more use.
    """

    committed = Signal(object)
    refused = Signal(object)

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
        self.textEdited.connect(self.forget_refusal)

    def set_value(self, value: float) -> None:
        """Show ``value``. If it has not changed, text that is being typed stays."""
        if value != self.value:
            self._show(value)
        elif not self.isModified():
            self._restore()

    @Slot()
    def forget_refusal(self) -> None:
        """Say no more what was wrong with the last text."""
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
            self.refused.emit(still.format(sentence=str(error), kept=self.text()))
            return
        self._accept(value)

    def _accept(self, value: float) -> None:
        changed = value != self.value
        self._show(value)
        if changed:
            self.committed.emit(value)

    def _show(self, value: float) -> None:
        self.value = value
        self._restore()
        self.forget_refusal()

    def _restore(self) -> None:
        self.setText(self._format(self.value))
        self._show_beginning()

    def _show_beginning(self) -> None:
        """Show the sign and the first digits of a number that is too long, unless it is typed."""
        if not self.hasFocus() and not self.isModified():
            self.home(False)

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
            self.forget_refusal()
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

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the beginning again."""
        super().focusOutEvent(event)
        self._show_beginning()

"""One setting on screen: what ties it to the settings, its label, editor, notes and errors."""

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from linreg_gui.data.dataset import MAX_FEATURES
from linreg_gui.look.controls import ChoiceBox, NumberField, mini_button, text_label
from linreg_gui.look.theme import Theme, set_style_property
from linreg_gui.settings import (
    DEFAULTS,
    FEATURES,
    FURTHER_WEIGHTS,
    Choice,
    Setting,
    TrainingConfig,
    format_setting,
    parse_number,
    setting_of,
)
from linreg_gui.texts import tr

_LABEL_WIDTH = 104
_EDITOR_WIDTH = 72
_BUTTON_MARGINS = 24
_SIDE_PIXELS = 26


class Binding:
    """Reads and changes one field of a `TrainingConfig`.

    Attributes
    ----------
    name : str
        The field.
    label : str
        The name on screen.
    setting : Setting
        Limits, unit and help.
    """

    def __init__(self, name: str, label: str = "", setting: Setting | None = None) -> None:
        self.name = name
        self.setting = setting or setting_of(name)
        self.label = label or self.setting.words().label

    def read(self, config: TrainingConfig) -> Any:
        """Return the value in ``config``."""
        return getattr(config, self.name)

    def changes(self, _config: TrainingConfig, value: Any) -> dict[str, Any]:
        """Return the fields that change in ``_config`` when a person gives ``value``."""
        return {self.name: value}

    @property
    def default(self) -> Any:
        """Return the lesson's value."""
        return self.read(DEFAULTS)

    def parse(self, text: str) -> float:
        """Read a number; raise ``ValueError`` with a sentence for the user."""
        return parse_number(text, self.setting, whole=isinstance(self.default, int))


class ElementBinding(Binding):
    """Reads and changes one number of a tuple, which may be shorter: see `FURTHER_WEIGHTS`."""

    def __init__(self, name: str, index: int) -> None:
        super().__init__(name, setting_of(name).words().element.format(index=index))
        self._index = index

    def read(self, config: TrainingConfig) -> float:
        """Return the number in ``config``."""
        return self._values(config)[self._index]

    def changes(self, config: TrainingConfig, value: float) -> dict[str, Any]:
        """Return the tuple of ``config`` with ``value`` in it."""
        values = self._values(config)[: max(self._index + 1, len(getattr(config, self.name)))]
        values[self._index] = value
        return {self.name: tuple(values)}

    def _values(self, config: TrainingConfig) -> list[float]:
        values: tuple[float, ...] = getattr(config, self.name)
        return [*values, *FURTHER_WEIGHTS[self.name][len(values) :]]


class FeaturesBinding(Binding):
    """Reads and changes the number of features. A feature that returns gets its old weight."""

    def __init__(self) -> None:
        super().__init__("true_weights", setting=FEATURES)
        self._weights = list(FURTHER_WEIGHTS[self.name])

    def read(self, config: TrainingConfig) -> int:
        """Return the number of features in ``config``."""
        return config.features

    def changes(self, config: TrainingConfig, value: int) -> dict[str, Any]:
        """Return a true weight for each of ``value`` features."""
        self._weights[: len(config.true_weights)] = config.true_weights
        return {self.name: tuple(self._weights[:value])}


class Row(QWidget):
    """A label, an editor, and a button that restores the default.

    The editor is beside the label, or below it if something else is ``beside`` it.

    Signals
    -------
    help_wanted(str, str)
        The mouse has come; the name of the row and its help.
    """

    help_wanted = Signal(str, str)

    def __init__(
        self, label: str, editor: QWidget, theme: Theme, beside: QWidget | None = None
    ) -> None:
        super().__init__()
        self.label = label
        self.editor = editor
        self._theme = theme
        self._restore: QToolButton | None = None
        self._name = QLabel(label)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(2, _SIDE_PIXELS)
        self._grid.setRowMinimumHeight(0, _SIDE_PIXELS)
        self._grid.addWidget(self._name, 0, 0)
        self._grid.addWidget(beside or editor, 0, 1)
        if beside is not None:
            self.add_below(editor)

    @property
    def help_text(self) -> str:
        """Return what the row is for."""
        raise NotImplementedError

    @property
    def default_words(self) -> str:
        """Return the default as it is shown."""
        raise NotImplementedError

    def restore_default(self) -> None:
        """Return to the default."""
        raise NotImplementedError

    def add_below(self, widget: QWidget) -> None:
        """Put ``widget`` under label and editor."""
        self._grid.addWidget(widget, 1, 0, 1, 2)

    def set_restorable(self, restorable: bool) -> None:
        """Show the button, or hide it. It is made when it is first shown: few rows need one."""
        if self._restore is None:
            if not restorable:
                return
            self._restore = self._make_restore_button()
            self._color_button()
            self._theme.changed.connect(self._color_button)
        had_focus = self._restore.hasFocus()
        self._restore.setVisible(restorable)
        if had_focus and not restorable:
            self.editor.setFocus()

    def _make_restore_button(self) -> QToolButton:
        button = mini_button(
            tr("Return {label} to its default: {default}").format(
                label=self.label, default=self.default_words
            )
        )
        button.setFixedSize(_SIDE_PIXELS, _SIDE_PIXELS)
        button.clicked.connect(self.restore_default)
        self._grid.addWidget(button, 0, 2, Qt.AlignmentFlag.AlignVCenter)
        self.setTabOrder(self.editor, button)
        return button

    @Slot()
    def _color_button(self) -> None:
        if self._restore is not None:
            self._restore.setIcon(self._theme.icon("restore", self._theme.palette.accent))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Ask for the help to be shown."""
        super().enterEvent(event)
        self.help_wanted.emit(self.label, self.help_text)


class SettingRow(Row):
    """A row bound to a setting; see `setting_row`.

    Signals
    -------
    committed(SettingRow, object)
        The user gave this row this new value.
    """

    committed = Signal(QWidget, object)

    def __init__(self, binding: Binding, editor: QWidget, theme: Theme) -> None:
        super().__init__(binding.label, editor, theme)
        self.binding = binding
        self._shown: object = None
        self._note: QLabel | None = None
        self._error: QLabel | None = None
        self._name.setFixedWidth(_LABEL_WIDTH)
        self._name.setBuddy(editor)
        unit = binding.setting.words().unit
        editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        editor.setMinimumWidth(_EDITOR_WIDTH)
        editor.setAccessibleName(f"{self.label} ({unit})" if unit else self.label)
        editor.setAccessibleDescription(self.help_text)

    def show_value(self, value: Any) -> None:
        """Show ``value`` in the editor."""
        raise NotImplementedError

    def show_settings(
        self, settings: TrainingConfig, applied: TrainingConfig, pending: frozenset[str]
    ) -> None:
        """Show the value in ``settings``, whether it is the default, and whether it is pending.

        ``applied`` are the settings of the run, and ``pending`` the fields that apply at Reset.
        """
        value = self.binding.read(settings)
        if value != self._shown:
            self._shown = value
            self.show_error("")
        self.show_value(value)
        self.set_restorable(value != self.binding.default)
        is_pending = self.binding.name in pending and value != self.binding.read(applied)
        self._name.setText(f"{self.label} •" if is_pending else self.label)
        self._name.setToolTip(tr("Applies at Reset") if is_pending else "")
        set_style_property(self._name, "pending", is_pending)

    def show_note(self, words: str) -> None:
        """Show the unit and ``words`` under the editor."""
        text = "; ".join(part for part in (self.binding.setting.words().unit, words) if part)
        if text and self._note is None:
            self._note = text_label("muted")
            self._grid.addWidget(self._note, 2, 0, 1, 2)
        if self._note is not None:
            self._note.setText(text)
            self._note.setVisible(bool(text))

    @property
    def error_text(self) -> str:
        """Return the error that is shown; empty if there is none."""
        return "" if self._error is None else self._error.text()

    def show_error(self, sentence: str) -> None:
        """Say what is wrong with the value that was given; an empty sentence removes the error."""
        if sentence and self._error is None:
            self._error = text_label("error")
            self._grid.addWidget(self._error, 3, 0, 1, 3)
        if self._error is not None:
            self._error.setText(sentence)
            self._error.setVisible(bool(sentence))

    @property
    def help_text(self) -> str:
        """Return the help of the setting, its limits and its default."""
        parts = [self.binding.setting.words().help]
        if limits := self.binding.setting.limits():
            parts.append(tr("Limits: {limits}.").format(limits=limits))
        parts.append(tr("Default: {default}.").format(default=self.default_words))
        return " ".join(parts)

    @property
    def default_words(self) -> str:
        """Return the lesson's value as it is shown."""
        default = self.binding.default
        return default.words if isinstance(default, Choice) else format_setting(default)

    @Slot()
    def restore_default(self) -> None:
        """Return to the lesson's value."""
        self.commit(self.binding.default)

    @Slot(object)
    def commit(self, value: object) -> None:
        """Report a value that the user gave."""
        self.committed.emit(self, value)


def setting_row(name: str, index: int | None, theme: Theme) -> SettingRow:
    """Return the row of the field ``name``.

    Of a tuple, ``index`` selects one number; None is the number of features.
    """
    default = getattr(DEFAULTS, name)
    if index is not None:
        return NumberRow(ElementBinding(name, index), theme)
    if isinstance(default, tuple):
        counts = {count: str(count) for count in range(1, MAX_FEATURES + 1)}
        return ChoiceRow(FeaturesBinding(), counts, theme)
    binding = Binding(name)
    if default is None:
        return DataRow(binding, theme)
    if isinstance(default, bool):
        return SwitchRow(binding, theme)
    if isinstance(default, Choice):
        return ChoiceRow(binding, {choice: choice.words for choice in type(default)}, theme)
    return NumberRow(binding, theme)


class NumberRow(SettingRow):
    """A row with a number."""

    def __init__(self, binding: Binding, theme: Theme) -> None:
        self._field = NumberField(binding.parse, format_setting, binding.setting.step)
        super().__init__(binding, self._field, theme)
        self._field.committed.connect(self.commit)
        self._field.refused.connect(self._on_refused)

    def show_value(self, value: float) -> None:
        """Show ``value`` in the editor."""
        self._field.set_value(value)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        if sentence:
            kept = format_setting(self._field.value)
            sentence = tr("{sentence} Still {kept}.").format(sentence=sentence, kept=kept)
        self.show_error(sentence)


class ChoiceRow(SettingRow):
    """A row with a list to choose from."""

    def __init__(self, binding: Binding, choices: dict[Any, str], theme: Theme) -> None:
        self._box = ChoiceBox(choices)
        super().__init__(binding, self._box, theme)
        self._box.committed.connect(self.commit)

    def show_value(self, value: object) -> None:
        """Show ``value`` in the editor."""
        self._box.set_value(value)


class SwitchRow(SettingRow):
    """A row with a switch."""

    def __init__(self, binding: Binding, theme: Theme) -> None:
        self._switch = QCheckBox()
        super().__init__(binding, self._switch, theme)
        self._switch.clicked.connect(self.commit)

    def show_value(self, value: bool) -> None:
        """Show ``value`` in the editor."""
        self._switch.setChecked(value)


class DataRow(SettingRow):
    """A row with a button that names the data.

    Signals
    -------
    choice_wanted()
        The user wants to choose other data.
    """

    choice_wanted = Signal()

    def __init__(self, binding: Binding, theme: Theme) -> None:
        self._button = _NameButton()
        super().__init__(binding, self._button, theme)
        self._button.clicked.connect(self.choice_wanted)

    def show_value(self, value: object) -> None:
        """Show the name of the data in the editor."""
        self._button.show_name(format_setting(value))


class _NameButton(QPushButton):
    def __init__(self) -> None:
        super().__init__()
        self._shown_name = ""

    def show_name(self, name: str) -> None:
        self._shown_name = name
        self.setToolTip(tr("{name}: choose other data").format(name=name))
        self._fit()

    def _fit(self) -> None:
        room = self.width() - _BUTTON_MARGINS
        elide = Qt.TextElideMode.ElideMiddle
        self.setText(self.fontMetrics().elidedText(self._shown_name, elide, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

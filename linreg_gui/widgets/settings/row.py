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
from linreg_gui.look.controls import (
    ChoiceBox,
    NumberField,
    Role,
    mini_button,
    show_text,
    text_label,
)
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
_GAP = 4


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
        self._name.setContentsMargins(0, 0, _GAP, 0)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(0)  # a grid leaves out the spacing of an empty column
        self._grid.setVerticalSpacing(_GAP)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(2, _GAP + _SIDE_PIXELS)
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
        self._grid.addWidget(
            button, 0, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
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
    """A row bound to a field of the `TrainingConfig`; see `setting_row`.

    Attributes
    ----------
    name : str
        The field.
    setting : Setting
        Limits, unit and help.

    Signals
    -------
    committed(SettingRow, object)
        The user gave this row this new value.
    """

    committed = Signal(QWidget, object)

    def __init__(
        self,
        name: str,
        editor: QWidget,
        theme: Theme,
        *,
        label: str = "",
        setting: Setting | None = None,
    ) -> None:
        self.name = name
        self.setting = setting or setting_of(name)
        self._words = self.setting.words()
        super().__init__(label or self._words.label, editor, theme)
        self._shown: tuple[object, bool] | None = None
        self._remarks: dict[Role, QLabel] = {}
        self._name.setFixedWidth(_LABEL_WIDTH + _GAP)
        self._name.setBuddy(editor)
        editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        editor.setMinimumWidth(_EDITOR_WIDTH)
        unit = f" ({self._words.unit})" if self._words.unit else ""
        editor.setAccessibleName(f"{self.label}{unit}")
        editor.setAccessibleDescription(self.help_text)

    def read(self, config: TrainingConfig) -> Any:
        """Return the value in ``config``."""
        return getattr(config, self.name)

    def changes(self, _config: TrainingConfig, value: Any) -> dict[str, Any]:
        """Return the fields of ``_config`` that change when the user gives ``value``."""
        return {self.name: value}

    @property
    def default(self) -> Any:
        """Return the lesson's value."""
        return self.read(DEFAULTS)

    def show_value(self, value: Any) -> None:
        """Show ``value`` in the editor."""
        raise NotImplementedError

    def show_settings(
        self, settings: TrainingConfig, applied: TrainingConfig, pending: frozenset[str]
    ) -> None:
        """Show the value in ``settings``, whether it is the default, and whether it is pending.

        ``applied`` are the settings of the run, and ``pending`` the fields that apply at Reset.
        """
        value = self.read(settings)
        self.show_value(value)
        is_pending = self.name in pending and value != self.read(applied)
        if self._shown != (value, is_pending):
            self._shown = value, is_pending
            self.show_error("")
            self.set_restorable(value != self.default)
            self._name.setText(f"{self.label} •" if is_pending else self.label)
            self._name.setToolTip(tr("Applies at Reset") if is_pending else "")
            set_style_property(self._name, "pending", is_pending)

    def show_note(self, words: str) -> None:
        """Show the unit and ``words`` under the editor."""
        self._say("muted", 2, "; ".join(part for part in (self._words.unit, words) if part))

    @property
    def error_text(self) -> str:
        """Return the error that is shown; empty if there is none."""
        return self._remarks["error"].text() if "error" in self._remarks else ""

    def show_error(self, sentence: str) -> None:
        """Say what is wrong with the value that was given; an empty sentence removes the error."""
        self._say("error", 3, sentence)

    def _say(self, role: Role, place: int, text: str) -> None:
        """Show ``text`` in a label, which is made when it is first needed."""
        if text and role not in self._remarks:
            self._remarks[role] = text_label(role)
            self._grid.addWidget(self._remarks[role], place, 0, 1, 3)
        if role in self._remarks:
            show_text(self._remarks[role], text)

    @property
    def help_text(self) -> str:
        """Return the help of the setting, its limits and its default."""
        parts = [self._words.help]
        if limits := self.setting.limits():
            parts.append(tr("Limits: {limits}.").format(limits=limits))
        parts.append(tr("Default: {default}.").format(default=self.default_words))
        return " ".join(parts)

    @property
    def default_words(self) -> str:
        """Return the lesson's value as it is shown."""
        default = self.default
        return default.words if isinstance(default, Choice) else format_setting(default)

    @Slot()
    def restore_default(self) -> None:
        """Return to the lesson's value."""
        self.commit(self.default)

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
        return ElementRow(name, index, theme)
    if isinstance(default, tuple):
        return FeaturesRow(theme)
    if default is None:
        return DataRow(name, theme)
    if isinstance(default, bool):
        return SwitchRow(name, theme)
    if isinstance(default, Choice):
        return ChoiceRow(name, {choice: choice.words for choice in type(default)}, theme)
    return NumberRow(name, theme)


class NumberRow(SettingRow):
    """A row with a number."""

    def __init__(self, name: str, theme: Theme, label: str = "") -> None:
        self._field = NumberField(self._parse, format_setting, setting_of(name).step)
        super().__init__(name, self._field, theme, label=label)
        self._field.committed.connect(self.commit)
        self._field.refused.connect(self._on_refused)

    def show_value(self, value: float) -> None:
        """Show ``value`` in the editor."""
        self._field.set_value(value)

    def _parse(self, text: str) -> float:
        return parse_number(text, self.setting, whole=isinstance(self.default, int))

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        if sentence:
            kept = format_setting(self._field.value)
            sentence = tr("{sentence} Still {kept}.").format(sentence=sentence, kept=kept)
        self.show_error(sentence)


class ElementRow(NumberRow):
    """A row with one number of a tuple. If the tuple is shorter, see `FURTHER_WEIGHTS`."""

    def __init__(self, name: str, index: int, theme: Theme) -> None:
        self._index = index
        super().__init__(name, theme, setting_of(name).words().element.format(index=index))

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


class ChoiceRow(SettingRow):
    """A row with a list to choose from."""

    def __init__(
        self, name: str, choices: dict[Any, str], theme: Theme, setting: Setting | None = None
    ) -> None:
        self._box = ChoiceBox(choices)
        super().__init__(name, self._box, theme, setting=setting)
        self._box.committed.connect(self.commit)

    def show_value(self, value: object) -> None:
        """Show ``value`` in the editor."""
        self._box.set_value(value)


class FeaturesRow(ChoiceRow):
    """The row with the number of features. A feature that returns gets its old weight."""

    def __init__(self, theme: Theme) -> None:
        self._weights = list(FURTHER_WEIGHTS["true_weights"])
        counts = {count: str(count) for count in range(1, MAX_FEATURES + 1)}
        super().__init__("true_weights", counts, theme, FEATURES)

    def read(self, config: TrainingConfig) -> int:
        """Return the number of features in ``config``."""
        return config.features

    def changes(self, config: TrainingConfig, value: int) -> dict[str, Any]:
        """Return a true weight for each of ``value`` features."""
        self._weights[: len(config.true_weights)] = config.true_weights
        return {self.name: tuple(self._weights[:value])}


class SwitchRow(SettingRow):
    """A row with a switch."""

    def __init__(self, name: str, theme: Theme) -> None:
        self._switch = QCheckBox()
        super().__init__(name, self._switch, theme)
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

    def __init__(self, name: str, theme: Theme) -> None:
        self._button = _NameButton()
        super().__init__(name, self._button, theme)
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

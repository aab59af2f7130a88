"""One setting on screen: what ties it to the settings, its label, editor, notes and errors."""

from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from linreg_gui.data.dataset import MAX_FEATURES
from linreg_gui.look.controls import Role, mini_button, show_text, text_label
from linreg_gui.look.inputs import ChoiceBox, NumberField
from linreg_gui.look.plain import set_tip
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.theme import Theme, set_style_property
from linreg_gui.look.wrapping import WrappingButton
from linreg_gui.settings import (
    DEFAULTS,
    FEATURES,
    FURTHER_WEIGHTS,
    Choice,
    Setting,
    TrainingConfig,
    choice_words,
    format_setting,
    parse_number,
    setting_of,
    value_words,
)
from linreg_gui.texts import breakable, clauses, paragraph, quoted, tr

_LABEL_WIDTH = 104
_EDITOR_WIDTH = 72
_SIDE_PIXELS = 26
_GAP = 4


class SettingRow(QWidget):
    """A field of the `TrainingConfig`: its label, an editor, and a button for the default.

    See `setting_row`.

    Attributes
    ----------
    name : str
        The field.
    label, help_text, default_words : str
        The name of the row, what it is for, and the default as it is shown.
    editor : QWidget
        Changes the value.
    default : object
        The lesson's value.
    is_pending : bool
        Whether the row is marked, because its value applies only at Reset.

    Signals
    -------
    committed(SettingRow, object)
        The user gave this row this new value.
    """

    committed = Signal(QWidget, object)

    def __init__(
        self,
        name: str,
        theme: Theme,
        *,
        label: str = "",
        setting: Setting | None = None,
        editor: ChoiceBox | None = None,
    ) -> None:
        super().__init__()
        self.name = name
        self.default = self.read(DEFAULTS)
        setting = setting or setting_of(name)
        words, limits = setting.words(), setting.limits()
        self.label = label or words.label
        self.default_words = value_words(self.default)
        self.help_text = paragraph(
            words.help,
            tr("Limits: {limits}.").format(limits=limits) if limits else "",
            tr("Default: {default}.").format(default=self.default_words),
        )
        self._editor = editor or _editor_of(self.default, setting)
        self.editor: QWidget = self._editor
        self._theme = theme
        self._restore: QToolButton | None = None
        self._lay_out()
        self._unit = words.unit
        self._shown_value: object = None
        self.is_pending = False
        self._remarks: dict[Role, QLabel] = {}
        keep_scaled(self._name, setFixedWidth=_LABEL_WIDTH + _GAP)
        self._name.setBuddy(self._editor)
        self._editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if not isinstance(self._editor, ChoiceBox):  # whose words need their room in any language
            keep_scaled(self._editor, setMinimumWidth=_EDITOR_WIDTH)
        if self._unit:
            self._editor.setAccessibleName(f"{self.label} ({self._unit})")
        if not isinstance(self._editor, NameButton):
            self._editor.committed.connect(self.commit)
        if isinstance(self._editor, NumberField):
            self._editor.refused.connect(self.show_error)

    def _lay_out(self) -> None:
        self._name = text_label(
            "", breakable(self.label)
        )  # in two lines if the mark needs the room
        keep_scaled(self._name, setContentsMargins=(0, 0, _GAP, 0))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)  # for the mark
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(0)  # a grid leaves out the spacing of an empty column
        keep_scaled(self._grid, setVerticalSpacing=_GAP)
        self._grid.setColumnStretch(1, 1)
        self._theme.changed.connect(self._make_room)
        self._make_room()
        self._grid.addWidget(self._name, 0, 0)
        if isinstance(self._editor, NameButton):  # a name needs more room than a number
            self._grid.addWidget(self._editor, 1, 0, 1, 2)
        else:
            self._grid.addWidget(self._editor, 0, 1)
        set_tip(self, self.help_text)
        self.setWhatsThis(self.help_text)
        self._editor.setAccessibleName(self.label)
        self._editor.setAccessibleDescription(self.help_text)

    def read(self, config: TrainingConfig) -> Any:
        """Return the value in ``config``."""
        return getattr(config, self.name)

    def changes(self, _config: TrainingConfig, value: Any) -> dict[str, Any]:
        """Return the fields of ``_config`` that change when the user gives ``value``."""
        return {self.name: value}

    def show_settings(
        self, settings: TrainingConfig, applied: TrainingConfig, pending: frozenset[str]
    ) -> None:
        """Show the value in ``settings``, whether it is the default, and whether it is pending.

        ``applied`` are the settings of the run, and ``pending`` the fields that apply at Reset.
        """
        value = self.read(settings)
        self._editor.set_value(value)
        is_pending = self.name in pending and value != self.read(applied)
        if (value, is_pending) != (self._shown_value, self.is_pending):
            self._shown_value, self.is_pending = value, is_pending
            self.show_error("")
            self.set_restorable(value != self.default)
            name = breakable(self.label)
            self._name.setText(f"{name} •" if is_pending else name)
            set_tip(self._name, tr("Applies at Reset") if is_pending else "")
            set_style_property(self._name, "pending", is_pending)

    def add_below(self, widget: QWidget) -> None:
        """Put ``widget`` under label and editor."""
        self._grid.addWidget(widget, 1, 0, 1, 2)

    def set_restorable(self, restorable: bool) -> None:
        """Show the button, or hide it. It is made when it is first shown: few rows need one."""
        if self._restore is None and restorable:
            words = tr("{label}: return to the default, {default}")
            words = words.format(label=self.label, default=self.default_words)
            self._restore = mini_button(words)
            keep_scaled(self._restore, setFixedSize=(_SIDE_PIXELS, _SIDE_PIXELS))
            self._restore.clicked.connect(self.restore_default)
            place = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            self._grid.addWidget(self._restore, 0, 2, place)
            self.setTabOrder(self.editor, self._restore)
            self._theme.changed.connect(self._show_icon)
            self._show_icon()
        if self._restore is not None:
            had_focus = self._restore.hasFocus()
            self._restore.setVisible(restorable)
            if had_focus and not restorable:
                self.editor.setFocus()

    @Slot()
    def _make_room(self) -> None:
        """Leave room for the button that restores the default."""
        self._grid.setColumnMinimumWidth(2, px(_GAP + _SIDE_PIXELS))
        self._grid.setRowMinimumHeight(0, px(_SIDE_PIXELS))

    @Slot()
    def _show_icon(self) -> None:
        if self._restore is not None:
            self._restore.setIcon(self._theme.icon("restore", self._theme.palette.accent))

    def show_note(self, words: str) -> None:
        """Show the unit and ``words`` under the editor."""
        self._say("muted", 2, clauses(part for part in (self._unit, words) if part))

    def forget_error(self) -> None:
        """Say no more what was wrong with the last value."""
        if isinstance(self._editor, NumberField):
            self._editor.forget_refusal()
        self.show_error("")

    @Slot(object)
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
    if index is not None:
        return ElementRow(name, index, theme)
    return FeaturesRow(theme) if name == "true_weights" else SettingRow(name, theme)


class ElementRow(SettingRow):
    """A row with one number of a tuple. If the tuple is shorter, see `FURTHER_WEIGHTS`."""

    def __init__(self, name: str, index: int, theme: Theme) -> None:
        self.name, self._index = name, index
        super().__init__(name, theme, label=setting_of(name).words().element.format(index=index))

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


class FeaturesRow(SettingRow):
    """The row with the number of features. A feature that returns gets its old weight."""

    def __init__(self, theme: Theme) -> None:
        self._weights = list(FURTHER_WEIGHTS["true_weights"])
        counts = ChoiceBox({count: str(count) for count in range(1, MAX_FEATURES + 1)})
        super().__init__("true_weights", theme, setting=FEATURES, editor=counts)

    def read(self, config: TrainingConfig) -> int:
        """Return the number of features in ``config``."""
        return config.features

    def changes(self, config: TrainingConfig, value: int) -> dict[str, Any]:
        """Return a true weight for each of ``value`` features."""
        self._weights[: len(config.true_weights)] = config.true_weights
        return {self.name: tuple(self._weights[:value])}


def _editor_of(
    default: object, setting: Setting
) -> "NumberField | ChoiceBox | Switch | NameButton":
    """Return the editor that suits values like ``default``."""
    match default:
        case None:
            return NameButton()
        case bool():
            return Switch()
        case Choice():
            return ChoiceBox({choice: choice_words(choice) for choice in type(default)})
    parse = partial(parse_number, setting=setting, whole=isinstance(default, int))
    return NumberField(parse, format_setting, setting.step)


class Switch(QCheckBox):
    """Switches a setting on and off.

    Signals
    -------
    committed(bool)
        The user chose this value.
    """

    committed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.clicked.connect(self.committed)

    def set_value(self, value: bool) -> None:
        """Show ``value``."""
        self.setChecked(value)


class NameButton(WrappingButton):
    """Names the data, in as many lines as it takes."""

    def set_value(self, value: object) -> None:
        """Show the name of the data ``value``."""
        name = value_words(value)
        set_tip(self, tr("{name}: choose other data").format(name=name))
        self.setText(quoted(name))

    def minimumSizeHint(self) -> QSize:
        """Return a small width: a name may be broken anywhere."""
        return QSize(px(_EDITOR_WIDTH), self.sizeHint().height())

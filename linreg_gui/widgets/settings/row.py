"""One setting on screen: what ties it to the settings, label, editor, unit, and messages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from linreg_gui.look.controls import SIDE_PIXELS, NumberField, RestoreButton, text_label
from linreg_gui.look.theme import Theme, set_style_property
from linreg_gui.settings import (
    DEFAULTS,
    FEATURES,
    FURTHER_WEIGHTS,
    Setting,
    TrainingConfig,
    format_setting,
    parse_number,
    setting_of,
)
from linreg_gui.texts import tr


@dataclass(frozen=True)
class Binding:
    """Reads and writes one number or choice of a `TrainingConfig`.

    Attributes
    ----------
    label : str
        In the user's language.
    setting : Setting
        Limits, unit and help.
    fields : tuple of str
        The fields of the config that it writes.
    read : callable
        From a config to the value.
    changes : callable
        From a config and a value to the fields that must change.
    """

    label: str
    setting: Setting
    fields: tuple[str, ...]
    read: Callable[[TrainingConfig], Any]
    changes: Callable[[TrainingConfig, Any], dict[str, Any]]

    @property
    def default(self) -> Any:
        """Return the lesson's value."""
        return self.read(DEFAULTS)

    def parse(self, text: str) -> float:
        """Read a typed number; raise ``ValueError`` with a sentence for the user."""
        return parse_number(text, self.setting, whole=isinstance(self.default, int))

    def format(self, value: float) -> str:
        """Return the text that `parse` reads back as ``value``."""
        return format_setting(value)


def field_binding(name: str) -> Binding:
    """Bind the field ``name``."""
    return Binding(
        label=tr(setting_of(name).label),
        setting=setting_of(name),
        fields=(name,),
        read=lambda config: getattr(config, name),
        changes=lambda _, value: {name: value},
    )


def element_binding(name: str, index: int, label: str) -> Binding:
    """Bind one number of the tuple field ``name``; `FURTHER_WEIGHTS` where it is shorter."""

    def read(config: TrainingConfig) -> float:
        values: tuple[float, ...] = getattr(config, name)
        return (*values, *FURTHER_WEIGHTS[name][len(values) :])[index]

    def changes(config: TrainingConfig, value: float) -> dict[str, Any]:
        values = list(getattr(config, name))
        values += FURTHER_WEIGHTS[name][len(values) : index + 1]
        values[index] = value
        return {name: tuple(values)}

    return Binding(label, setting_of(name), (name,), read, changes)


def features_binding(spare_weight: Callable[[int], float]) -> Binding:
    """Bind the number of features; a feature that comes back takes the weight it had."""

    def changes(config: TrainingConfig, features: int) -> dict[str, Any]:
        weights = config.true_weights
        return {
            "true_weights": tuple(
                weights[index] if index < len(weights) else spare_weight(index)
                for index in range(features)
            )
        }

    return Binding(
        tr(FEATURES.label), FEATURES, ("true_weights",), lambda config: config.features, changes
    )


LABEL_WIDTH = 104


class SettingRow(QWidget):
    """A labeled editor bound to a setting.

    Signals
    -------
    committed(object)
        A person gave another value.
    pointed_at()
        The mouse has come to the row.
    """

    committed = Signal(object)
    pointed_at = Signal()

    def __init__(
        self, binding: Binding, editor: QWidget, theme: Theme, extra: QWidget | None = None
    ) -> None:
        super().__init__()
        self.binding = binding
        self.editor = editor
        self._shown: object = None
        self._label = QLabel(binding.label)
        self._label.setFixedWidth(LABEL_WIDTH)
        self._label.setBuddy(editor)
        self._theme = theme
        self._restore: RestoreButton | None = None
        self._error = text_label("error")
        self._error.hide()
        self._lay_out(extra)
        self._describe()
        editor.committed.connect(self.committed)  # type: ignore[attr-defined]
        if isinstance(editor, NumberField):
            editor.refused.connect(self._on_refused)

    def show_settings(
        self, settings: TrainingConfig, applied: TrainingConfig, pending: frozenset[str]
    ) -> None:
        """Show the value that ``settings`` hold, and how it stands to the default and the run.

        ``applied`` are the run's settings, and ``pending`` the names of the fields that wait.
        """
        value = self.binding.read(settings)
        if value != self._shown:
            self._shown = value
            self.show_error("")
        self.editor.set_value(value)  # type: ignore[attr-defined]
        self._set_restorable(value != self.binding.default)
        is_pending = not pending.isdisjoint(self.binding.fields) and value != self.binding.read(
            applied
        )
        self._label.setText(f"{self.binding.label} •" if is_pending else self.binding.label)
        self._label.setToolTip(tr("Applies at Reset") if is_pending else "")
        set_style_property(self._label, "pending", is_pending)

    @property
    def error_text(self) -> str:
        """Return what is said to be wrong; empty while nothing is."""
        return "" if self._error.isHidden() else self._error.text()

    def show_error(self, sentence: str) -> None:
        """Say what is wrong with the value given; an empty sentence takes it back."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    @property
    def label(self) -> str:
        """Return the setting's name."""
        return self.binding.label

    @property
    def help_text(self) -> str:
        """Return the setting's help with limits and default."""
        setting = self.binding.setting
        parts = [tr(setting.help)]
        if limits := setting.limits():
            parts.append(tr("Limits: {limits}.").format(limits=limits))
        if isinstance(self.editor, NumberField):
            default = self.binding.format(self.binding.default)
            parts.append(tr("The lesson has {default}.").format(default=default))
        return " ".join(parts)

    def _lay_out(self, extra: QWidget | None) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(4)
        layout.setVerticalSpacing(4)
        layout.setColumnStretch(1, 1)
        layout.addWidget(self._label, 0, 0)
        layout.addWidget(self.editor, 0, 1)
        layout.setColumnMinimumWidth(2, SIDE_PIXELS)
        if extra is not None:
            layout.addWidget(extra, 1, 0, 1, 2)
        layout.addWidget(self._error, 2, 0, 1, 3)
        self.editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.editor.setMinimumWidth(72)

    def _describe(self) -> None:
        label, unit = self.binding.label, tr(self.binding.setting.unit)
        self.editor.setAccessibleName(f"{label} ({unit})" if unit else label)
        self.editor.setAccessibleDescription(self.help_text)

    def _set_restorable(self, restorable: bool) -> None:
        if self._restore is None:
            if not restorable:
                return
            self._restore = self._make_restore_button()
        had_focus = self._restore.hasFocus()
        self._restore.setVisible(restorable)
        if had_focus and not restorable:
            self.editor.setFocus()

    def _make_restore_button(self) -> RestoreButton:
        """Make the button when it is first wanted: most rows keep the lesson's value."""
        button = RestoreButton(self._theme)
        button.clicked.connect(self._on_restore_clicked)
        button.setAccessibleName(
            tr("Return {label} to the lesson's value").format(label=self.binding.label)
        )
        button.setToolTip(
            tr("Return to the lesson's value")
            if not isinstance(self.editor, NumberField)
            else tr("Return to the lesson's {default}").format(
                default=self.binding.format(self.binding.default)
            )
        )
        layout = self.layout()
        assert isinstance(layout, QGridLayout)
        layout.addWidget(button, 0, 2, Qt.AlignmentFlag.AlignVCenter)
        self.setTabOrder(self.editor, button)
        return button

    @Slot()
    def _on_restore_clicked(self) -> None:
        self.committed.emit(self.binding.default)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        if sentence:
            kept = self.binding.format(self.editor.value)  # type: ignore[attr-defined]
            sentence = tr("{sentence} Still {kept}.").format(sentence=sentence, kept=kept)
        self.show_error(sentence)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Tell that the mouse has come."""
        super().enterEvent(event)
        self.pointed_at.emit()


def row_value(row: SettingRow) -> Any:
    """Return the value that a number row holds, shown or hidden."""
    assert isinstance(row.editor, NumberField)
    return row.editor.value

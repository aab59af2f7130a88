"""The settings panel on the left: Data, Model, Training."""

import math
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QAction, QHideEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.data.dataset import Dataset, counted_features
from linreg_gui.look.controls import area, fill, push_button, scroller, text_label
from linreg_gui.look.plain import set_tip
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import set_style_property
from linreg_gui.number_text import exact, round_to, whole
from linreg_gui.runs.states import Action
from linreg_gui.settings import (
    DEFAULTS,
    STOP_NUMBERS,
    SettingError,
    TrainingConfig,
    settings,
    used_settings,
)
from linreg_gui.texts import in_a_row, tr, trn
from linreg_gui.widgets.panels.registry import DATA, SCALING
from linreg_gui.widgets.session import Session
from linreg_gui.widgets.settings.row import NameButton, SettingRow, setting_row
from linreg_gui.widgets.window.rate_bar import limits_words

_MOST_NAMED = 3
_MARK_MILLISECONDS = 3000

_Key = tuple[str, int | None]
"""A field; of a tuple, which of its numbers, or None for the number of features."""


class ControlPanel(QWidget):
    """Shows the controller's settings and passes on what the user changes.

    A row is made when its setting first has an effect.

    Parameters
    ----------
    session : Session
        What the widgets share.
    standardized : QAction
        Whether the pictures use the units of standardized features.
    """

    def __init__(self, session: Session, standardized: QAction) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._session = session
        self._controller = controller = session.controller
        self._rows: dict[_Key, SettingRow] = {}
        self._places: dict[str, QVBoxLayout] = {}
        self._headings: dict[QLabel, list[str]] = {}
        self._standardized = standardized
        self._pending_words = text_label("pending")
        self._mark_timer = QTimer(self, singleShot=True, interval=_MARK_MILLISECONDS)
        self._mark_timer.timeout.connect(self._remove_marks)
        self._lay_out()
        self._make_rows(_used_keys(controller.settings))
        self._column.addStretch()
        controller.settings_changed.connect(self._show_settings)
        controller.state_changed.connect(self._show_settings)
        session.rate_limits.changed.connect(self._show_settings)
        session.controls_changed.connect(self._show_settings)
        self._show_settings()

    @property
    def needed_width(self) -> int:
        """Return the width that its rows need, beside the bar that scrolls them."""
        bar = self._scroller.verticalScrollBar().sizeHint().width()
        return self._scroller.widget().minimumSizeHint().width() + bar

    @property
    def rows(self) -> list[SettingRow]:
        """Return the rows that have been made."""
        return list(self._rows.values())

    def row(self, name: str, index: int | None = None) -> SettingRow:
        """Return the row of the field ``name``.

        Of a tuple, ``index`` selects one number; None is the number of features.
        """
        return self._rows[name, index]

    @Slot(object)
    def show_rows(self, names: Sequence[str]) -> None:
        """Scroll to the settings ``names`` and mark them for a moment."""
        self._remove_marks()
        rows = [row for row in self._rows.values() if row.name in names and not row.isHidden()]
        for row in reversed(rows):  # the first one is in sight even if the others have no room
            set_style_property(row, "marked", True)
            QTimer.singleShot(0, row, partial(self._scroller.ensureWidgetVisible, row))

        self._mark_timer.start()

    @Slot()
    def _remove_marks(self) -> None:
        for row in self._rows.values():
            set_style_property(row, "marked", False)

    def choose(self, name: str) -> None:
        """Show the setting ``name``, and let the next keys change it."""
        self.show_rows([name])
        first = next(row for row in self._rows.values() if row.name == name)
        first.editor.setFocus(Qt.FocusReason.TabFocusReason)

    def _lay_out(self) -> None:
        self._column = fill(QVBoxLayout(), margins=(16, 8, 12, 16))
        for name, setting in settings():
            if title := setting.words().heading:
                heading = text_label("group", title)
                keep_scaled(heading, setContentsMargins=(0, 8, 0, 0))
                self._column.addWidget(heading)
                self._headings[heading] = group = []
            group.append(name)
            self._places[name] = fill(QVBoxLayout())
            self._column.addLayout(self._places[name])
        content = area(self._column)
        content.setObjectName("panel")
        self._scroller = scroller(content)
        self._scroller.setObjectName("panel")
        self._pending = area(
            fill(
                QHBoxLayout(),
                self._pending_words,
                push_button(tr("Reset now"), self._controller.reset),
                margins=(16, 4, 12, 4),
                stretch=self._pending_words,
            )
        )
        parts = (self._scroller, self._pending)
        fill(QVBoxLayout(self), *parts, spacing=0, stretch=self._scroller)

    def _make_rows(self, keys: list[_Key]) -> None:
        """Make the rows that are missing. The Tab key goes to a later one from the row above it."""
        are_later = bool(self._rows)
        for index, key in enumerate(keys):
            if key not in self._rows:
                self._rows[key] = self._make_row(key)
                if are_later:
                    above = self._rows[keys[index - 1]]
                    self.setTabOrder(above.editor, self._rows[key].editor)

    def _make_row(self, key: _Key) -> SettingRow:
        row = setting_row(*key, self._session.theme)
        row.committed.connect(self._on_committed)
        if isinstance(row.editor, NameButton):
            row.editor.clicked.connect(self._session.switches[DATA].toggle)
        elif row.name == "standardize":
            reasons = QToolButton()
            reasons.setText(tr("Why?"))
            set_tip(reasons, tr("See the landscape before and after (Z)"))
            reasons.setProperty("compact", True)
            reasons.clicked.connect(self._session.switches[SCALING].toggle)
            in_pictures = QToolButton()
            in_pictures.setDefaultAction(self._standardized)
            in_pictures.setText(tr("in pictures (U)"))
            in_pictures.setProperty("compact", True)
            units = (in_pictures, reasons)
            row.add_below(area(fill(QHBoxLayout(), *units, None)))
        self._places[row.name].addWidget(row)
        return row

    @Slot()
    def _show_settings(self) -> None:
        config = self._controller.settings
        applied, pending = self._controller.applied_settings, self._controller.pending_settings
        used = _used_keys(config)
        self._make_rows(used)
        for (name, index), row in self._rows.items():
            row.setVisible((name, index) in used and self._session.shows_control(name))
            if (name, index) in used:
                row.show_settings(config, applied, pending)
                row.show_note(_note(name, config) if index is None else "")
        for heading, names in self._headings.items():
            heading.setVisible(any(map(self._session.shows_control, names)))
        limits = self._session.rate_limits.limits
        self.row("learning_rate").show_note("" if limits is None else limits_words(limits))
        marked = sum(self._rows[key].is_pending for key in used)
        self._pending_words.setText(_pending_words(marked))
        self._pending.setVisible(bool(marked) and self._controller.allows(Action.RESET))

    @Slot(QWidget, object)
    def _on_committed(self, row: SettingRow, value: object) -> None:
        config, name = self._controller.settings, row.name
        for other in self._rows.values():
            other.forget_error()
        try:
            if name == "data":
                self._controller.use_synthetic_data()
            elif name == "standardize" and config.data is not None:
                self._controller.standardize(wanted=bool(value))
            else:
                self._controller.change_settings(**row.changes(config, value))
        except SettingError as error:
            self._show_settings()
            row.show_error(str(error))
        if name == "stop_rule":
            used = used_settings(self._controller.settings)
            self.show_rows([each for each in STOP_NUMBERS if each in used])

    def hideEvent(self, event: QHideEvent) -> None:
        """Mark no setting any more."""
        super().hideEvent(event)
        self._mark_timer.stop()
        self._remove_marks()


def _used_keys(config: TrainingConfig) -> list[_Key]:
    """Return the rows whose settings have an effect, from top to bottom."""
    keys: list[_Key] = []
    for name in used_settings(config):
        is_tuple = isinstance(getattr(DEFAULTS, name), tuple)
        if not is_tuple or name == "true_weights":
            keys.append((name, None))
        if is_tuple:
            keys += ((name, index) for index in range(config.features))
    return keys


def _note(name: str, config: TrainingConfig) -> str:
    """Return what follows from the value of a setting; empty for most settings."""
    match name:
        case "data" if config.data is not None:
            return _data_words(config.data)
        case "noise_std":
            variance = exact(round_to(config.noise_std**2, 6))
            return tr("variance σ² = {variance}").format(variance=variance)
        case "batch_size":
            return _batch_words(config)
        case "epochs":
            steps = math.ceil(config.trained_on / config.batch_size) * config.epochs
            words = trn("{steps} step in all", "{steps} steps in all", steps)
            return words.format(steps=whole(steps))
        case "test_share":
            return _held_out_words(config.held_out)
    return ""


def _pending_words(count: int) -> str:
    return trn(
        "• {count} change applies at Reset", "• {count} changes apply at Reset", count
    ).format(count=count)


def _data_words(data: Dataset) -> str:
    return trn(
        "{examples} example: {features} → {target}",
        "{examples} examples: {features} → {target}",
        data.size,
    ).format(
        examples=whole(data.size),
        features=in_a_row(data.feature_names)
        if data.dimension <= _MOST_NAMED
        else counted_features(data.dimension),
        target=data.target_name,
    )


def _batch_words(config: TrainingConfig) -> str:
    batches = math.ceil(config.trained_on / config.batch_size)
    if batches == 1:
        return tr("one batch per epoch")
    last = config.trained_on % config.batch_size
    words = trn("{batches} batch per epoch", "{batches} batches per epoch", batches)
    if last:
        words = trn(
            "{batches} batch per epoch, the last with {last}",
            "{batches} batches per epoch, the last with {last}",
            batches,
        )
    return words.format(batches=whole(batches), last=whole(last))


def _held_out_words(count: int) -> str:
    if not count:
        return ""
    words = trn("{count} example is held out", "{count} examples are held out", count)
    return words.format(count=whole(count))

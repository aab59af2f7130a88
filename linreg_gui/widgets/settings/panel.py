"""The control panel on the left: Data, Model, Training."""

import math
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.data.dataset import MAX_FEATURES, Dataset
from linreg_gui.look.controls import (
    ChoiceBox,
    DataButton,
    NumberField,
    SwitchBox,
    scroller,
    text_label,
)
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import round_to, shortest, whole
from linreg_gui.runs.states import Action
from linreg_gui.settings import (
    FURTHER_WEIGHTS,
    SYNTHETIC_SETTINGS,
    Engine,
    Init,
    SettingError,
    TrainingConfig,
)
from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.what_if import RateLimits
from linreg_gui.widgets.settings.rates import PaceRow, RateSlider
from linreg_gui.widgets.settings.row import (
    Binding,
    SettingRow,
    element_binding,
    features_binding,
    field_binding,
    row_value,
)

PANEL_WIDTH = 272
_MOST_NAMED = 3
_USUAL_FEATURES = 2
"""Rows for the weights of so many are made at once, other rows when they are first wanted."""


class ControlPanel(QWidget):
    """Shows the controller's settings and passes on what a person changes.

    Signals
    -------
    data_wanted()
        A person would like to choose other data.
    standardize_wanted(bool)
        Measured features are to be trained on standardized, or as they are.

    Attributes
    ----------
    shows_standardized : QCheckBox
        Whether the pictures are drawn in the units of standardized features.
    reasons : QToolButton
        Asks why features are standardized.
    """

    data_wanted = Signal()
    standardize_wanted = Signal(bool)

    def __init__(
        self, controller: TrainingController, rate_limits: RateLimits, theme: Theme
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._controller = controller
        self._theme = theme
        self.rows: dict[str, SettingRow] = {}
        self._variance = text_label("muted")
        self._data_words = text_label("muted")
        self._held_out = text_label("muted")
        self._batches = text_label("muted")
        self._steps = text_label("muted")
        self._rates = RateSlider(rate_limits, theme)
        self.rate_slider = self._rates.slider
        self.rate_slider.moved.connect(self._on_rate_moved)
        self._help_title = QLabel()
        self._help_title.setProperty("role", "title")
        self._help_text = text_label("muted")
        self._make_rows()
        self.pace = PaceRow(theme)
        self.pace.committed.connect(controller.set_pace)
        self.pace.pointed_at.connect(self._show_row_help)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)
        self._pending = _PendingBar(controller)
        self._lay_out()
        controller.settings_changed.connect(self._show_settings)
        controller.state_changed.connect(self._show_settings)
        self._show_settings()
        self._show_help(tr("Settings"), tr("Point at a setting to read what it does."))

    def choose_rate(self) -> None:
        """Have the next keys type another learning rate."""
        editor = self.rows["learning_rate"].editor
        editor.setFocus(Qt.FocusReason.TabFocusReason)

    def _make_rows(self) -> None:
        data = DataButton()
        data.clicked.connect(self.data_wanted)
        self._add_row("data", field_binding("data"), data, self._data_words)
        self._add_number("examples", field_binding("examples"))
        self._add_row(
            "features",
            features_binding(self._spare_weight),
            ChoiceBox({count: str(count) for count in range(1, MAX_FEATURES + 1)}),
        )
        for index in range(_USUAL_FEATURES):
            self._add_weight("true", index)
        self._add_number("true_bias", field_binding("true_bias"))
        self._add_number("noise_std", field_binding("noise_std"), self._variance)
        self._add_row("standardize", field_binding("standardize"), SwitchBox(), self._units())
        self._add_number("test_share", field_binding("test_share"), self._held_out)
        self._add_number("seed", field_binding("seed"))
        self._add_row(
            "init",
            field_binding("init"),
            ChoiceBox({init: init.words for init in Init}),
        )
        self._add_number("batch_size", field_binding("batch_size"), self._batches)
        self._add_number("learning_rate", field_binding("learning_rate"), self._rates)
        self._add_number("epochs", field_binding("epochs"), self._steps)
        self._add_row("shuffle", field_binding("shuffle"), SwitchBox())
        self._add_row(
            "engine",
            field_binding("engine"),
            ChoiceBox({engine: engine.words for engine in Engine}),
        )

    def _units(self) -> QWidget:
        self.shows_standardized = QCheckBox(tr("in pictures (U)"))
        self.shows_standardized.setToolTip(
            tr("Draw the pictures in the units of standardized features, trained on or not.")
        )
        self.reasons = QToolButton()
        self.reasons.setText(tr("Why?"))
        self.reasons.setToolTip(tr("See the landscape before and after (Z)"))
        self.reasons.setProperty("compact", True)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.shows_standardized, 1)
        row.addWidget(self.reasons)
        units = QWidget()
        units.setLayout(row)
        return units

    def _add_weight(self, kind: str, index: int) -> None:
        label = tr("True w{index}") if kind == "true" else tr("Start w{index}")
        binding = element_binding(f"{kind}_weights", index, label.format(index=index))
        self._add_number(f"{kind}_w{index}", binding)

    def _make_rows_for(self, settings: TrainingConfig) -> None:
        """Make the rows that only ``settings`` such as these want."""
        indices = range(settings.features)
        true = [] if settings.data else [f"true_w{index}" for index in indices]
        start = [f"start_w{index}" for index in indices] + ["start_bias"]
        for first, names in (
            ("features", true),
            ("init", start if settings.init is Init.TYPED else []),
        ):
            for above, name in pairwise([first, *names]):
                if name not in self.rows:
                    self._add_seldom_wanted(name)
                    place = self._column.indexOf(self.rows[above]) + 1
                    self._column.insertWidget(place, self.rows[name])
                    self.setTabOrder(self.rows[above].editor, self.rows[name].editor)

    def _add_seldom_wanted(self, name: str) -> None:
        kind, _, index = name.partition("_w")
        if index:
            self._add_weight(kind, int(index))
        else:
            self._add_number(name, field_binding(name))

    def _spare_weight(self, index: int) -> float:
        """Return what the weight of a feature was, or what it begins with."""
        row = self.rows.get(f"true_w{index}")
        return FURTHER_WEIGHTS["true_weights"][index] if row is None else row_value(row)

    def _add_number(self, name: str, binding: Binding, extra: QWidget | None = None) -> None:
        self._add_row(
            name, binding, NumberField(binding.parse, binding.format, binding.setting.step), extra
        )

    def _add_row(
        self, name: str, binding: Binding, editor: QWidget, extra: QWidget | None = None
    ) -> None:
        row = SettingRow(binding, editor, self._theme, extra)
        row.committed.connect(self._on_committed)
        row.pointed_at.connect(self._show_row_help)
        self.rows[name] = row

    def _lay_out(self) -> None:
        groups = {
            tr("Data"): (
                "data",
                "examples",
                "features",
                "true_w0",
                "true_w1",
                "true_bias",
                "noise_std",
                "seed",
            ),
            tr("Model"): ("init",),
            # What is turned most comes first: it is to be seen without scrolling.
            tr("Training"): (
                "learning_rate",
                "batch_size",
                "epochs",
                "standardize",
                "test_share",
                "shuffle",
                "engine",
            ),
        }
        content = QWidget()
        content.setObjectName("panel")
        self._column = column = QVBoxLayout(content)
        column.setContentsMargins(16, 8, 12, 16)
        column.setSpacing(8)
        for title, names in groups.items():
            heading = QLabel(title)
            heading.setProperty("role", "group")
            heading.setContentsMargins(0, 8, 0, 0)
            column.addWidget(heading)
            for name in names:
                column.addWidget(self.rows[name])
        column.addWidget(self.pace)
        column.addStretch()
        area = scroller(content)
        area.setObjectName("panel")

        help_area = QFrame()
        help_area.setObjectName("help")
        help_column = QVBoxLayout(help_area)
        help_column.setContentsMargins(16, 8, 16, 12)
        help_column.setSpacing(4)
        help_column.addWidget(self._help_title)
        help_column.addWidget(self._help_text)
        help_column.addStretch()
        help_area.setFixedHeight(132)

        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(area, 1)
        outer.addWidget(self._pending)
        outer.addWidget(help_area)
        self.setMinimumWidth(PANEL_WIDTH)

    @Slot()
    def _show_settings(self) -> None:
        settings = self._controller.settings
        applied, pending = self._controller.applied_settings, self._controller.pending_settings
        self._make_rows_for(settings)
        unused = _unused_rows(settings)
        for name, row in self.rows.items():
            row.setVisible(name not in unused)
            if name not in unused:  # the others keep what they had, for when they come back
                row.show_settings(settings, applied, pending)
        self.rate_slider.set_value(settings.learning_rate)
        variance = shortest(round_to(settings.noise_std**2, 6))
        self._variance.setText(tr("variance σ² = {variance}").format(variance=variance))
        self._data_words.setText(_data_words(settings.data))
        self._data_words.setVisible(settings.data is not None)
        self._held_out.setText(_held_out_words(settings.held_out))
        self._held_out.setVisible(settings.held_out > 0)
        batch = min(settings.batch_size, settings.trained_on)
        batches = math.ceil(settings.trained_on / batch)
        last = settings.trained_on - (batches - 1) * batch
        words = tr("examples; one batch an epoch")
        if batches > 1:
            words = tr("examples; {batches} batches an epoch").format(batches=whole(batches))
        if last != batch:
            words += tr(", the last with {last}").format(last=whole(last))
        self._batches.setText(words)
        self._steps.setText(
            tr("passes; steps in all: {steps}").format(steps=whole(batches * settings.epochs))
        )
        self._pending.refresh()

    @Slot(object)
    def _on_committed(self, value: object) -> None:
        row = self.sender()
        assert isinstance(row, SettingRow)
        changes = row.binding.changes(self._controller.settings, value)
        try:
            if "data" in changes:
                self._controller.use_synthetic_data()
            elif "standardize" in changes and self._controller.settings.data is not None:
                self.standardize_wanted.emit(value)
            else:
                self._controller.change_settings(**changes)
        except SettingError as error:
            self._show_settings()
            row.show_error(str(error))

    @Slot(float)
    def _on_rate_moved(self, learning_rate: float) -> None:
        self._controller.change_setting("learning_rate", learning_rate)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        rows: list[SettingRow | PaceRow] = [*self.rows.values(), self.pace]
        for row in rows:
            if now is not None and row.isAncestorOf(now):
                self._show_help(row.label, row.help_text)

    @Slot()
    def _show_row_help(self) -> None:
        row = self.sender()
        assert isinstance(row, SettingRow | PaceRow)
        self._show_help(row.label, row.help_text)

    def _show_help(self, title: str, text: str) -> None:
        self._help_title.setText(title)
        self._help_text.setText(text)

    def sizeHint(self) -> QSize:
        """Return the width at which every row has room."""
        return QSize(PANEL_WIDTH, 600)


class _PendingBar(QWidget):
    """Says that changes wait for Reset, and offers it."""

    def __init__(self, controller: TrainingController) -> None:
        super().__init__()
        self._controller = controller
        self._words = text_label("pending")
        self._button = QPushButton(tr("Reset now"))
        self._button.clicked.connect(controller.reset)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 12, 4)
        row.addWidget(self._words, 1)
        row.addWidget(self._button)

    def refresh(self) -> None:
        """Show how many settings wait."""
        waiting = len(self._controller.pending_settings)
        self.setVisible(bool(waiting) and self._controller.allows(Action.RESET))
        self._words.setText(
            tr("• 1 change applies at Reset")
            if waiting == 1
            else tr("• {count} changes apply at Reset").format(count=waiting)
        )


def _data_words(data: Dataset | None) -> str:
    if data is None:
        return ""
    words = tr("1 example: {features} → {target}")
    if data.size > 1:
        words = tr("{examples} examples: {features} → {target}")
    return words.format(
        examples=whole(data.size),
        features=", ".join(data.feature_names)
        if data.dimension <= _MOST_NAMED
        else tr("{count} features").format(count=data.dimension),
        target=data.target_name,
    )


def _held_out_words(count: int) -> str:
    if count == 1:
        return tr("1 example is not trained on")
    return tr("{count} examples are not trained on").format(count=whole(count))


def _unused_rows(settings: TrainingConfig) -> set[str]:
    spare = range(settings.features, MAX_FEATURES)
    unused = {f"{kind}_w{index}" for kind in ("true", "start") for index in spare}
    if settings.data is not None:
        unused |= {
            *SYNTHETIC_SETTINGS,
            "features",
            *(f"true_w{index}" for index in range(MAX_FEATURES)),
        }
    if settings.init is not Init.TYPED:
        unused |= {f"start_w{index}" for index in range(MAX_FEATURES)} | {"start_bias"}
    return unused

"""A sweep: choose a setting and its values, and see how the runs end."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout

from linreg_gui.export.comparison_files import sweep_table
from linreg_gui.look.controls import area, fill, push_button, scroller, text_label
from linreg_gui.look.flow import flow
from linreg_gui.look.inputs import ChoiceBox
from linreg_gui.look.plain import set_tip
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.table_copy import Rows, TableCopier
from linreg_gui.look.theme import Theme, set_style_property
from linreg_gui.number_text import joined, significant
from linreg_gui.plots.sweep_plot import SweepPlot
from linreg_gui.runs.sweep import SweepPoint, parse_values, proposed_values, sweepable
from linreg_gui.settings import SettingError, format_setting, setting_of, value_words
from linreg_gui.texts import paragraph, tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.rate_limits import RateLimits
from linreg_gui.threads.sweeper import Sweeper

_WORDS_HEIGHT = 51
"""Room for three lines of words, so that the picture keeps its place while they grow."""


class SweepPanel(QFrame):
    """Starts sweeps and shows the results so far.

    Attributes
    ----------
    sweeper : Sweeper
        Runs the sweep.
    setting : ChoiceBox
        The field to sweep.
    values : QLineEdit
        The values to try.
    run, use_best : QPushButton
        Start the sweep or cancel it, and take over the value with the lowest loss.
    words : QLabel
        The results, or what is wrong with the values.
    plot : SweepPlot
        The loss at the end of each run.
    """

    def __init__(
        self,
        controller: TrainingController,
        sweeper: Sweeper,
        rate_limits: RateLimits,
        theme: Theme,
    ) -> None:
        super().__init__()
        self.setObjectName("card")
        self._controller = controller
        self._rate_limits = rate_limits
        self.sweeper = sweeper
        self.setting = ChoiceBox()
        self.setting.setAccessibleName(tr("Setting to sweep"))
        self.setting.committed.connect(self._propose)
        self.values = QLineEdit()
        self.values.setAccessibleName(tr("Values"))
        set_tip(
            self.values,
            tr(
                "A list like 1, 2, 4, or a range like 0.001 … 1. A range may end in the number of "
                "its values: 0.001 … 1, 12 values"
            ),
        )
        self.values.returnPressed.connect(self._start)
        self.values.textEdited.connect(self._on_edited)
        self.run = push_button("", self._on_run_clicked)
        self.use_best = push_button("", self._on_use_best_clicked)
        self.words = text_label("muted")
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        keep_scaled(self.words, setMinimumHeight=_WORDS_HEIGHT)
        self.plot = SweepPlot(theme)
        self.plot.setObjectName("plain")
        self.plot.value_chosen.connect(self._on_value_chosen)
        TableCopier(self, self._rows)
        self._lay_out()
        self.sweeper.changed.connect(self._show_sweep)
        self.sweeper.put_in.connect(self._offer_again)
        rate_limits.changed.connect(self._on_limits_changed)
        controller.settings_changed.connect(self._offer_settings)
        self._offer_settings()
        self._offer_again()

    def _lay_out(self) -> None:
        head = fill(
            QVBoxLayout(),
            self.setting,
            self.values,
            flow(self.run, self.use_best),
            self.words,
            margins=(12, 8, 12, 0),
        )
        content = area(fill(QVBoxLayout(), head, self.plot, None, spacing=4, stretch=self.plot))
        title = text_label("title", tr("Sweep"))
        keep_scaled(title, setContentsMargins=(12, 12, 12, 0))
        body = scroller(content)
        fill(QVBoxLayout(self), title, body, margins=(1, 1, 1, 4), spacing=0, stretch=body)

    def _rows(self) -> Rows:
        sweeper = self.sweeper
        if not sweeper.points:
            return []
        return sweep_table(sweeper.name, sweeper.values, sweeper.points)

    @Slot()
    def _offer_settings(self) -> None:
        """Offer the settings that have an effect on the current data."""
        names = sweepable(self._controller.settings)
        if names == self.setting.values:
            return
        former = self.setting.value
        self.setting.set_choices({name: setting_of(name).words().label for name in names})
        self.setting.set_value(former if former in names else "learning_rate")
        self._propose()

    @Slot()
    def _offer_again(self) -> None:
        """Offer what was swept in a session that is opened."""
        sweeper = self.sweeper
        if sweeper.name in self.setting.values:
            self.setting.set_value(sweeper.name)
            self.values.setText(format_setting(sweeper.values))
            self.values.setCursorPosition(0)
            self.values.setModified(True)  # the proposal for another run does not replace it
            self._on_edited()

    @Slot()
    def _on_limits_changed(self) -> None:
        if not self.values.isModified():
            self._propose()

    @Slot()
    def _propose(self) -> None:
        limits = self._rate_limits.limits
        name = self.setting.value
        self.values.setText(proposed_values(name, limits.full_batch if limits else None))
        self.values.setCursorPosition(0)
        self._on_edited()

    @Slot()
    def _on_edited(self) -> None:
        set_style_property(self.values, "invalid", False)
        self._show_sweep()

    @Slot()
    def _on_run_clicked(self) -> None:
        if self.sweeper.is_running:
            self.sweeper.cancel()
        else:
            self._start()

    @Slot()
    def _start(self) -> None:
        name = self.setting.value
        try:
            self.sweeper.start(name, parse_values(name, self.values.text()))
        except SettingError as error:
            set_style_property(self.values, "invalid", True)
            self._show_error(str(error))

    def _show_error(self, sentence: str) -> None:
        set_style_property(self.words, "role", "error")
        self.words.setText(sentence)

    @Slot()
    def _show_sweep(self) -> None:
        sweeper = self.sweeper
        self.run.setText(tr("Cancel") if sweeper.is_running else tr("Run sweep"))
        self.plot.setVisible(bool(sweeper.values))
        set_style_property(self.words, "role", "muted")
        best = _best_of(sweeper.points)
        self.use_best.setVisible(best is not None)
        if best is not None:
            value = value_words(sweeper.values[best.index])
            self.use_best.setText(tr("Use {value}").format(value=value))
        if not sweeper.values:
            self.words.setText(tr("Trains once for each value, with the instant engine."))
            return
        label = setting_of(sweeper.name).words().label
        self.plot.show_points(label, sweeper.values, sweeper.points)
        set_tip(self.words, "\n".join(self.plot.lines()))
        if sweeper.complaint:
            self._show_error(sweeper.complaint)
        else:
            self.words.setText(_sentences(label, sweeper.values, sweeper.points))

    @Slot()
    def _on_use_best_clicked(self) -> None:
        if best := _best_of(self.sweeper.points):
            self._on_value_chosen(self.sweeper.values[best.index])

    @Slot(object)
    def _on_value_chosen(self, value: float) -> None:
        self._controller.change_setting(self.sweeper.name, value)


def _best_of(points: list[SweepPoint]) -> SweepPoint | None:
    """Return the point with the lowest loss; None if all runs diverged."""
    done = [point for point in points if not point.diverged]
    return min(done, key=lambda point: point.loss, default=None)


def _sentences(label: str, values: tuple[float, ...], points: list[SweepPoint]) -> str:
    words = tr("{done} of {all} tried.").format(done=len(points), all=len(values))
    if best := _best_of(points):
        words = paragraph(
            words,
            tr("Lowest loss: {loss} ({label} {value}).").format(
                loss=significant(best.loss), label=label, value=value_words(values[best.index])
            ),
        )
    if diverged := [values[point.index] for point in points if point.diverged]:
        words = paragraph(
            words,
            tr("Diverged: {values}.").format(
                values=joined(value_words(value) for value in diverged)
            ),
        )
    messages = dict.fromkeys(message for point in points for message in point.messages)
    return paragraph(words, *messages)

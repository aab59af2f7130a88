"""The prediction for an example that the user types, and how well the line fits the data."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from linreg_gui.analysis.landscape import Landscape
from linreg_gui.anatomy.arithmetic import Formula
from linreg_gui.data.dataset import Dataset, FloatArray, counted_examples
from linreg_gui.data.scaling import FeatureRange
from linreg_gui.look.controls import Role, area, fill, scroller, show_text, text_label
from linreg_gui.look.inputs import NumberField
from linreg_gui.look.plain import set_tip
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.table_copy import TableCopier, texts_of
from linreg_gui.look.theme import GRID, mono_font, set_style_property
from linreg_gui.number_text import (
    NOTHING,
    exact,
    parse_real,
    round_to,
    signed,
    typed,
    whole,
)
from linreg_gui.runs.run import Run
from linreg_gui.texts import breakable, retold, shortened, tr, trc
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.playhead import Playhead

_FIELD_WIDTH = 104
_LONGEST_NAME = 60


class PredictPanel(QFrame):
    """Predicts with the line at the step on show, in the units of the data.

    Pulls from controller and playhead at `refresh`.

    Attributes
    ----------
    rows : list of FeatureRow
        The example that the user types.
    moment, formula, written, undetermined : QLabel
        The target and the step, the line, the sum, and what the data does not determine.
    prediction, least_squares, difference : QLabel
        For the example.
    metrics : FitWords
        How well the line fits.

    Signals
    -------
    example_changed(tuple of float or None)
        The features of the typed example; None while the panel is hidden.
    """

    example_changed = Signal(object)

    def __init__(self, controller: TrainingController, playhead: Playhead) -> None:
        super().__init__()
        self.setObjectName("card")
        self._controller = controller
        self._playhead = playhead
        self._dataset: Dataset | None = None
        self._formula: Formula | None = None
        self._example: tuple[float, ...] | None = None
        self.rows: list[FeatureRow] = []
        self.moment = text_label("muted")
        self.prediction = _number("now")
        self.least_squares = _number("number")
        self.difference = _number("number")
        self.formula = _sum_label()
        self.written = _sum_label()
        self.metrics = FitWords()
        self.undetermined = text_label("muted")
        self._answer = self._make_answer()
        self._fields = fill(QVBoxLayout())
        self._body = scroller(self._make_body())
        fill(
            QVBoxLayout(self),
            text_label("title", tr("ŷ for an example")),
            self.moment,
            4,
            self._answer,
            12,
            self._body,
            None,
            margins=(16, 12, 4, 8),
            spacing=4,
            stretch=self._body,
        )
        controller.run_prepared.connect(self.refresh)
        self.refresh()

    def _make_answer(self) -> QWidget:
        grid = QGridLayout()
        grid.setColumnStretch(0, 1)
        rows = (
            (tr("ŷ"), self.prediction),
            (tr("least squares"), self.least_squares),
            (tr("ŷ − least squares"), self.difference),
        )
        for index, (words, number) in enumerate(rows):
            grid.addWidget(text_label("muted", words), index, 0)
            grid.addWidget(number, index, 1)
        answer = area(grid)
        TableCopier(self, lambda: texts_of(grid))
        keep_scaled(grid, setVerticalSpacing=2, setContentsMargins=(0, 0, 12, 0))
        return answer

    def _make_body(self) -> QWidget:
        return area(
            fill(
                QVBoxLayout(),
                text_label("title", tr("The line")),
                self.formula,
                self.undetermined,
                12,
                text_label("title", tr("An example")),
                self._fields,
                4,
                self.written,
                12,
                text_label("title", tr("How well the line fits")),
                self.metrics,
                None,
                margins=(0, 0, 12, GRID),
                spacing=4,
            )
        )

    @Slot()
    def refresh(self) -> None:
        """Show the prediction at the step on show; do nothing while hidden."""
        run = self._controller.run
        self._answer.setVisible(run is not None)
        self._body.setVisible(run is not None)
        if run is None:
            self.moment.setText(tr("Predictions appear here once the data is ready."))
            return
        if not self.isVisible():
            self._dataset = None  # lets its memory go
            return
        if run.dataset is not self._dataset:
            self._take_up(run)
        self._show_moment(run)
        self._show_prediction()

    def _take_up(self, run: Run) -> None:
        """Prepare for new data. If it has the same features, the typed example stays."""
        dataset, ranges = run.dataset, run.problem.moments.ranges
        self._dataset = dataset
        self._formula = Formula(
            dataset.feature_names,
            [each.magnitude for each in ranges],
            run.problem.training.variance**0.5,
        )
        if [row.name for row in self.rows] == list(dataset.feature_names):
            for row, each in zip(self.rows, ranges, strict=True):
                row.set_range(each)
        else:
            self._make_rows(dataset.feature_names, ranges)

    def _make_rows(self, names: tuple[str, ...], ranges: tuple[FeatureRange, ...]) -> None:
        for row in self.rows:
            row.hide()  # passes the focus on
            self._fields.removeWidget(row)
            row.deleteLater()
        self.rows = [FeatureRow(name, each) for name, each in zip(names, ranges, strict=True)]
        for row in self.rows:
            row.changed.connect(self._show_prediction)
            self._fields.addWidget(row)

    def _show_moment(self, run: Run) -> None:
        step = self._playhead.shown_step
        words = (
            tr("{target}, predicted after step {step}") if step else tr("{target}, at the start")
        )
        self.moment.setText(words.format(target=run.dataset.target_name, step=whole(step)))
        show_text(self.undetermined, retold(run.references.undetermined))
        self.metrics.show_run(run, step)

    @Slot()
    def _show_prediction(self) -> None:
        run, formula = self._controller.run, self._formula
        assert run is not None
        assert formula is not None
        now, best = self._playhead.parameters.tolist(), run.references.parameters
        example = [row.field.value for row in self.rows]
        self._tell_example(tuple(example))
        predicted, ideal = formula.predict(now, example), formula.predict(best, example)
        self.formula.setText(breakable(f"ŷ = {formula.named(now)}"))
        self.written.setText(breakable(f"ŷ = {formula.written(now, example)}"))
        self.prediction.setText(formula.write(predicted))
        self.least_squares.setText(formula.write(ideal))
        self.difference.setText(signed(predicted - ideal, formula.decimals + 1))

    def _tell_example(self, example: tuple[float, ...] | None) -> None:
        if example != self._example:
            self._example = example
            self.example_changed.emit(example)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what has changed while the panel was hidden."""
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Take the example out of the pictures."""
        super().hideEvent(event)
        self._tell_example(None)


class FeatureRow(QWidget):
    """One feature: its name, the value that the user types, and its range in the data.

    Attributes
    ----------
    name : str
        The name of the feature.
    field : NumberField
        The value.
    range, note : QLabel
        The range in the data; what is wrong or unusual about the value, mostly nothing.

    Signals
    -------
    changed()
        The user gave another value.
    """

    changed = Signal()

    def __init__(self, name: str, values: FeatureRange) -> None:
        super().__init__()
        self.name = name
        self._range = values
        self.field = NumberField(parse_real, typed, self._step)
        self.field.setAccessibleName(name)
        keep_scaled(self.field, setFixedWidth=_FIELD_WIDTH)
        self.field.set_value(values.typical)
        self.field.committed.connect(self._on_committed)
        self.field.refused.connect(self._show_note)
        label = text_label("fact", breakable(shortened(name, _LONGEST_NAME)))
        set_tip(label, name)
        self.range = text_label("muted")
        self.note = text_label("muted")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        keep_scaled(grid, setHorizontalSpacing=GRID)
        grid.setVerticalSpacing(0)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.field, 0, 1)
        grid.addWidget(self.range, 1, 0, 1, 2)
        grid.addWidget(self.note, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        self.set_range(values)

    def set_range(self, values: FeatureRange) -> None:
        """Show the range in the data. A value that was never typed becomes a typical one."""
        if self.field.value == self._range.typical:
            self.field.set_value(values.typical)
        self._range = values
        low, high = (exact(round_to(end, 7)) for end in (values.low, values.high))
        words = tr("data: {low} to {high}") if low != high else tr("data: always {low}")
        self.range.setText(words.format(low=low, high=high))
        self._show_note("")

    def _step(self, value: float, direction: int) -> float:
        return self._range.step(value, direction)

    @Slot(object)
    def _show_note(self, error: str) -> None:
        """Show what is wrong with the text, or else what is unusual about the value."""
        set_style_property(self.note, "role", "error" if error else "muted")
        is_inside = self._range.holds(self.field.value)
        show_text(self.note, error or ("" if is_inside else tr("outside the data: extrapolation")))

    @Slot()
    def _on_committed(self) -> None:
        self._show_note("")
        self.changed.emit()


class FitWords(QWidget):
    """How many examples are for training and held out, and how well the line fits them.

    Attributes
    ----------
    training, held_out : QLabel
        Their number, RMSE and R².
    """

    def __init__(self) -> None:
        super().__init__()
        self.training, self.held_out = text_label("fact"), text_label("fact")
        fill(
            QVBoxLayout(self),
            text_label("muted", tr("training")),
            self.training,
            4,
            text_label("muted", tr("held out")),
            self.held_out,
            spacing=0,
        )

    def show_run(self, run: Run, step: int) -> None:
        """Show how well the line of ``run`` fits at ``step``."""
        trained, problem = run.history.parameters_at(step), run.problem
        for label, metrics in ((self.training, problem.training), (self.held_out, problem.testing)):
            fits = _fit_words(metrics, trained) if metrics else trc("no examples", "none")
            label.setText(fits)


def _fit_words(metrics: Landscape, trained: FloatArray) -> str:
    rmse, r_squared = metrics.fit_texts(trained)
    words = (counted_examples(metrics.size), f"RMSE {rmse}", f"R² {r_squared}")
    return " · ".join(word.replace(" ", "\N{NO-BREAK SPACE}") for word in words)


def _number(role: Role) -> QLabel:
    label = text_label(role, NOTHING, wraps=False)
    return _aligned(label)


def _sum_label() -> QLabel:
    label = text_label("")
    label.setFont(mono_font())
    keep_scaled(label, setFont=13)
    return label


def _aligned(label: QLabel) -> QLabel:
    label.setAlignment(Qt.AlignmentFlag.AlignRight)
    return label

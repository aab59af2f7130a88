"""What the line predicts for an example that somebody types, and how well it fits the others."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from linreg_gui.anatomy.arithmetic import Formula, elided
from linreg_gui.data.dataset import Dataset
from linreg_gui.data.scaling import FeatureRange
from linreg_gui.look.controls import NumberField, Role, scroller, text_label
from linreg_gui.look.theme import GRID, mono_font, set_style_property
from linreg_gui.number_text import exact, parse_real, shortest, signed, whole
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.playhead import Playhead
from linreg_gui.widgets.window.readout import NOTHING, metrics_words

_FIELD_WIDTH = 104
_LONGEST_NAME = 28


class PredictPanel(QFrame):
    """Predicts with the line at the moment that is looked at, in the units of the data.

    Pulls from controller and playhead at `refresh`; holds nothing but the example that is typed.

    Attributes
    ----------
    rows : list of FeatureRow
        Where the example is typed.
    moment, formula, written, undetermined : QLabel
        What is predicted and when, the line, the sum, and what the data leave open.
    prediction, least_squares, difference : QLabel
        Of the example.
    quality : QualityTable
        How well the line fits.
    """

    def __init__(self, controller: TrainingController, playhead: Playhead) -> None:
        super().__init__()
        self.setObjectName("card")
        self._controller = controller
        self._playhead = playhead
        self._dataset: Dataset | None = None
        self._formula: Formula | None = None
        self.rows: list[FeatureRow] = []
        self.moment = text_label("muted")
        self.prediction = _number("now")
        self.least_squares = _number("number")
        self.difference = _number("number")
        self.formula = _sum_label()
        self.written = _sum_label()
        self.metrics = QualityTable()
        self.undetermined = text_label("muted")
        self._lay_out()
        controller.run_prepared.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        self._answer = QWidget()
        answer = QGridLayout(self._answer)
        answer.setContentsMargins(0, 0, 0, 0)
        answer.setVerticalSpacing(0)
        columns = (
            (tr("ŷ"), self.prediction),
            (tr("least squares"), self.least_squares),
            (tr("difference"), self.difference),
        )
        for index, (words, number) in enumerate(columns):
            answer.addWidget(text_label("muted", words), 0, index)
            answer.addWidget(number, 1, index)
            answer.setColumnStretch(index, 1)
        self._scroller = scroller(self._content())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 4, 8)
        column.setSpacing(4)
        column.addWidget(text_label("title", tr("Predict")))
        column.addWidget(self.moment)
        column.addSpacing(4)
        column.addWidget(self._answer)
        column.addSpacing(12)
        column.addWidget(self._scroller, 1)
        column.addStretch()

    def _content(self) -> QWidget:
        content = QWidget()
        self._fields = QVBoxLayout()
        self._fields.setSpacing(GRID)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 12, GRID)
        column.setSpacing(4)
        column.addWidget(text_label("title", tr("The line")))
        column.addWidget(self.formula)
        column.addWidget(self.undetermined)
        column.addSpacing(12)
        column.addWidget(text_label("title", tr("An example")))
        column.addLayout(self._fields)
        column.addSpacing(4)
        column.addWidget(self.written)
        column.addSpacing(12)
        column.addWidget(text_label("title", tr("How well the line fits")))
        column.addWidget(self.metrics)
        column.addStretch(1)
        return content

    @Slot()
    def refresh(self) -> None:
        """Show what is predicted at the moment that is looked at; nothing while hidden."""
        run = self._controller.run
        self._answer.setVisible(run is not None)
        self._scroller.setVisible(run is not None)
        if run is None:
            self.moment.setText(tr("Predictions appear here once there are data."))
            return
        if not self.isVisible():
            self._dataset = None  # nor is it kept in memory
            return
        if run.dataset is not self._dataset:
            self._take_up(run)
        self._show_moment(run)
        self._show_prediction()

    def _take_up(self, run: Run) -> None:
        """Make ready for other data; what was typed stays where the features are the same."""
        dataset, ranges = run.dataset, run.problem.moments.ranges
        self._dataset = dataset
        self._formula = Formula(
            dataset.feature_names,
            [each.magnitude for each in ranges],
            run.problem.training.variance**0.5,
        )
        if [row.name for row in self.rows] != list(dataset.feature_names):
            self._make_rows(dataset.feature_names)
        for row, each in zip(self.rows, ranges, strict=True):
            row.show_range(each)

    def _make_rows(self, names: tuple[str, ...]) -> None:
        for row in self.rows:
            row.hide()  # hands the focus on
            self._fields.removeWidget(row)
            row.deleteLater()
        self.rows = [FeatureRow(name) for name in names]
        for row in self.rows:
            row.changed.connect(self._show_prediction)
            self._fields.addWidget(row)

    def _show_moment(self, run: Run) -> None:
        step = self._playhead.shown_step
        words = (
            tr("{target}, predicted after step {step}") if step else tr("{target}, at the start")
        )
        self.moment.setText(words.format(target=run.dataset.target_name, step=whole(step)))
        self.undetermined.setText(run.references.undetermined)
        self.undetermined.setVisible(bool(run.references.undetermined))
        self.metrics.show_run(run, step)

    @Slot()
    def _show_prediction(self) -> None:
        run, formula = self._controller.run, self._formula
        assert run is not None
        assert formula is not None
        now, best = self._playhead.parameters.tolist(), run.references.parameters
        example = [row.field.value for row in self.rows]
        predicted, ideal = formula.predict(now, example), formula.predict(best, example)
        self.formula.setText(f"ŷ = {formula.named(now)}")
        self.written.setText(f"ŷ = {formula.written(now, example)}")
        self.prediction.setText(formula.write(predicted))
        self.least_squares.setText(formula.write(ideal))
        self.difference.setText(signed(predicted - ideal, formula.decimals + 1))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while nobody looked."""
        super().showEvent(event)
        self.refresh()


class FeatureRow(QWidget):
    """One feature: its name, the value that is typed, and where the data have it.

    Attributes
    ----------
    name : str
        Of the feature.
    field : NumberField
        Its value.
    range, note : QLabel
        Where the data lie; and what is to be said of the value, mostly nothing.

    Signals
    -------
    changed()
        A person gave another value.
    """

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self._range: FeatureRange | None = None
        self.field = NumberField(parse_real, shortest, self._step)
        self.field.setAccessibleName(name)
        self.field.setFixedWidth(_FIELD_WIDTH)
        self.field.committed.connect(self._on_committed)
        self.field.refused.connect(self._on_refused)
        label = text_label("fact", elided(name, _LONGEST_NAME))
        label.setToolTip(name)
        label.setBuddy(self.field)
        self.range = text_label("muted")
        self.note = text_label("muted")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(0)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.range, 1, 0)
        grid.addWidget(self.field, 0, 1, 2, 1)
        grid.addWidget(self.note, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)

    def show_range(self, values: FeatureRange) -> None:
        """Show where the data lie; a value that nobody has typed becomes a typical one."""
        if self._range is None or self.field.value == self._range.typical:
            self.field.set_value(values.typical)
        self._range = values
        low, high = (exact(each) for each in (values.low, values.high))
        words = tr("data: {low} to {high}") if low != high else tr("data: always {low}")
        self.range.setText(words.format(low=low, high=high))
        self._say("")

    def _step(self, value: float, direction: int) -> float:
        return value if self._range is None else self._range.step(value, direction)

    def _say(self, sentence: str) -> None:
        """Say what is wrong with the text, or else with the value."""
        assert self._range is not None
        set_style_property(self.note, "role", "error" if sentence else "muted")
        if not sentence and not self._range.holds(self.field.value):
            sentence = tr("outside of the data: extrapolation")
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    @Slot(object)
    def _on_committed(self, _value: float) -> None:
        self._say("")
        self.changed.emit()

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        kept = shortest(self.field.value)
        self._say(sentence and tr("{sentence} Still {kept}.").format(sentence=sentence, kept=kept))


class QualityTable(QWidget):
    """How many examples are trained on and held out, and how well the line fits either."""

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        headings = ("", tr("examples"), tr("RMSE"), tr("R²"))
        for column, words in enumerate(headings):
            grid.addWidget(_aligned(text_label("muted", words)), 0, column)
            grid.setColumnStretch(column, 1)
        self._cells = []
        for row, words in enumerate((tr("training"), tr("held out")), 1):
            grid.addWidget(text_label("muted", words), row, 0)
            self._cells.append([_aligned(text_label("fact", NOTHING)) for _ in headings[1:]])
            for column, cell in enumerate(self._cells[-1], 1):
                grid.addWidget(cell, row, column)

    def show_run(self, run: Run, step: int) -> None:
        """Show how well the line of ``run`` fits at ``step``."""
        trained = run.history.parameters_at(step)
        for cells, metrics in zip(
            self._cells, (run.problem.training, run.problem.testing), strict=True
        ):
            texts = ["0", NOTHING, NOTHING]
            if metrics is not None:
                texts = [whole(metrics.size), *metrics_words(metrics, trained)]
            for cell, text in zip(cells, texts, strict=True):
                cell.setText(text)

    def texts(self, row: int) -> list[str]:
        """Return examples, RMSE and R² of the training examples (0) or of those held out (1)."""
        return [cell.text() for cell in self._cells[row]]


def _number(role: Role) -> QLabel:
    label = text_label(role, NOTHING)
    label.setWordWrap(False)
    label.setAlignment(Qt.AlignmentFlag.AlignBottom)
    return label


def _sum_label() -> QLabel:
    label = text_label("")
    label.setFont(mono_font(13))
    return label


def _aligned(label: QLabel) -> QLabel:
    label.setAlignment(Qt.AlignmentFlag.AlignRight)
    return label

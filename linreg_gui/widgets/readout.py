"""The numbers under the pictures: parameters in large digits, and how far the run is."""

import math

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.training.numbers import format_digits, format_whole
from linreg_gui.training.run import Run
from linreg_gui.training.run_state import RunState, state_words
from linreg_gui.widgets.theme import Stroke, Theme

NOTHING = "–"
ROW_PIXELS = 25


class Readout(QFrame):
    """A table of the parameters, and the state of the run in words.

    Pulls from the controller at `refresh`; holds nothing of its own.
    """

    def __init__(self, controller: TrainingController, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._controller = controller
        self.table = ParameterTable(theme)
        self.state = QLabel()
        self.state.setProperty("role", "state")
        self.outcome = _line("note")
        self.outcome.setWordWrap(True)
        self.facts = _Facts()
        self._lay_out()
        controller.state_changed.connect(self.refresh)
        controller.run_prepared.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the run as it is now."""
        controller, run = self._controller, self._controller.run
        _set_text(self.state, state_words(controller.state))
        _set_text(self.outcome, _hint(controller.state) or controller.outcome)
        self.table.show_run(run)
        if run is not None:
            self.facts.show_run(run, controller.measured_pace)

    def _lay_out(self) -> None:
        words = QHBoxLayout()
        words.setSpacing(16)
        words.addWidget(self.state)
        words.addWidget(self.outcome, 1)
        numbers = QHBoxLayout()
        numbers.setSpacing(16)
        numbers.addWidget(self.table)
        numbers.addWidget(self.facts, 1, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(words)
        column.addLayout(numbers)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)


class _Facts(QWidget):
    """How far the run is, in pairs of name and number."""

    def __init__(self) -> None:
        super().__init__()
        names = (
            (tr("step"), tr("batch"), tr("epoch")),
            (tr("seen"), tr("loss"), tr("steps/s")),
        )
        self._numbers: list[QLabel] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(2, 4)
        grid.setColumnStretch(5, 1)
        # Where the window is narrow these give way, not the table.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for column, group in enumerate(names):
            for row, name in enumerate(group):
                label, number = _line("muted"), _line("fact")
                label.setText(name)
                label.setMinimumHeight(ROW_PIXELS)
                self._numbers.append(number)
                grid.addWidget(label, row, 3 * column)
                grid.addWidget(number, row, 3 * column + 1)
        self.setToolTip(
            tr("Examples seen so far, the newest minibatch's loss, and the measured speed.")
        )

    def show_run(self, run: Run, pace: float | None) -> None:
        """Show where ``run`` stands; ``pace`` in steps a second, None while it stands still."""
        history = run.history
        texts = (
            _share(history.step, run.planned_steps),
            _share(run.batch, history.steps_per_epoch),
            _share(run.epoch, run.planned_epochs),
            format_whole(run.examples_seen),
            format_digits(history.last.loss) if history.last else NOTHING,
            NOTHING if pace is None else format_whole(_rounded(pace)),
        )
        for label, text in zip(self._numbers, texts, strict=True):
            _set_text(label, text)


class ParameterTable(QWidget):
    """Each parameter in a row: now, true, least squares, difference."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._dimension = -1
        self._cells: list[list[QLabel]] = []
        self._swatches: list[Swatch] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self._on_theme_changed)

    def show_run(self, run: Run | None) -> None:
        """Show the newest parameters of ``run``, or the table's frame before there is one."""
        dimension = run.dataset.dimension if run else 2
        if dimension != self._dimension:
            self._build(dimension)
        if run is None:
            return
        references = run.references
        dataset = run.dataset
        true: tuple[float | None, ...] = (None,) * (dimension + 1)
        if dataset.true_weights is not None:
            true = (*dataset.true_weights, dataset.true_bias)
        optimum = (*references.weights, references.bias)
        now = run.history.current_parameters
        for cells, value, truth, best in zip(self._cells, now, true, optimum, strict=True):
            texts = (
                format_digits(float(value)),
                NOTHING if truth is None else format_digits(truth),
                format_digits(best),
                format_difference(float(value) - best),
            )
            for cell, text in zip(cells, texts, strict=True):
                _set_text(cell, text)

    def cell(self, parameter: int, column: int) -> str:
        """Return the text of one number: now, true, least squares or difference."""
        return self._cells[parameter][column].text()

    def _build(self, dimension: int) -> None:
        while item := self._grid.takeAt(0):
            if widget := item.widget():
                widget.setParent(None)
                widget.deleteLater()
        self._dimension = dimension
        self._cells, self._swatches = [], []
        headings = (tr("now"), tr("true"), tr("least squares"), tr("difference"))
        for column, words in enumerate(headings):
            heading = QLabel(words)
            heading.setProperty("role", "muted")
            heading.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(heading, 0, column + 2)
        names = (*(f"w{index}" for index in range(dimension)), "b")
        for row, name in enumerate(names):
            swatch = Swatch()
            self._swatches.append(swatch)
            self._grid.addWidget(swatch, row + 1, 0)
            label = QLabel(name)
            label.setProperty("role", "number")
            self._grid.addWidget(label, row + 1, 1)
            cells = [self._number_cell(column) for column in range(len(headings))]
            for column, cell in enumerate(cells):
                self._grid.addWidget(cell, row + 1, column + 2)
            self._cells.append(cells)
        self._on_theme_changed()

    def _number_cell(self, column: int) -> QLabel:
        cell = QLabel(NOTHING)
        cell.setProperty("role", "now" if column == 0 else "number")
        cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        cell.ensurePolished()
        cell.setMinimumWidth(cell.fontMetrics().horizontalAdvance("−0.0000"))
        return cell

    @Slot()
    def _on_theme_changed(self) -> None:
        for index, swatch in enumerate(self._swatches):
            swatch.show_stroke(self._theme.palette.parameter(index, self._dimension))


class Swatch(QWidget):
    """A short piece of a quantity's line, to name it beside a text."""

    def __init__(self) -> None:
        super().__init__()
        self._stroke: Stroke | None = None
        self.setFixedSize(16, 16)

    def show_stroke(self, stroke: Stroke) -> None:
        """Draw ``stroke`` from now on."""
        self._stroke = stroke
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        if self._stroke is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._stroke.color), self._stroke.width, self._stroke.line))
            painter.drawLine(0, self.height() // 2, self.width(), self.height() // 2)


def format_difference(value: float) -> str:
    """Return ``value`` with its sign always shown, so that the digits stay in place."""
    text = format_digits(value)
    return text if text.startswith("−") else f"+{text}"


def _hint(state: RunState) -> str:
    return {
        RunState.LOADING: tr("Run can start in a moment."),
        RunState.READY: tr("Press Run, or the space bar."),
        RunState.RUNNING: tr("Each step moves w and b down the gradient of one minibatch."),
        RunState.PAUSED: tr("Go on with Continue, or by a batch or an epoch."),
        RunState.DIVERGED: tr("These are the last finite values. Lower the rate and run again."),
        RunState.FAILED: tr("What the run had so far is still here."),
    }.get(state, "")


def _share(part: int, whole: int) -> str:
    return tr("{part} / {whole}").format(part=format_whole(part), whole=format_whole(whole))


def _rounded(value: float) -> int:
    """Return ``value`` with two significant digits: the rest only flickers."""
    if value < 10:
        return round(value)
    unit: int = 10 ** (math.floor(math.log10(value)) - 1)
    return round(value / unit) * unit


def _line(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    return label


def _set_text(label: QLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)

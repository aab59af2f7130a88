"""The numbers under the pictures: the parameters, and how far the run is."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.data.dataset import FloatArray
from linreg_gui.look.controls import OneLine, fill, scroller, text_label
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import GRID, Theme, base_font
from linreg_gui.number_text import NOTHING, decimals_for, fixed, round_to, signed, whole
from linreg_gui.plots.layer import draw_level
from linreg_gui.runs.history import StepRecord
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState, state_words
from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.playhead import Playhead

_ROW_PIXELS = 25
_COLUMN_GAP = 12
_MOST_TABLE_PIXELS = 140
_MOST_OF_WINDOW = 0.155
"""The share of the window's height that the table may have. More rows scroll."""


class Readout(QFrame):
    """The state of the run in words, a table of the parameters, and further numbers.

    It reads them from the controller at each `refresh`, and keeps none of them.

    Attributes
    ----------
    state : QLabel
        The state of the run.
    outcome : OneLine
        What to do next, or why the run ended. It is there in every state, so that the pictures
        above do not move.
    table : ParameterTable
        The parameters.
    facts : QWidget
        Step, loss, fit and so on: labels with names and numbers in turn.
    """

    def __init__(self, controller: TrainingController, playhead: Playhead, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._controller = controller
        self._playhead = playhead
        self._theme = theme
        self.table = ParameterTable(theme, dimension=2, has_truth=True)
        self.state = text_label("state", wraps=False)
        self.outcome = OneLine()
        self.facts = _Facts()
        self._scroller = scroller(self.table)
        words = fill(QHBoxLayout(), self.state, self.outcome, spacing=16, stretch=self.outcome)
        numbers = fill(QHBoxLayout(), self._scroller, spacing=16)
        numbers.addWidget(self.facts, 1, Qt.AlignmentFlag.AlignBottom)
        fill(QVBoxLayout(self), words, numbers, margins=(16, 12, 16, 12))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        controller.state_changed.connect(self.refresh)
        controller.run_prepared.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the run at the moment of the playhead."""
        controller, playhead, run = self._controller, self._playhead, self._controller.run
        self.state.setText(state_words(controller.state))
        hint = _hint(controller.state) or controller.outcome
        if playhead.step is not None:
            hint = tr("You are looking at step {step}.").format(step=whole(playhead.step))
        self.outcome.show_text(hint)
        if run is None:
            return
        shape = (run.dataset.dimension, run.dataset.true_parameters is not None)
        has_new_rows = shape != self.table.shape
        if has_new_rows:
            self.table = ParameterTable(self._theme, *shape)
            self._scroller.setWidget(self.table)
            self.table.show()
        self.table.show_run(run, playhead.parameters)
        if has_new_rows or self.table.sizeHint().width() > self.table.width():
            self._make_room_for_table()
        self.facts.show_run(run, playhead.shown_step, playhead.record, controller.measured_pace)

    def _make_room_for_table(self) -> None:
        """Show the whole table, or as much of it as leaves the pictures high enough."""
        size = self.table.sizeHint()
        most = min(_MOST_TABLE_PIXELS, round(_MOST_OF_WINDOW * self.window().height()))
        height = min(size.height(), most)
        bar = self._scroller.verticalScrollBar().sizeHint().width() if height < size.height() else 0
        self._scroller.setFixedSize(size.width() + bar, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Adapt to the height of the window."""
        super().resizeEvent(event)
        self._make_room_for_table()


class ParameterTable(QWidget):
    """A row for each parameter: its value now, true if known, at least squares, and a difference.

    The difference is now − least squares.

    Attributes
    ----------
    shape : tuple of int and bool
        The number of features, and whether there is a column for the true parameters.
    """

    def __init__(self, theme: Theme, dimension: int, has_truth: bool) -> None:
        super().__init__()
        self.shape = dimension, has_truth
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        keep_scaled(grid, setHorizontalSpacing=10, setVerticalSpacing=4)
        true = [tr("true")] if has_truth else []
        headings = (tr("now"), *true, tr("least squares"), tr("difference"))
        for column, words in enumerate(headings):
            heading = text_label("muted", words, wraps=False)
            heading.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(heading, 0, column + 2)
        heading.setToolTip(tr("now − least squares"))
        names = [*(f"w{index}" for index in range(dimension)), "b"]
        self._cells = [[_number_cell(column) for column in range(len(headings))] for _ in names]
        for row, name in enumerate(names):
            label = text_label("number", name, wraps=False)
            for column, cell in enumerate(
                (_Swatch(theme, row, dimension), label, *self._cells[row])
            ):
                grid.addWidget(cell, row + 1, column)

    def show_run(self, run: Run, now: FloatArray) -> None:
        """Show the parameters ``now`` of ``run``."""
        truth, best = run.dataset.true_parameters, run.references.parameters
        start = run.parameters_at(0).tolist()
        for index, cells in enumerate(self._cells):
            decimals = decimals_for(max(abs(best[index]), abs(start[index])))
            value = float(now[index])
            true = [] if truth is None else [truth[index]]
            texts = [fixed(number, decimals) for number in (value, *true, best[index])]
            texts.append(signed(value - best[index], decimals + 1))
            for cell, text in zip(cells, texts, strict=True):
                cell.setText(text)

    def cell(self, parameter: int, column: int) -> str:
        """Return the text of a number."""
        return self._cells[parameter][column].text()


class _Facts(QWidget):
    """Names and numbers in columns; columns that do not fit are left out."""

    def __init__(self) -> None:
        super().__init__()
        self._place = _FactColumn(tr("step"), tr("epoch"), tr("batch loss"))
        self._fit = _FactColumn(tr("RMSE"), tr("R²"))
        self._test = _FactColumn(tr("held-out RMSE"), tr("held-out R²"))
        self._more = _FactColumn(tr("batch"), tr("seen"), tr("steps/s"))
        self._has_test = False
        self.setToolTip(
            tr(
                "RMSE: the square root of the mean squared error of all examples. R²: the share of "
                "the target's variance that the line explains. Seen: examples so far."
            )
        )
        row = fill(QHBoxLayout(self), spacing=_COLUMN_GAP)
        for column in (self._place, self._fit, self._test, self._more):
            row.addWidget(column, 0, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        # In a narrow window these give way, not the table.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_run(self, run: Run, step: int, record: StepRecord | None, pace: float | None) -> None:
        """Show ``run`` at ``step``. ``pace`` is in steps a second, None while the run is halted."""
        self._place.show_numbers(
            _share(step, run.planned_steps),
            _share(run.epoch_at(step), run.planned_epochs),
            fixed(record.loss) if record else NOTHING,
        )
        parameters, problem = run.history.parameters_at(step), run.problem
        self._fit.show_numbers(*problem.training.fit_texts(parameters))
        self._has_test = problem.testing is not None
        if problem.testing is not None:
            self._test.show_numbers(*problem.testing.fit_texts(parameters))
        self._more.show_numbers(
            _share(run.batch_at(step), run.history.steps_per_epoch),
            whole(run.examples_seen_at(step)),
            NOTHING if pace is None else whole(round(round_to(pace, 2))),
        )
        self._make_room()

    def _make_room(self) -> None:
        room = self.width()
        for column in (self._place, self._fit, self._test, self._more):
            if column is self._test and not self._has_test:
                column.hide()
                continue
            room -= column.sizeHint().width()
            column.setVisible(room >= 0)
            room -= _COLUMN_GAP

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the columns that fit."""
        super().resizeEvent(event)
        self._make_room()


class _FactColumn(QWidget):
    def __init__(self, *names: str) -> None:
        super().__init__()
        self._numbers = [text_label("fact", wraps=False) for _ in names]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        keep_scaled(grid, setHorizontalSpacing=GRID, setVerticalSpacing=4)
        for row, (name, number) in enumerate(zip(names, self._numbers, strict=True)):
            label = text_label("muted", name, wraps=False)
            keep_scaled(label, setMinimumHeight=_ROW_PIXELS)
            grid.addWidget(label, row, 0)
            grid.addWidget(number, row, 1)

    def show_numbers(self, *texts: str) -> None:
        for label, text in zip(self._numbers, texts, strict=True):
            label.setText(text)


class _Swatch(QWidget):
    """A short piece of a parameter's curve, beside its name."""

    def __init__(self, theme: Theme, index: int, dimension: int) -> None:
        super().__init__()
        self._theme = theme
        self._parameter = index, dimension
        keep_scaled(self, setFixedSize=(16, 16))
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        stroke = self._theme.palette.parameter(*self._parameter)
        draw_level(painter, stroke, self.height() // 2, 0, self.width())


def _number_cell(column: int) -> QLabel:
    cell = text_label("number" if column else "now", NOTHING, wraps=False)
    cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    # These are the fonts of the style sheet, which is not applied yet when the window is made.
    font = base_font(16) if column else base_font(20, QFont.Weight.DemiBold)
    cell.setMinimumWidth(QFontMetrics(font).horizontalAdvance("−0.00000"))
    return cell


def _hint(state: RunState) -> str:
    return {
        RunState.LOADING: tr("Run can start in a moment."),
        RunState.READY: tr("Press Run, or the space bar."),
        RunState.RUNNING: tr("Each step moves w and b down the gradient of one minibatch."),
        RunState.PAUSED: tr("Go on with Continue, Step or Epoch."),
        RunState.DIVERGED: tr("These are the last finite values. Lower the rate and run again."),
        RunState.FAILED: tr("The steps so far are still here."),
    }.get(state, "")


def _share(part: int, total: int) -> str:
    return tr("{part} / {total}").format(part=whole(part), total=whole(total))

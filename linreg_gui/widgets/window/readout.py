"""The numbers under the pictures: parameters in large digits, and how far the run is."""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.data.dataset import FloatArray
from linreg_gui.look.controls import OneLine
from linreg_gui.look.palette import Stroke
from linreg_gui.look.theme import Theme, base_font
from linreg_gui.number_text import decimals_for, fixed, round_to, signed, whole
from linreg_gui.runs.history import StepRecord
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState, state_words
from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.playhead import Playhead

if TYPE_CHECKING:
    from linreg_gui.analysis.problem import FitMetrics


NOTHING = "–"
ROW_PIXELS = 25
_COLUMN_GAP = 12
MOST_TABLE_PIXELS = 140
_MOST_OF_WINDOW = 0.155
"""More rows than fit scroll."""


class Readout(QFrame):
    """A table of the parameters, and the state of the run in words.

    Pulls from the controller at `refresh`; holds nothing of its own.
    """

    def __init__(self, controller: TrainingController, playhead: Playhead, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._controller = controller
        self._playhead = playhead
        self.table = ParameterTable(theme)
        self.state = QLabel()
        self.state.setProperty("role", "state")
        self.outcome = OneLine()  # whatever the state: the pictures above must not move
        self.facts = _Facts()
        self._lay_out()
        controller.state_changed.connect(self.refresh)
        controller.run_prepared.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the run as it is at the moment that is looked at."""
        controller, playhead, run = self._controller, self._playhead, self._controller.run
        _set_text(self.state, state_words(controller.state))
        hint = _hint(controller.state) or controller.outcome
        if playhead.step is not None:
            hint = tr("You look at step {step}.").format(step=whole(playhead.step))
        self.outcome.show_text(hint)
        if self.table.show_run(run, playhead.parameters) or self._table_lacks_room():
            self._make_room_for_table()
        if run is not None:
            self.facts.show_run(run, playhead.shown_step, playhead.record, controller.measured_pace)

    def _table_lacks_room(self) -> bool:
        layout = self.table.layout()
        assert layout is not None
        return layout.sizeHint().width() > self.table.width()

    def _make_room_for_table(self) -> None:
        """Show all of the table, or of many parameters so many that the pictures keep theirs."""
        layout = self.table.layout()
        assert layout is not None
        layout.activate()
        size = layout.sizeHint()
        self.table.resize(size)
        most = min(MOST_TABLE_PIXELS, round(_MOST_OF_WINDOW * self.window().height()))
        height = min(size.height(), most)
        bar = self._scroller.verticalScrollBar().sizeHint().width() if height < size.height() else 0
        self._scroller.setFixedSize(size.width() + bar, height)

    def _lay_out(self) -> None:
        words = QHBoxLayout()
        words.setSpacing(16)
        words.addWidget(self.state)
        words.addWidget(self.outcome, 1)
        numbers = QHBoxLayout()
        numbers.setSpacing(16)
        self._scroller = QScrollArea()
        self._scroller.setObjectName("plain")
        self._scroller.setWidget(self.table)
        self._scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        numbers.addWidget(self._scroller)
        numbers.addWidget(self.facts, 1, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(words)
        column.addLayout(numbers)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the pictures enough where the window is low."""
        super().resizeEvent(event)
        self._make_room_for_table()


class _Facts(QWidget):
    """How far the run is and how well it fits, in names and numbers; as much as has room."""

    def __init__(self) -> None:
        super().__init__()
        self._place = _FactColumn((tr("step"), tr("epoch"), tr("batch loss")))
        self._fit = _FactColumn((tr("RMSE"), tr("R²")))
        self._test = _FactColumn((tr("held-out RMSE"), tr("held-out R²")))
        self._more = _FactColumn((tr("batch"), tr("seen"), tr("steps/s")))
        self._columns = (self._place, self._fit, self._test, self._more)
        self._has_test = False
        self.setToolTip(
            tr(
                "RMSE: the root of the mean squared error over all the examples. R²: the share of "
                "the target's variance that the line explains. Seen: examples so far."
            )
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_COLUMN_GAP)
        for column in self._columns:
            row.addWidget(column, 0, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        # Where the window is narrow these give way, not the table.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_run(self, run: Run, step: int, record: StepRecord | None, pace: float | None) -> None:
        """Show ``run`` at ``step``; ``pace`` in steps a second, None while it stands still."""
        self._place.show_numbers(
            _share(step, run.planned_steps),
            _share(run.epoch_at(step), run.planned_epochs),
            fixed(record.loss) if record else NOTHING,
        )
        parameters, problem = run.history.parameters_at(step), run.problem
        self._fit.show_numbers(*metrics_words(problem.training, parameters))
        self._has_test = problem.testing is not None
        if problem.testing is not None:
            self._test.show_numbers(*metrics_words(problem.testing, parameters))
        self._more.show_numbers(
            _share(run.batch_at(step), run.history.steps_per_epoch),
            whole(run.examples_seen_at(step)),
            NOTHING if pace is None else whole(round(round_to(pace, 2))),
        )
        self._make_room()

    def _make_room(self) -> None:
        room = self.width()
        for column in self._columns:
            if column is self._test and not self._has_test:
                column.hide()
                continue
            room -= column.sizeHint().width()
            column.setVisible(room >= 0)
            room -= _COLUMN_GAP

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as has room."""
        super().resizeEvent(event)
        self._make_room()


class _FactColumn(QWidget):
    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self._numbers = [_line("fact") for _ in names]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for row, (name, number) in enumerate(zip(names, self._numbers, strict=True)):
            label = _line("muted")
            label.setText(name)
            label.setMinimumHeight(ROW_PIXELS)
            grid.addWidget(label, row, 0)
            grid.addWidget(number, row, 1)

    def show_numbers(self, *texts: str) -> None:
        for label, text in zip(self._numbers, texts, strict=True):
            _set_text(label, text)


class ParameterTable(QWidget):
    """Each parameter in a row: now, true where that is known, least squares, difference."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._dimension = -1
        self._has_truth = True
        self._cells: list[list[QLabel]] = []
        self._swatches: list[Swatch] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self._on_theme_changed)

    def show_run(self, run: Run | None, now: FloatArray) -> bool:
        """Show the parameters ``now`` of ``run``, or the table's frame before there is one.

        Return whether there are other rows than before.
        """
        dimension = run.dataset.dimension if run else 2
        truth = run.dataset.true_parameters if run else None
        has_truth = run is None or truth is not None
        is_new = (dimension, has_truth) != (self._dimension, self._has_truth)
        if is_new:
            self._build(dimension, has_truth=has_truth)
        if run is None:
            return is_new
        optimum, start = run.references.parameters, run.start.tolist()
        for index, (cells, value, best) in enumerate(zip(self._cells, now, optimum, strict=True)):
            decimals = decimals_for(max(abs(best), abs(start[index])))
            texts = (
                fixed(float(value), decimals),
                *([fixed(truth[index], decimals)] if truth else []),
                fixed(best, decimals),
                signed(float(value) - best, decimals + 1),
            )
            for cell, text in zip(cells, texts, strict=True):
                _set_text(cell, text)
        return is_new

    def cell(self, parameter: int, column: int) -> str:
        """Return the text of a number: now, true where it is known, least squares, difference."""
        return self._cells[parameter][column].text()

    def _build(self, dimension: int, *, has_truth: bool) -> None:
        while item := self._grid.takeAt(0):
            if widget := item.widget():
                widget.setParent(None)
                widget.deleteLater()
        self._dimension, self._has_truth = dimension, has_truth
        self._cells, self._swatches = [], []
        true = [tr("true")] if has_truth else []
        headings = (tr("now"), *true, tr("least squares"), tr("difference"))
        for column, words in enumerate(headings):
            heading = QLabel(words)
            heading.setProperty("role", "muted")
            heading.setAlignment(Qt.AlignmentFlag.AlignRight)
            if column == len(headings) - 1:
                heading.setToolTip(tr("now − least squares"))
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
        for child in self.findChildren(QWidget):
            child.show()  # the layout would do so later, and have no size until then
        self._on_theme_changed()

    def _number_cell(self, column: int) -> QLabel:
        cell = QLabel(NOTHING)
        cell.setProperty("role", "now" if column == 0 else "number")
        cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # The style sheet's fonts, which it has not come to yet while the window is put together.
        font = base_font(20, QFont.Weight.DemiBold) if column == 0 else base_font(16)
        cell.setMinimumWidth(QFontMetrics(font).horizontalAdvance("−0.00000"))
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


def _hint(state: RunState) -> str:
    return {
        RunState.LOADING: tr("Run can start in a moment."),
        RunState.READY: tr("Press Run, or the space bar."),
        RunState.RUNNING: tr("Each step moves w and b down the gradient of one minibatch."),
        RunState.PAUSED: tr("Go on with Continue, Step or Epoch."),
        RunState.DIVERGED: tr("These are the last finite values. Lower the rate and run again."),
        RunState.FAILED: tr("What the run had so far is still here."),
    }.get(state, "")


def metrics_words(metrics: "FitMetrics", parameters: FloatArray) -> tuple[str, str]:
    """Return RMSE and R² at trained ``parameters``; a dash where there is none."""
    r_squared = metrics.r_squared(parameters)
    decimals = decimals_for(math.sqrt(metrics.variance))
    return (
        fixed(metrics.rmse(parameters), decimals),
        NOTHING if r_squared is None else fixed(r_squared),
    )


def _share(part: int, total: int) -> str:
    return tr("{part} / {total}").format(part=whole(part), total=whole(total))


def _line(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    return label


def _set_text(label: QLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)

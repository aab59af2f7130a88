"""All numbers of the step on show, or the table of the picture on the stage."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
)

from linreg_gui.data.dataset import FloatArray
from linreg_gui.look.controls import RIGHT, area, fill, scroller, text_label
from linreg_gui.look.scale import px
from linreg_gui.look.table_copy import LabelGrid, TableCopier
from linreg_gui.look.theme import GRID, Theme
from linreg_gui.number_text import NOTHING, decimals_for, fixed, round_to, signed, whole
from linreg_gui.plots.line_sample import LineSample
from linreg_gui.plots.series import parameter_look
from linreg_gui.plots.title_row import Segments
from linreg_gui.runs.run import Run
from linreg_gui.texts import breakable, tr
from linreg_gui.threads.playhead import Playhead
from linreg_gui.widgets.panels.picture_table_page import PictureTablePage
from linreg_gui.widgets.session import Session

NOW, PICTURE = range(2)

_SPACING = 8
_AROUND = 36
"""Pixels of the margins and of a scroll bar."""
_SAMPLE_WIDTH = 24
"""Pixels of the line before a name, with the gap."""


class NumbersPanel(QFrame):
    """The numbers of the run at the moment of the playhead, or those of the picture on the stage.

    They are read at each `refresh`.

    Attributes
    ----------
    table : ParameterTable
        The parameters.
    facts : FactTable
        Step, loss, fit and so on.
    picture : PictureTablePage
        The table of the picture on the stage.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("card")
        self._session = session
        self.table = ParameterTable(session.theme, ["w0", "w1", "b"], has_truth=True)
        self.facts = FactTable()
        rows = (self.table, self.facts, None)
        self._column = fill(QVBoxLayout(), *rows, margins=(0, 0, 8, 0), spacing=20)
        self.picture = PictureTablePage(session)
        self._pages = QStackedWidget()
        self._numbers = scroller(area(self._column), takes_focus=True)
        TableCopier(self._numbers, lambda: [*self.table.rows(), [], *self.facts.rows()])
        self._numbers.setAccessibleName(tr("Numbers now"))
        self._pages.addWidget(self._numbers)
        self._pages.addWidget(self.picture)
        self._choice = Segments([tr("Now"), tr("Table of the picture")])
        self._choice.group.idClicked.connect(self.show_page)
        head = fill(QHBoxLayout(), text_label("title", tr("Numbers"), wraps=False), None)
        head.addWidget(self._choice)
        fill(QVBoxLayout(self), head, self._pages, margins=(16, 12, 8, 12), stretch=self._pages)
        session.controller.state_changed.connect(self.refresh)
        session.controller.run_prepared.connect(self.refresh)
        session.numbers_due.connect(self.refresh)
        session.table_wanted.connect(self._show_picture)
        self.refresh()

    @Slot(int)
    def show_page(self, page: int) -> None:
        """Show the numbers `NOW`, or those of the `PICTURE`."""
        self._choice.choose(page)
        self._pages.setCurrentIndex(page)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the run at the moment of the playhead."""
        session, run = self._session, self._session.controller.run
        self.picture.refresh()
        if run is None or self._pages.currentIndex() != NOW:
            return
        shape = (list(run.parameter_names()), run.dataset.true_parameters is not None)
        if shape != self.table.shape:
            former, self.table = self.table, ParameterTable(session.theme, *shape)
            self._column.replaceWidget(former, self.table)
            former.deleteLater()
        self.table.show_run(run, session.playhead.parameters)
        self.table.make_room(self.width() - px(_AROUND))
        self.facts.show_run(run, session.playhead, session.controller.measured_pace)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what has no room."""
        super().resizeEvent(event)
        self.table.make_room(self.width() - px(_AROUND))

    @Slot()
    def _show_picture(self) -> None:
        self.show_page(PICTURE)
        self.picture.view.setFocus()


class ParameterTable(LabelGrid):
    """A row for each parameter: its value now, true if known, at least squares, and how far off.

    Attributes
    ----------
    shape : tuple of list of str and bool
        The names, and whether there is a column for the true parameters.
    """

    def __init__(self, theme: Theme, names: list[str], has_truth: bool) -> None:
        super().__init__(_SPACING, 6)
        self.shape = names, has_truth
        true = [tr("true")] if has_truth else []
        headings = (tr("now"), *true, tr("least squares"), tr("now − least squares"))
        self._headings: list[QLabel] = []
        for column, words in enumerate(headings):
            heading = text_label("muted", words)
            heading.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
            self.grid.addWidget(heading, 0, column + 2)
            self._headings.append(heading)
        self._cells = [[_number_cell(column) for column in range(len(headings))] for _ in names]
        self._names = [text_label("", breakable(name)) for name in names]
        for row, name in enumerate(self._names):
            sample = LineSample(theme, parameter_look(row, len(names) - 1))
            for column, cell in enumerate((sample, name, *self._cells[row])):
                self.grid.addWidget(cell, row + 1, column)

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

    def make_room(self, width: int) -> None:
        """Leave out the last column, the difference of two others, if ``width`` is too small."""
        columns = [[row[column] for row in self._cells] for column in range(len(self._headings))]
        needed = px(_SAMPLE_WIDTH) + max(name.minimumSizeHint().width() for name in self._names)
        for heading, column in zip(self._headings, columns, strict=True):
            widths = (cell.sizeHint().width() for cell in column)
            needed += max(heading.minimumSizeHint().width(), *widths) + px(_SPACING)
        for label in (self._headings[-1], *columns[-1]):
            label.setVisible(needed <= width)

    def cell(self, parameter: int, column: int) -> str:
        """Return the text of a number."""
        return self._cells[parameter][column].text()


class FactTable(LabelGrid):
    """Names and numbers of everything else, one in each row."""

    def __init__(self) -> None:
        super().__init__(GRID, 4)
        self.grid.setColumnStretch(1, 1)
        self._rows: dict[str, tuple[QLabel, QLabel]] = {}

    def show_run(self, run: Run, playhead: Playhead, pace: float | None) -> None:
        """Show ``run``. ``pace`` is in steps a second, None while the run is halted."""
        step, record, problem = playhead.shown_step, playhead.record, run.problem
        parameters = run.history.parameters_at(step)
        rmse, r_squared = problem.training.fit_texts(parameters)
        facts = {
            tr("step"): _share(step, run.planned_steps),
            tr("epoch"): _share(run.epoch_at(step), run.planned_epochs),
            tr("batch"): _share(run.batch_at(step), run.history.steps_per_epoch),
            tr("examples seen"): whole(run.examples_seen_at(step)),
            tr("batch loss"): fixed(record.loss) if record else NOTHING,
            tr("moving average"): fixed(record.moving_loss) if record else NOTHING,
            tr("RMSE, all examples"): rmse,
            tr("R², all examples"): r_squared,
        }
        if problem.testing is not None:
            held_out = problem.testing.fit_texts(parameters)
            facts |= dict(zip((tr("RMSE, held out"), tr("R², held out")), held_out, strict=True))
        facts[tr("steps per second")] = NOTHING if pace is None else whole(round(round_to(pace, 2)))
        for name, text in facts.items():
            self._show(name, text)
        for name, labels in self._rows.items():
            for label in labels:
                label.setVisible(name in facts)

    def number(self, name: str) -> str:
        """Return the text of a number."""
        return self._rows[name][1].text()

    def _show(self, name: str, text: str) -> None:
        if name not in self._rows:
            labels = text_label("muted", name), text_label("fact", wraps=False)
            labels[1].setAlignment(Qt.AlignmentFlag.AlignRight)
            for column, label in enumerate(labels):
                self.grid.addWidget(label, len(self._rows), column)
            self._rows[name] = labels
        self._rows[name][1].setText(text)


def _number_cell(column: int) -> QLabel:
    cell = text_label("number" if column else "now", NOTHING, wraps=False)
    cell.setAlignment(RIGHT)
    return cell


def _share(part: int, total: int) -> str:
    return tr("{part} / {total}").format(part=whole(part), total=whole(total))

"""Guess first: a line drawn by hand, how good it is, and the lines of a whole class."""

import itertools
from functools import partial

import numpy as np
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.analysis.landscape import Landscape
from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.controls import (
    RIGHT,
    area,
    fill,
    push_button,
    scroller,
    show_text,
    text_label,
)
from linreg_gui.look.flow import flow
from linreg_gui.look.inputs import NameField
from linreg_gui.look.plain import set_tip
from linreg_gui.look.speech import announce
from linreg_gui.look.table_copy import LabelGrid, TableCopier
from linreg_gui.look.theme import GRID
from linreg_gui.number_text import NOTHING, fixed, joined, significant
from linreg_gui.plots.series import parameter_look
from linreg_gui.runs.closeness import closeness, closeness_sentences
from linreg_gui.runs.guess import KeptGuess
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Init
from linreg_gui.texts import paragraph, tr
from linreg_gui.threads.guesses import MOST_GUESSES
from linreg_gui.widgets.panels.guess_card import LONGEST_NAME, GuessCard
from linreg_gui.widgets.panels.parameter_row import (
    ParameterRow,
    downhill_words,
    slider_ranges,
    slope_words,
)
from linreg_gui.widgets.session import Session

_FLAT = 1e-9
_SETTLED_MILLISECONDS = 500


class MyLinePanel(QFrame):
    """The line in hand in numbers, and the kept ones.

    Attributes
    ----------
    rows : list of ParameterRow
        For each weight, and for the bias.
    fit : FitTable
        How good the line is, beside least squares.
    reveal, residuals, squares, gradient : QCheckBox
        Show least squares, the residuals as lines and as squares, and the way downhill.
    downhill, hint, note, ranking : QLabel
        Where the gradient points; what to do; what has just happened; who is nearest.
    name : NameField
        The name for the line that is kept next.
    keep, start, undo, how_close : QPushButton
        Keep the line, start the run from it, bring a deleted one back, and compare all of them.
    cards : dict of KeptGuess to GuessCard
        From top to bottom, the newest first.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("card")
        self._session = session
        self._controller = controller = session.controller
        self._guesses = guesses = session.guesses
        self._theme = theme = session.theme
        self._names: tuple[str, ...] = ()
        self._run: Run | None = None
        self._ranks = False
        self.rows: list[ParameterRow] = []
        self.cards: dict[KeptGuess, GuessCard] = {}
        self._make_controls()
        self._lay_out()
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_MILLISECONDS)
        self._settled.timeout.connect(self._speak)
        guesses.moved.connect(self._on_moved)
        guesses.changed.connect(self.refresh)
        session.points_changed.connect(self.refresh)
        controller.state_changed.connect(self._show_hint)
        controller.settings_changed.connect(self._show_start)
        theme.changed.connect(self._show_cards)
        self.refresh()

    def _make_controls(self) -> None:
        guesses = self._guesses
        self.fit = FitTable()
        TableCopier(self, self.fit.rows)
        self.reveal = QCheckBox(tr("Show least squares"))
        set_tip(
            self.reveal,
            tr(
                "While it is off, the pictures show neither least squares nor the true line, so "
                "that everybody guesses first."
            ),
        )
        self.reveal.clicked.connect(lambda on: guesses.reveal(revealed=on))
        self.residuals = QCheckBox(tr("Residuals"))
        set_tip(self.residuals, tr("Draw how far each example is from the line"))
        self.squares = QCheckBox(tr("Squares"))
        set_tip(
            self.squares,
            tr(
                "Draw each residual as a square: the loss is the mean of their areas. Of more than "
                "100 residuals a sample is drawn, the same rows every time; the loss counts all."
            ),
        )
        for box in (self.residuals, self.squares):
            box.clicked.connect(self._on_residuals_clicked)
        self.gradient = QCheckBox(tr("Gradient"))
        set_tip(self.gradient, tr("Say which way is downhill, and how steep it is"))
        self.gradient.clicked.connect(self._show_numbers)
        self.downhill = text_label("fact")
        self.hint, self.note = text_label("muted"), text_label("muted")
        self.ranking = text_label("fact")
        self.name = NameField()
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText(tr("Whose guess?"))
        self.name.setAccessibleName(tr("Whose guess is it?"))
        self.name.returnPressed.connect(self._on_keep)
        self.keep = push_button(
            tr("Keep this guess"), self._on_keep, tr("It stays beside the path of the run")
        )
        self.start = push_button(
            tr("Start from my line"), self._on_start, tr("The run starts with these parameters")
        )
        self.undo = push_button(tr("Undo delete"), guesses.restore)
        self.how_close = push_button(
            tr("How close?"),
            self._on_how_close,
            tr("Show least squares, and who is nearest to it"),
        )

    def _lay_out(self) -> None:
        self._fields = fill(QVBoxLayout(), spacing=4)
        self._list = fill(QVBoxLayout(), spacing=6)
        column = fill(
            QVBoxLayout(),
            self.hint,
            self._fields,
            4,
            flow(self.residuals, self.squares, self.gradient),
            self.downhill,
            8,
            self.name,
            flow(self.keep, self.start, self.how_close, self.undo),
            self.note,
            self.ranking,
            self._list,
            None,
            margins=(16, 0, 12, GRID),
            spacing=6,
        )
        self._body = scroller(area(column))
        head = fill(
            QVBoxLayout(),
            text_label("title", tr("My line")),
            self.fit,
            self.reveal,
            margins=(16, 12, 12, 0),
            spacing=4,
        )
        fill(QVBoxLayout(self), head, self._body, margins=(0, 0, 0, 4), stretch=self._body)

    @Slot()
    def refresh(self) -> None:
        """Show the lines and the data as they are now."""
        run, guesses = self._controller.run, self._guesses
        if run is not self._run:
            self._take_up(run)
        self.reveal.setChecked(guesses.is_revealed)
        self.residuals.setChecked(guesses.draws_residuals)
        self.squares.setChecked(guesses.draws_squares)
        self._ranks = self._ranks and guesses.is_revealed
        self._show_hint()
        self._show_cards()
        self._show_numbers()

    def _take_up(self, run: Run | None) -> None:
        """Make a row for each parameter, with a range that suits the data."""
        self._run = run
        names = () if run is None else run.parameter_names()
        if names != self._names:
            self._names = names
            for row in self.rows:
                row.hide()  # passes the focus on
                self._fields.removeWidget(row)
                row.deleteLater()
            self.rows = [
                ParameterRow(name, parameter_look(index, len(names) - 1), self._theme)
                for index, name in enumerate(names)
            ]
            for index, row in enumerate(self.rows):
                row.changed.connect(partial(self._guesses.set_parameter, index))
                self._fields.addWidget(row)
        if run is not None:
            for row, (low, high) in zip(self.rows, slider_ranges(run), strict=True):
                row.set_range(low, high)

    @Slot()
    def _on_moved(self) -> None:
        self._show_numbers()
        self._show_start()
        self._settled.start()

    @Slot()
    def _show_numbers(self) -> None:
        """Show the parameters, the loss and the gradient of the line in hand."""
        run, line = self._run, self._guesses.line
        if run is None or line is None or len(line) != len(self.rows):
            return
        landscape, references = self._session.landscape_on_show(run)
        for row, value in zip(self.rows, line.tolist(), strict=True):
            row.set_value(value)
        self.fit.show_fit(landscape, line, is_revealed=self._guesses.is_revealed)
        self._show_gradient(run, landscape, line)
        self._show_ranking(landscape, references.undetermined)

    def _show_gradient(self, run: Run, landscape: Landscape, line: DoubleArray) -> None:
        gradient = landscape.gradient(line)
        steepest = np.sqrt(np.diag(landscape.hessian) * (landscape.variance or 1.0))
        is_flat = np.abs(gradient) <= _FLAT * steepest
        is_wanted = self.gradient.isChecked()
        names, features = run.parameter_names(), run.dataset.feature_names
        for index, row in enumerate(self.rows):
            of = features[index] if index < len(features) else ""
            slope = 0.0 if is_flat[index] else float(gradient[index])
            row.show_gradient(slope_words(of, slope) if is_wanted else "")
        words = downhill_words(names, features, gradient, is_flat) if is_wanted else ""
        show_text(self.downhill, words)

    def _show_ranking(self, landscape: Landscape, undetermined: str) -> None:
        """Say who is nearest, if somebody has asked."""
        if not self._ranks:
            show_text(self.ranking, "")
            return
        guesses = self._guesses
        fitting = [kept for kept in guesses.kept if guesses.fits(kept)]
        lines = [(kept.title, kept.parameters) for kept in fitting]
        line = guesses.line
        if line is not None and not any(np.array_equal(line, kept.parameters) for kept in fitting):
            lines.append((tr("my line"), line))
        ranks = sorted(closeness(lines, landscape), key=lambda each: each.excess)
        words = tr("{place}. {name}: loss {loss}, {distance} from least squares")
        if undetermined:
            words = tr("{place}. {name}: loss {loss}")
        rows = [
            words.format(
                place=place,
                name=each.name,
                loss=significant(each.loss),
                distance=significant(each.distance),
            )
            for place, each in enumerate(ranks, 1)
        ]
        rows = [*rows, ""] if len(rows) > 1 else []
        sentences = closeness_sentences(ranks, landscape, undetermined, self._names)
        show_text(self.ranking, "\n".join([*rows, *sentences]))

    @Slot()
    def _show_hint(self) -> None:
        """Say what to do, or that the run on screen gives the answer away."""
        run, guesses = self._run, self._guesses
        is_ready = run is not None and guesses.line is not None
        for widget in (self.fit, self.reveal, self._body):
            widget.setEnabled(is_ready)
        if run is None or not is_ready:
            self.hint.setText(tr("You can draw a line here once the data is ready."))
            return
        hides = not guesses.is_revealed
        if hides and self._controller.state is RunState.COMPLETED:
            words = tr(
                "The run on screen has found an answer already, and its line shows it. "
                "Reset (R) takes it back to its start."
            )
        elif run.dataset.dimension == 1:
            words = tr("Drag the line in the picture of the data until it fits the examples.")
        else:
            words = tr(
                "Drag the line in the view “adjusted” of the data, for one feature after the "
                "other, or use the sliders."
            )
        words = paragraph(words, tr("Enter shows the landscape beside it."))
        if self._session.landscape_on_show(run)[0] is not run.problem.original.landscape:
            words = tr(
                "Points were edited. The numbers here are those of the examples on show; the run "
                "gets them at the next Reset (R)."
            )
        self.hint.setText(words)

    @Slot()
    def _show_start(self) -> None:
        """Say whether the run starts from the line in hand."""
        guesses, controller, run = self._guesses, self._controller, self._run
        line, words = guesses.line, ""
        if run is not None and line is not None and self._is_start(line):
            pending = controller.pending_settings & {"init", "start_weights", "start_bias"}
            words = tr("The run starts from your line.")
            if pending:
                words = tr("The next run starts from your line. Reset (R) begins it.")
        if guesses.is_full:
            words = tr("You can keep {most} guesses. Delete one first.").format(most=MOST_GUESSES)
        show_text(self.note, words)

    def _is_start(self, line: DoubleArray) -> bool:
        """Return whether the settings start a run from ``line``."""
        settings = self._controller.settings
        start = settings.typed_start(len(line) - 1)
        return settings.init is Init.TYPED and start == tuple(line.tolist())

    @Slot()
    def _show_cards(self) -> None:
        """Show a card for each kept line, the newest on top."""
        guesses, run = self._guesses, self._run
        wanted = guesses.kept[::-1]
        landscape = None if run is None else self._session.landscape_on_show(run)[0]
        for kept in [kept for kept in self.cards if kept not in wanted]:
            card = self.cards.pop(kept)
            card.hide()  # passes the focus on
            self._list.removeWidget(card)
            card.deleteLater()
        known = self.cards
        self.cards = {
            kept: known.get(kept) or GuessCard(kept, guesses, self._theme) for kept in wanted
        }
        stops: list[QWidget] = [self.undo]
        for place, card in enumerate(self.cards.values()):
            if self._list.indexOf(card) != place:
                self._list.insertWidget(place, card)
            card.refresh(run, landscape)
            stops += card.stops
        for before, after in itertools.pairwise(stops):
            QWidget.setTabOrder(before, after)
        self.undo.setVisible(guesses.can_restore)
        self.keep.setEnabled(not guesses.is_full)
        self._show_start()

    @Slot()
    def _on_residuals_clicked(self) -> None:
        self._guesses.show_residuals(
            lines=self.residuals.isChecked(), squares=self.squares.isChecked()
        )

    @Slot()
    def _on_keep(self) -> None:
        self._guesses.keep(self.name.text())
        self.name.clear()

    @Slot()
    def _on_start(self) -> None:
        self._guesses.start_from_line()
        self._show_start()

    @Slot()
    def _on_how_close(self) -> None:
        self._ranks = True
        self._guesses.reveal(revealed=True)
        announce(self, self.ranking.text())
        # Once the layout has made room.
        QTimer.singleShot(0, self, lambda: self._body.ensureWidgetVisible(self.ranking))

    @Slot()
    def _speak(self) -> None:
        """Let people hear how good the line is who cannot see it."""
        if self.isVisible():
            announce(self, self.fit.summary())


class FitTable(LabelGrid):
    """Loss, RMSE and R² of the line in hand, and those of least squares once they are revealed."""

    def __init__(self) -> None:
        super().__init__(2, 2)
        for column in range(3):
            self.grid.setColumnStretch(column, 1)
        self._cells: list[tuple[QLabel, QLabel]] = []
        for column, words in enumerate((tr("my line"), tr("least\nsquares")), 1):
            heading = text_label("muted", words, wraps=False)
            heading.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
            self.grid.addWidget(heading, 0, column)
        self._words = (tr("loss"), tr("RMSE"), tr("R²"))
        for row, words in enumerate(self._words, 1):
            cells = (
                text_label("number", NOTHING, wraps=False),
                text_label("number", NOTHING, wraps=False),
            )
            self.grid.addWidget(text_label("fact", words, wraps=False), row, 0)
            for column, cell in enumerate(cells, 1):
                self.grid.addWidget(cell, row, column, RIGHT)
            self._cells.append(cells)

    def show_fit(self, landscape: Landscape, line: DoubleArray, *, is_revealed: bool) -> None:
        """Show the fit of ``line`` over all training examples, in the data's units."""
        for column, parameters in enumerate((line, landscape.optimum)):
            is_shown = column == 0 or is_revealed
            r_squared = landscape.r_squared(parameters)
            texts = (
                significant(landscape.loss(parameters), 4),
                significant(landscape.rmse(parameters), 4),
                NOTHING if r_squared is None else fixed(r_squared, 3),
            )
            for cells, text in zip(self._cells, texts, strict=True):
                cells[column].setText(text if is_shown else "?")

    def text(self, row: int, column: int) -> str:
        """Return a number: of the line in column 0, of least squares in column 1."""
        return self._cells[row][column].text()

    def summary(self) -> str:
        """Return the numbers of the line in hand in words."""
        cells = zip(self._words, self._cells, strict=True)
        return joined(f"{words} {mine.text()}" for words, (mine, _) in cells)

"""The numbers under the pictures, in one row: the parameters, loss and fit, and the state."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from linreg_gui.look.controls import fill, set_least_width, text_label
from linreg_gui.look.plain import set_tip
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import NOTHING, decimals_for, fixed, significant, whole
from linreg_gui.plots.line_sample import LineSample
from linreg_gui.plots.series import Look, parameter_look
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState, state_words
from linreg_gui.texts import first_clause, first_sentence, paragraph, shortened_name, tr
from linreg_gui.widgets.panels.registry import NUMBERS
from linreg_gui.widgets.session import Session

_LEAST_WORDS = 240
"""The least room for the state in words."""
_GAP = 5
_MOST_DIGITS = 1e8
"""A number of a run that diverges has no decimals once it would have more than 8 digits."""


class Readout(QFrame):
    """The numbers that a class follows, and the state of the run in words.

    It reads them from the controller at each `refresh`, and keeps none of them. Without room, where
    the parameters should go is left out first, and then numbers whole; the panel with all numbers
    is a click away.

    Attributes
    ----------
    state : QLabel
        The state of the run in words, and what to do next or why it ended.
    parameters : list of NumberCell
        The parameters that have room.
    loss, fit : NumberCell
        The loss of the last minibatch, and R² of all examples.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("card")
        self._session = session
        self.parameters: list[NumberCell] = []
        self.loss = NumberCell(session.theme, tr("loss"))
        set_tip(self.loss, tr("The loss of the last minibatch: its mean squared error"))
        self.fit = NumberCell(session.theme, tr("R²"))
        set_tip(self.fit, tr("The share of the target's variance that the line explains"))
        self.state = text_label("muted")
        self._words = ""
        self._hides_solution = False
        self._more = QToolButton()
        self._more.setDefaultAction(session.switches[NUMBERS])
        self._more.setProperty("compact", True)
        self._cells = fill(QHBoxLayout(), spacing=16)
        row = fill(
            QHBoxLayout(self),
            self._cells, self.loss, self.fit, self.state, self._more,
            margins=(12, 0, 8, 0), spacing=16,
        )  # fmt: skip
        row.setStretchFactor(self.state, 1)
        keep_scaled(self, setFixedHeight=44)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        session.controller.state_changed.connect(self.refresh)
        session.controller.run_prepared.connect(self.begin_again)
        session.theme.changed.connect(self.begin_again)
        session.guesses_changed.connect(self._on_guesses_changed)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the run at the moment of the playhead."""
        controller, playhead = self._session.controller, self._session.playhead
        run = controller.run
        words = controller.outcome or _hint(controller.state, run)
        if playhead.step is not None:
            words = tr("You are looking at step {step}.").format(step=whole(playhead.step))
        self._words = words
        self.state.setText(words)
        set_tip(self.state, words)
        if run is None:
            return
        names = list(run.parameter_names())
        if [cell.name for cell in self.parameters] != names:
            self._make_cells(run, names)
        now, best = playhead.parameters, run.references.parameters
        start, hides = run.parameters_at(0).tolist(), self._session.shown_guesses.hides_solution
        self._hides_solution = hides
        for index, cell in enumerate(self.parameters):
            decimals = decimals_for(max(abs(best[index]), abs(start[index])))
            value = float(now[index])
            fits = abs(value) * 10.0**decimals < _MOST_DIGITS
            target = "" if hides else fixed(best[index], decimals)
            cell.show_number(fixed(value, decimals if fits else 0), target)
        record = playhead.record
        is_whole = run.history.steps_per_epoch == 1
        self.loss.rename(tr("loss") if is_whole else tr("batch loss"))
        self.loss.show_number(significant(record.loss, 4) if record else NOTHING)
        parameters = run.history.parameters_at(playhead.shown_step)
        _, r_squared = run.problem.training.fit_texts(parameters)
        self.fit.show_number(r_squared)
        self._make_room()

    @Slot()
    def _on_guesses_changed(self) -> None:
        """Tell where the parameters should go, unless a class guesses that."""
        if self._session.shown_guesses.hides_solution != self._hides_solution:
            self.begin_again()

    @Slot()
    def begin_again(self) -> None:
        """Show another run, or other fonts: the cells need no room for former numbers."""
        for cell in (*self.parameters, self.loss, self.fit):
            set_least_width(cell.number, 0)
        self.refresh()

    def _make_cells(self, run: Run, names: Sequence[str]) -> None:
        for cell in self.parameters:
            cell.deleteLater()
        dimension = run.dataset.dimension
        self.parameters = []
        for index, name in enumerate(names):
            look = parameter_look(index, dimension)
            cell = NumberCell(self._session.theme, name, look)
            set_tip(cell, tr("{name}: now → at least squares").format(name=name))
            self._cells.addWidget(cell)
            self.parameters.append(cell)

    @Slot()
    def _make_room(self) -> None:
        """Leave out the numbers that would take the room of the words, which have two lines."""
        room = self.width() - self._more.sizeHint().width() - px(32)
        controller, playhead = self._session.controller, self._session.playhead
        if controller.state is RunState.COMPLETED and playhead.step is None:
            self._show_numbers(room - self._show_end(room))
            return
        words = self.state.fontMetrics().horizontalAdvance(self._words) / 2 + px(40)
        numbers = self._numbers_width()
        # The parameters are more than a hint. How a run ended is more than numbers.
        is_told = bool(controller.outcome) or words + numbers <= room
        if not is_told or words > room:
            self.state.setText(first_sentence(self._words))
            words = self.state.fontMetrics().horizontalAdvance(self.state.text()) + px(8)
        else:
            self.state.setText(self._words)
        in_a_line = self.state.fontMetrics().horizontalAdvance(self.state.text()) + px(8)
        least = min(px(_LEAST_WORDS), in_a_line) if controller.outcome else 0
        self._show_numbers(room - max(least, round(words)))

    def _show_end(self, room: int) -> int:
        """Say as much of how a run was completed as leaves room for its numbers; return its width.

        The words have two lines.
        """
        room -= self._numbers_width()
        sentence = first_sentence(self._words)
        for words in (self._words, sentence, first_clause(sentence)):
            self.state.setText(words)
            width = self.state.fontMetrics().horizontalAdvance(words) // 2 + px(40)
            if width <= room:
                break
        return width

    def _numbers_width(self) -> int:
        cells = (*self.parameters[:3], self.loss, self.fit)
        return _width_of(cells)

    def _show_numbers(self, room: int) -> None:
        have_targets = _width_of(self.parameters[:3]) <= room
        for cell in self.parameters:
            cell.show_target(shown=have_targets)
        for cell in (*self.parameters[:3], self.loss, self.fit, *self.parameters[3:]):
            room -= cell.sizeHint().width() + px(16)
            cell.setVisible(room >= 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what has no room."""
        super().resizeEvent(event)
        self._make_room()


class NumberCell(QWidget):
    """A name, a number, and where the number should go.

    Parameters
    ----------
    theme : Theme
        The colors.
    name : str
        What the number is.
    look : callable, optional
        The stroke of its curve in the pictures, which is drawn beside the name.
    """

    def __init__(self, theme: Theme, name: str, look: Look | None = None) -> None:
        super().__init__()
        self.name = name
        self.number = text_label("now", NOTHING, wraps=False)
        self.target = text_label("muted", wraps=False)
        sample = [LineSample(theme, look)] if look else []
        self._label = text_label("muted", shortened_name(name), wraps=False)
        fill(QHBoxLayout(self), *sample, self._label, self.number, self.target, spacing=_GAP)
        self.target.hide()
        self._shows_target = True
        theme.changed.connect(self._forget_width)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def rename(self, name: str) -> None:
        """Call the number ``name`` from now on."""
        self.name = name
        self._label.setText(name)

    def show_number(self, number: str, target: str = "") -> None:
        """Show ``number``, and after an arrow ``target``. The cell gets wider, never narrower."""
        self.number.setText(number)
        _keep_width(self.number)
        self.target.setText(f"→ {target}" if target else "")
        self.show_target(shown=self._shows_target)

    def show_target(self, *, shown: bool) -> None:
        """Show where the number should go, if it is known, or leave it out."""
        self._shows_target = shown
        self.target.setVisible(shown and bool(self.target.text()))

    @property
    def full_width(self) -> int:
        """Return the width with the target, whether that is shown or not."""
        is_left_out = self.target.isHidden() and bool(self.target.text())
        left_out = self.target.sizeHint().width() + px(_GAP) if is_left_out else 0
        return self.sizeHint().width() + left_out

    @Slot()
    def _forget_width(self) -> None:
        """Let the number be as wide as it is at the new scale."""
        self.number.setMinimumWidth(0)
        _keep_width(self.number)


def _width_of(cells: Iterable[NumberCell]) -> int:
    return sum(cell.full_width + px(16) for cell in cells)


def _keep_width(label: QLabel) -> None:
    """Let the label grow with its text, but not shrink, so that nothing moves."""
    needed = label.sizeHint().width()
    if needed > label.minimumWidth():
        set_least_width(label, needed)


def _hint(state: RunState, run: Run | None) -> str:
    """Return the state and what it means for a person."""
    if state is RunState.RUNNING:
        if run is not None and run.history.steps_per_epoch == 1:
            return tr("Running. Each step moves w and b down the gradient of all examples.")
        return tr("Running. Each step moves w and b down the gradient of one minibatch.")
    hint = {
        RunState.LOADING: tr("Run can start in a moment."),
        RunState.READY: tr("Press Run, or the space bar."),
        RunState.PAUSED: ("" if run is None else run.move_sentence(run.history.step))
        or tr("Go on with Run, Step or Epoch."),
        RunState.FAILED: tr("The steps so far are still here."),
    }.get(state, "")
    words = tr("{state}. {hint}").format(state=state_words(state), hint=hint).rstrip()
    if state is RunState.READY and run is not None and run.edits_sentence:
        words = paragraph(words, run.edits_sentence)
    return words

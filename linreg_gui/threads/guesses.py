"""The line that a person draws by hand, and the lines that are kept."""

from copy import copy

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.runs.guess import KeptGuess, ShownGuesses, first_line, within_limits
from linreg_gui.runs.kept_list import KeptList
from linreg_gui.runs.run import Run, poses_same_problem
from linreg_gui.sessions.state import SavedGuesses
from linreg_gui.settings import TrainingConfig
from linreg_gui.threads.controller import TrainingController

MOST_GUESSES = 24
"""Nobody could tell more lines apart."""


class Guesses(QObject):
    """Owns the line in hand and the kept ones. Lives in the GUI thread.

    They outlive every Reset, and examples that are edited one by one. Another problem gets a line
    of its own; the kept ones of the former problem are not drawn until it is back.

    Attributes
    ----------
    line : ndarray, shape (d + 1,), float64, or None
        The line in hand: weights, then bias, in the units of the data. Change it with `move`.
    kept : KeptList of KeptGuess
        The newest last.
    is_drawing : bool
        Whether somebody draws now: the panel is open. Otherwise only the kept lines are shown.
    is_revealed : bool
        Whether least squares may be seen while somebody draws.
    draws_residuals, draws_squares : bool
        As in `ShownGuesses`.

    Signals
    -------
    moved()
        `line` has moved.
    changed()
        Anything else has changed, maybe `line` too.
    """

    moved = Signal()
    changed = Signal()

    def __init__(self, controller: TrainingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.line: DoubleArray | None = None
        self.kept = KeptList[KeptGuess]()
        self.is_drawing = False
        self.is_revealed = False
        self.draws_residuals, self.draws_squares = True, False
        self._controller = controller
        self._config: TrainingConfig | None = None
        self._fitting: set[KeptGuess] = set()
        self._count = 0
        controller.run_prepared.connect(self._follow)
        self._follow()

    @property
    def shown(self) -> ShownGuesses:
        """Return what the pictures show."""
        return ShownGuesses(
            mine=self.line if self.is_drawing else None,
            kept=tuple(kept for kept in self.kept if kept.is_shown and self.fits(kept)),
            hides_solution=self.is_drawing and not self.is_revealed,
            draws_residuals=self.draws_residuals,
            draws_squares=self.draws_squares,
        )

    def fits(self, kept: KeptGuess) -> bool:
        """Return whether ``kept`` was made for the problem on screen."""
        run = self._controller.run
        is_followed = run is not None and run.config is self._config
        return is_followed and kept in self._fitting  # others may hear of a new run before

    @Slot(object)
    def move(self, parameters: DoubleArray) -> None:
        """Move the line in hand there, as far as a run could start there."""
        wanted = within_limits(parameters)
        if self.line is None or wanted.shape != self.line.shape:
            return  # it was meant for other data
        if not np.array_equal(wanted, self.line):
            self.line = wanted
            self.moved.emit()

    def set_parameter(self, index: int, value: float) -> None:
        """Change one parameter of the line in hand, the bias last."""
        if self.line is not None:
            wanted = self.line.copy()
            wanted[index] = value
            self.move(wanted)

    def draw(self, *, drawing: bool) -> None:
        """Take the line in hand, or put it away."""
        self.is_drawing = drawing
        self.changed.emit()

    def reveal(self, *, revealed: bool) -> None:
        """Let least squares be seen while somebody draws, or hide it."""
        self.is_revealed = revealed
        self.changed.emit()

    def show_residuals(self, *, lines: bool, squares: bool) -> None:
        """Draw the residuals of the line in hand as lines, as squares, as both, or not at all."""
        self.draws_residuals, self.draws_squares = lines, squares
        self.changed.emit()

    @Slot()
    def start_from_line(self) -> None:
        """Let the run start from the line in hand, as `TrainingController.move_start` does."""
        if self.line is not None:
            self._controller.move_start(dict(enumerate(self.line.tolist())))

    @property
    def is_full(self) -> bool:
        """Return whether there is no room for another line."""
        return len(self.kept) >= MOST_GUESSES

    def keep(self, name: str) -> None:
        """Keep the line in hand under a name that a person typed; nothing if there is no room."""
        if self.line is None or self._config is None or self.is_full:
            return
        self._count += 1
        kept = KeptGuess(self.line, self._config, self._count, self.kept.free_color())
        kept.rename(name)
        self.kept.append(kept)
        self._fitting.add(kept)
        self.changed.emit()

    def rename(self, kept: KeptGuess, text: str) -> None:
        """Give ``kept`` another name."""
        kept.rename(text)
        self.changed.emit()

    def set_shown(self, kept: KeptGuess, *, shown: bool) -> None:
        """Draw ``kept`` in the pictures, or do not."""
        kept.is_shown = shown
        self.changed.emit()

    def delete(self, kept: KeptGuess) -> None:
        """Delete ``kept``; `restore` brings it back."""
        self.kept.delete(kept)
        self.changed.emit()

    @property
    def can_restore(self) -> bool:
        """Return whether there is a deleted line to bring back, and room for it."""
        return self.kept.deleted is not None and not self.is_full

    @Slot()
    def restore(self) -> None:
        """Bring back the last deleted line."""
        if self.can_restore:
            self.kept.restore()
            self.changed.emit()

    def saved(self) -> SavedGuesses:
        """Return the lines as a session has them."""
        return SavedGuesses(
            line=self.line,
            kept=tuple(map(copy, self.kept)),
            is_revealed=self.is_revealed,
            draws_residuals=self.draws_residuals,
            draws_squares=self.draws_squares,
        )

    def put_back(self, saved: SavedGuesses) -> None:
        """Have the lines of a session, whose run is on screen, in place of all there are."""
        self.kept = KeptList[KeptGuess](map(copy, saved.kept))
        self._count = max((kept.number for kept in self.kept), default=0)
        self._follow()  # gives the problem a line of its own
        if saved.line is not None and self.line is not None and saved.line.shape == self.line.shape:
            self.line = within_limits(saved.line)
        self.is_revealed = saved.is_revealed
        self.draws_residuals, self.draws_squares = saved.draws_residuals, saved.draws_squares
        self.changed.emit()

    @Slot()
    def _follow(self) -> None:
        """Begin with a line of its own for another problem; keep the line after a Reset."""
        run = self._controller.run
        if run is None:
            return
        if self._config is None or not _is_for(self._config, run.config):
            self.line, self.is_revealed = _first_line(run), False
        self._config = run.config
        known = [*self.kept, *([] if self.kept.deleted is None else [self.kept.deleted])]
        self._fitting = {kept for kept in known if _is_for(kept.config, run.config)}
        self.changed.emit()


def _is_for(config: TrainingConfig, other: TrainingConfig) -> bool:
    """Return whether a line for ``config`` is one for ``other``, even if points were moved."""
    return poses_same_problem(config, other, before_edits=True)


def _first_line(run: Run) -> DoubleArray:
    mean = run.problem.moments.target_mean
    return within_limits(first_line(run.problem.training, mean, run.dataset.dimension))

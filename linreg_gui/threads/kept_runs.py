"""The finished runs that are kept to compare."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from linreg_gui.runs.kept_list import KeptList
from linreg_gui.runs.run import KeptRun, Run
from linreg_gui.runs.states import RunState
from linreg_gui.threads.controller import TrainingController

MOST_RUNS = 24
"""Nobody could tell more runs apart. A new one replaces the oldest that is not pinned."""

_KEPT = frozenset({RunState.COMPLETED, RunState.STOPPED, RunState.DIVERGED})


class KeptRuns(QObject):
    """Keeps each run that was completed, was stopped or diverged. Lives in the GUI thread.

    Attributes
    ----------
    runs : KeptList of KeptRun
        The newest last.
    is_comparing : bool
        Whether new runs will be drawn over later ones.
    is_hidden : bool
        Whether none is drawn for now. Change it with `hide`.

    Signals
    -------
    changed()
        The list has changed, or a run in it.
    over_changed()
        `over` has changed, or the title of a run in it.
    """

    changed = Signal()
    over_changed = Signal()

    def __init__(self, controller: TrainingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs = KeptList[KeptRun]()
        self.is_comparing = self.is_hidden = False
        self._count = 0
        self._opened: tuple[int, int] | None = None  # the run of a session, and its last step
        self._over: list[tuple[KeptRun, str]] = []
        self._controller = controller
        self.changed.connect(self._note_over)
        controller.state_changed.connect(self._on_state_changed)
        controller.run_prepared.connect(self.changed)

    def over(self) -> list[KeptRun]:
        """Return the runs that are drawn over the one on screen; none while they are hidden."""
        return [] if self.is_hidden else self._wanted

    def hide(self, *, hidden: bool) -> None:
        """Draw no run over the one on screen for now, or those that are wanted again."""
        self.is_hidden = hidden
        self.changed.emit()

    @property
    def _wanted(self) -> list[KeptRun]:
        return [
            kept
            for kept in self.runs
            if kept.is_shown and not self.is_on_screen(kept) and not self.obstacle(kept)
        ]

    def is_on_screen(self, kept: KeptRun) -> bool:
        """Return whether ``kept`` is the run that is drawn anyway."""
        current = self._controller.run
        return current is not None and kept.run.number == current.number

    def obstacle(self, kept: KeptRun) -> str:
        """Say why ``kept`` cannot be drawn over the run on screen; empty if it can."""
        current = self._controller.run
        return kept.difference_from(current.config) if current is not None else ""

    def rename(self, kept: KeptRun, text: str) -> None:
        """Give ``kept`` another name, as `KeptRun.rename` does."""
        kept.rename(text)
        self.changed.emit()

    def set_shown(self, *runs: KeptRun, shown: bool) -> None:
        """Draw ``runs`` over the one on screen, or stop drawing them."""
        for kept in runs:
            kept.is_shown = shown
        self.changed.emit()

    @Slot()
    def begin_comparing(self) -> None:
        """Draw each new run from now on, and all there are unless some are drawn already."""
        self.is_comparing = True
        if not self._wanted:
            self.set_shown(*self.runs, shown=True)

    @Slot()
    def end_comparing(self) -> None:
        """Draw no new runs. Those on show stay until `clear_over`."""
        self.is_comparing = False

    @Slot()
    def clear_over(self) -> None:
        """Draw no run over the one on screen."""
        self.set_shown(*self.runs, shown=False)

    def set_pinned(self, kept: KeptRun, *, pinned: bool) -> None:
        """Keep ``kept`` even when room is needed, or let it go then."""
        kept.is_pinned = pinned
        self.changed.emit()

    def delete(self, kept: KeptRun) -> None:
        """Delete ``kept``; `restore` brings it back."""
        self.runs.delete(kept)
        self.changed.emit()

    def retell(self) -> None:
        """Have in the language of now what was said of the runs."""
        for kept in (*self.runs, *filter(None, [self.runs.deleted])):
            kept.run.retell()

    @property
    def is_full(self) -> bool:
        """Return whether there is no room for a new run, because all are pinned."""
        return len(self.runs) >= MOST_RUNS and all(kept.is_pinned for kept in self.runs)

    @property
    def can_restore(self) -> bool:
        """Return whether there is a deleted run to bring back."""
        return self.runs.deleted is not None

    def restore(self) -> None:
        """Bring back the last deleted run."""
        if self.can_restore:
            self.runs.restore()
            self.changed.emit()

    def put_back(self, runs: Sequence[KeptRun]) -> None:
        """Keep ``runs``, of a session, in place of all there are."""
        self.runs = KeptList[KeptRun](runs)
        self.retell()  # as the language may have changed meanwhile
        self._count = max((kept.number for kept in runs), default=0)
        run = self._controller.run
        self._opened = (run.number, run.history.step) if run is not None else None
        self.changed.emit()

    @Slot()
    def _on_state_changed(self) -> None:
        run, state = self._controller.current_run, self._controller.state
        if state not in _KEPT or run is None or not run.history.step:
            return
        if (run.number, run.history.step) == self._opened:
            return  # whether it is kept was decided before
        deleted = self.runs.deleted
        if deleted is not None and deleted.run.number == run.number:
            self.restore()
        for kept in self.runs:
            if kept.run.number == run.number:  # it was trained further
                kept.run, kept.state = run.reduced(), state
                break
        else:
            self._add(run, state)
        self.changed.emit()

    def _add(self, run: Run, state: RunState) -> None:
        while len(self.runs) >= MOST_RUNS and not self.is_full:
            self.runs.remove(next(kept for kept in self.runs if not kept.is_pinned))
        if not self.is_full:
            self._count += 1
            color, shown = self.runs.free_color(), self.is_comparing
            self.runs.append(KeptRun(run.reduced(), self._count, state, color, is_shown=shown))

    @Slot()
    def _note_over(self) -> None:
        over = [(kept, kept.title) for kept in self.over()]
        if over != self._over:
            self._over = over
            self.over_changed.emit()

"""The examples that a person has picked."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal, Slot

from linreg_gui.settings import TrainingConfig
from linreg_gui.threads.controller import TrainingController

Places = npt.NDArray[np.int64]


class Brush(QObject):
    """Knows which examples are picked, by their places among all examples. Lives in the GUI thread.

    So a pick stays with its example whichever examples are held out, drawn, or in a minibatch, and
    at every step. Examples of other data are other examples: then nothing is picked.

    Attributes
    ----------
    places : ndarray of int
        Where the picked examples stand among all of them, from 0, ascending.
    is_off : bool
        Whether nothing can be picked: a person draws examples that the run does not have.

    Signals
    -------
    changed()
        `places` have changed.
    """

    changed = Signal()

    def __init__(self, controller: TrainingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.places: Places = np.empty(0, np.int64)
        self.is_off = False
        self._controller = controller
        self._drawn_from = self._examples()
        controller.run_prepared.connect(self._on_run_prepared)

    def pick(self, places: Iterable[int], *, extends: bool = False) -> None:
        """Pick exactly the examples at ``places``.

        If it ``extends``, those picked before stay, unless all of ``places`` were: then these are
        let go.
        """
        wanted = np.unique(np.fromiter(() if self.is_off else places, np.int64))
        if extends:
            were_picked = len(wanted) and np.isin(wanted, self.places).all()
            join = np.setdiff1d if were_picked else np.union1d
            wanted = join(*((self.places, wanted)))
        if not np.array_equal(wanted, self.places):
            self.places = wanted
            self.changed.emit()

    @Slot()
    def clear(self) -> None:
        """Let all examples go."""
        self.pick(())

    def _examples(self) -> tuple[object, ...]:
        run = self._controller.run
        return () if run is None else _drawn_from(run.config)

    @Slot()
    def _on_run_prepared(self) -> None:
        former, self._drawn_from = self._drawn_from, self._examples()
        if self._drawn_from != former:
            self.clear()


def _drawn_from(config: TrainingConfig) -> tuple[object, ...]:
    """Return what decides which examples there are, and in which order."""
    if config.origin is not None:
        return (config.origin,)  # edited examples keep their places
    return config.examples, config.features, config.seed

"""The examples of the data picture in the hand of a person: moved, added, removed."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent

from linreg_gui.look.keys import ARROWS
from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.picking import Picker

_KEYS_ACROSS = 100
"""This many presses of a key move an example from one edge of the picture to the other."""


Places = npt.NDArray[np.int64]


class PointHandle(QObject):
    """Turns gestures on a canvas into changes of examples, while it is on.

    Parameters
    ----------
    canvas : Canvas
        The picture.
    picker : Picker
        Finds the example at a place, and picks the one that is taken hold of.
    picked : callable
        Returns the places of the picked examples.

    Attributes
    ----------
    is_on : bool
        Whether examples can be changed.

    Signals
    -------
    moved(ndarray of int, float, float, bool)
        The examples at these places should be so far along x and y from where they were when this
        move began; True if it begins now.
    added(float, float)
        There should be an example here, in the coordinates of the axes.
    add_withdrawn()
        There should not: it was the first half of a double click.
    removed(ndarray of int)
        The examples at these places should go.
    """

    moved = Signal(object, float, float, bool)
    added = Signal(float, float)
    add_withdrawn = Signal()
    removed = Signal(object)

    def __init__(self, canvas: Canvas, picker: Picker, picked: Callable[[], Places]) -> None:
        super().__init__(canvas)
        self.is_on = False
        self._canvas = canvas
        self._picker = picker
        self._picked = picked
        self._held: Places = np.empty(0, np.int64)
        self._from = (0.0, 0.0)
        self._begins = True
        self._has_added = False  # with the last click
        canvas.grips = self._grips
        canvas.grip_cursor = Qt.CursorShape.OpenHandCursor
        canvas.gripped.connect(self._on_gripped)
        canvas.dragged.connect(self._on_dragged)
        canvas.clicked.connect(self._on_clicked)
        canvas.click_doubled.connect(self._on_click_doubled)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Remove picked examples with Delete, or move them with Shift and an arrow key.

        Return whether the key was one of these.
        """
        picked = self._picked()
        if not self.is_on or not self._canvas.hasFocus() or not len(picked):
            return False
        direction = ARROWS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Delete:
            self.removed.emit(picked)
        elif direction is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            spans = (high - low for low, high in (self._canvas.x_range, self._canvas.y_range))
            across, up = (
                sign * span / _KEYS_ACROSS for sign, span in zip(direction, spans, strict=True)
            )
            self.moved.emit(picked, across, up, True)
        else:
            return False
        return True

    def _grips(self, place: QPointF) -> bool:
        if not self.is_on:
            return False
        point = self._canvas.view.mapSceneToView(place)
        return len(self._picker.at(point.x(), point.y())) > 0

    @Slot(float, float)
    def _on_gripped(self, x: float, y: float) -> None:
        """Hold the example here, and with it the others if it is one of several picked ones."""
        here, picked = self._picker.at(x, y), self._picked()
        if not np.isin(here, picked).any():
            self._picker.picked.emit(here, False)
            picked = here
        self._held, self._from, self._begins = picked, (x, y), True

    @Slot(float, float)
    def _on_dragged(self, x: float, y: float) -> None:
        begins, self._begins = self._begins, False
        self.moved.emit(self._held, x - self._from[0], y - self._from[1], begins)

    @Slot(float, float, bool)
    def _on_clicked(self, x: float, y: float, extends: bool) -> None:
        self._has_added = self.is_on and not extends and not len(self._picker.at(x, y))
        if self._has_added:
            self.added.emit(x, y)

    @Slot()
    def _on_click_doubled(self) -> None:
        if self._has_added:
            self.add_withdrawn.emit()

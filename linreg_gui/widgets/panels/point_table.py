"""The points that are edited, in a table whose cells can be typed."""

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QTableView

from linreg_gui.data.dataset import Dataset
from linreg_gui.look.controls import RIGHT
from linreg_gui.look.scale import px
from linreg_gui.number_text import parse_real, significant, typed, whole
from linreg_gui.texts import tr
from linreg_gui.widgets.tables.table_views import Index, ReadOnlyTable

_ROW_HEIGHT = 24
_NARROWEST = 88
"""A column whose numbers can be typed; that of the rows is as wide as its cells."""

_GRID_LINE = 1
"""A cell is so much narrower than its column."""

_DIGITS = 5
"""Significant digits on show, and all of those before the point. A person edits all of them."""


class PointTable(ReadOnlyTable):
    """Some of the points, one in each row: where it stands, its features, its target.

    Signals
    -------
    typed(int, int, float)
        The point at this place should have another number: in which column, the target last.
    refused(str)
        What was typed is no number, and why.
    went_to(int)
        A person has gone to the point at this place.
    remove_wanted()
        A person has pressed Delete.
    """

    typed = Signal(int, int, float)
    refused = Signal(object)
    went_to = Signal(int)
    remove_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Points"), _ROW_HEIGHT)
        self._model = _PointModel()
        self._model.typed.connect(self.typed)
        self._model.refused.connect(self.refused)
        self.setModel(self._model)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        triggers = QTableView.EditTrigger
        self.setEditTriggers(
            triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed
        )
        self.horizontalHeader().setResizeContentsPrecision(0)  # measure only what can be seen
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self._model.modelReset.connect(self._fit)
        self.selectionModel().currentRowChanged.connect(self._on_row_changed)

    def show_points(
        self, dataset: Dataset, places: npt.NDArray[np.int64], picked: npt.NDArray[np.int64]
    ) -> None:
        """Show the points at ``places`` of ``dataset``, and mark those that are ``picked``."""
        self._model.show_points(dataset, places, picked)

    def go_to(self, place: int) -> None:
        """Bring the point at ``place`` into sight, if it is here."""
        row = int(np.searchsorted(self._model.places, place))
        if row < len(self._model.places) and self._model.places[row] == place:
            self.scrollTo(self._model.index(row, 0))

    def text(self, row: int, column: int) -> str:
        """Return what a cell shows."""
        return str(self._model.index(row, column).data())

    @Slot(QModelIndex, QModelIndex)
    def _on_row_changed(self, current: QModelIndex, _former: QModelIndex) -> None:
        if current.isValid() and self.hasFocus():
            self.went_to.emit(int(self._model.places[current.row()]))

    @Slot()
    def _fit(self) -> None:
        """Make each column as wide as its cells; the last one takes what is left."""
        self.resizeColumnsToContents()
        for column in range(1, self._model.columnCount()):
            self.setColumnWidth(column, max(self.columnWidth(column), px(_NARROWEST)))
        if len(self._model.places):  # any row may be picked later, or scrolled to
            last, metrics = self._model.index(len(self._model.places) - 1, 0), self.fontMetrics()
            wider = _picked_row(int(self._model.places[-1]))
            needed = self.sizeHintForIndex(last).width() + metrics.horizontalAdvance(wider)
            needed -= metrics.horizontalAdvance(last.data()) - _GRID_LINE
            self.setColumnWidth(0, max(self.columnWidth(0), needed))
        spare = self.viewport().width() - self.horizontalHeader().length()
        final = self._model.columnCount() - 1
        self.setColumnWidth(final, self.columnWidth(final) + max(spare, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the new width."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Take the key for removing before the window does."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Delete
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remove with Delete, and type with Enter."""
        if self.state() == QTableView.State.EditingState:
            return  # what the field has left over
        if event.key() == Qt.Key.Key_Delete:
            self.remove_wanted.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.edit(self.currentIndex())
        elif not event.text().isalpha():  # letters are keys of the window
            super().keyPressEvent(event)
        else:
            event.ignore()


class _PointModel(QAbstractTableModel):
    typed = Signal(int, int, float)
    refused = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.places: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._picked: set[int] = set()
        self._headings: list[str] = [tr("row")]
        self._values = np.empty((0, 0))

    def show_points(
        self, dataset: Dataset, places: npt.NDArray[np.int64], picked: npt.NDArray[np.int64]
    ) -> None:
        """Show other points; if they are the same ones, only their cells change."""
        rows = dataset.rows_at(places)
        values = np.column_stack([dataset.features[rows], dataset.target[rows]])
        headings = [tr("row"), *dataset.feature_names, dataset.target_name]
        is_same = np.array_equal(places, self.places) and headings == self._headings
        if not is_same:
            self.beginResetModel()
        self.places, self._values, self._headings = places, values, headings
        self._picked = set(picked.tolist())
        if not is_same:
            self.endResetModel()
        elif len(places):
            last = self.index(len(places) - 1, len(headings) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.places)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._headings)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return None
        if index.column() == 0:
            place = int(self.places[index.row()])
            return _picked_row(place) if place in self._picked else whole(place)
        value = float(self._values[index.row(), index.column() - 1])
        if role == Qt.ItemDataRole.EditRole:
            return typed(value)
        return significant(value, max(_DIGITS, len(f"{abs(value):.0f}")))

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or value == index.data(Qt.ItemDataRole.EditRole):
            return False
        try:
            number = parse_real(str(value))
        except ValueError as error:
            self.refused.emit(str(error))
            return False
        self.typed.emit(int(self.places[index.row()]), index.column() - 1, number)
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT
        return None


def _picked_row(place: int) -> str:
    return f"● {whole(place)}"

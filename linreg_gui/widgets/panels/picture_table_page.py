"""The numbers of the picture on the stage, as a table to read and to copy."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QTableView, QVBoxLayout, QWidget

from linreg_gui.look.controls import LEFT, RIGHT, fill, text_label
from linreg_gui.plots.picture_table import PictureTable
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.texts import tr
from linreg_gui.widgets.session import Session
from linreg_gui.widgets.tables.table_views import Index, ReadOnlyTable

_ROW_HEIGHT = 24


class PictureTablePage(QWidget):
    """The table of the picture on the stage, read again at each `refresh` while it can be seen.

    Attributes
    ----------
    view : PictureTableView
        The table.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._picture: RunPlot | None = None
        self._note = text_label("muted")
        self._soon = QTimer(self, singleShot=True, interval=0)  # a layout changes a view repeatedly
        self._soon.timeout.connect(self.refresh)
        self.view = PictureTableView()
        fill(QVBoxLayout(self), self._note, self.view, stretch=self.view)
        self.view.rows_chosen.connect(self._on_rows_chosen)
        session.picks_changed.connect(self._show_picked)
        session.stage_changed.connect(self._follow_stage)
        self._follow_stage()

    @Slot()
    def refresh(self) -> None:
        """Show what the picture shows now."""
        picture = self._picture
        if picture is None or not self.isVisible():
            return
        table = picture.table()
        note = table.note if table.size else tr("This picture has no numbers yet.")
        self._note.setText(tr("{title}: {words}").format(title=picture.title, words=note))
        self.view.setAccessibleName(tr("Table of the picture: {title}").format(title=picture.title))
        self.view.setAccessibleDescription(note)
        self.view.show_table(table)

    @Slot()
    def _show_picked(self) -> None:
        """Mark the picked examples, and go to the first one unless the table has the focus."""
        self.refresh()
        if self.isVisible() and not self.view.hasFocus():
            self.view.go_to_picked()

    @Slot(object, bool)
    def _on_rows_chosen(self, rows: list[int], extends: bool) -> None:
        places = self.view.table.places
        if places is not None:
            self._session.pick(places[rows], extends)

    @Slot()
    def _follow_stage(self) -> None:
        """Show the picture that is on the stage now, and all that it shows after a zoom."""
        if self._picture is not None:
            self._picture.canvas.view_changed.disconnect(self._soon.start)
        self._picture = self._session.picture
        if self._picture is not None:
            self._picture.canvas.view_changed.connect(self._soon.start)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what the picture shows now."""
        super().showEvent(event)
        self.refresh()


class PictureTableView(ReadOnlyTable):
    """A `PictureTable`. Cells can be selected, and copied with their headings.

    Signals
    -------
    rows_chosen(list of int, bool)
        A person has pressed Enter in these rows, or double-clicked one; True with Shift.
    """

    rows_chosen = Signal(object, bool)

    def __init__(self) -> None:
        super().__init__(tr("Table of the picture"), _ROW_HEIGHT)
        self._model = _PictureTableModel()
        self.setModel(self._model)
        self.setSelectionMode(QTableView.SelectionMode.ContiguousSelection)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().setResizeContentsPrecision(0)  # measure only what can be seen
        self.verticalScrollBar().valueChanged.connect(self._widen)

    def show_table(self, table: PictureTable) -> None:
        """Show ``table``. What is selected and in sight stays, if it has the same columns."""
        is_other = table.headings != self._model.table.headings
        self._model.show_table(table)
        if is_other:
            self.resizeColumnsToContents()
        self._widen()

    @property
    def table(self) -> PictureTable:
        """Return what is shown."""
        return self._model.table

    def go_to_picked(self) -> None:
        """Bring the first picked example into sight."""
        picked = self.table.picked
        if picked is not None and picked.any():
            self.scrollTo(self._model.index(int(picked.argmax()), 0))

    def cell_to_copy(self, row: int, column: int) -> str:
        """Return a cell as another program reads it."""
        return self._model.table.columns[column].copied(row)

    @Slot()
    def _widen(self) -> None:
        """Make each column as wide as the cells in sight and the heading; never narrower."""
        for column in range(self._model.columnCount()):
            needed = max(
                self.sizeHintForColumn(column),
                self.horizontalHeader().sectionSizeHint(column),
            )
            if needed > self.columnWidth(column):
                self.setColumnWidth(column, needed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pick the examples of what is selected."""
        rows = sorted({cell.row() for cell in self.selectedIndexes()})
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.table.places is not None:
            self.rows_chosen.emit(rows, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Pick the example in the row."""
        row = self.rowAt(round(event.position().y()))
        if row >= 0:
            extends = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.rows_chosen.emit([row], bool(extends))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room for the cells that have come into sight."""
        super().resizeEvent(event)
        self._widen()


class _PictureTableModel(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.table = PictureTable()

    def show_table(self, table: PictureTable) -> None:
        """Show ``table``; with the same columns only the cells change, and rows at the end."""
        former, size, root = self.table, table.size, QModelIndex()
        if table.headings != former.headings:
            self.beginResetModel()
            self.table = table
            self.endResetModel()
            return
        if size > former.size:
            self.beginInsertRows(root, former.size, size - 1)
            self.table = table
            self.endInsertRows()
        elif size < former.size:
            self.beginRemoveRows(root, size, former.size - 1)
            self.table = table
            self.endRemoveRows()
        self.table = table
        if size:
            last = self.index(size - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self.table.size

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.table.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self.table.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.shown(index.row())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column.is_numeric else LEFT
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        column = self.table.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.heading
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column.is_numeric else LEFT
        return None

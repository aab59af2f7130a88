"""A table's first rows, as they are written."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from linreg_gui.data.table import Table
from linreg_gui.data.table_columns import Column, Kind
from linreg_gui.data.table_records import Record
from linreg_gui.texts import tr

ROWS = 8

_MOST_LETTERS = 60
_MOST_TIP_LETTERS = 600
_NARROWEST, _USUAL, _WIDEST = 56, 120, 224
_MOST_FITTED = 24
"""So many columns are made as wide as their cells; to measure a thousand takes long."""

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex


class TablePreview(QTableView):
    """Shows the first rows under the columns' names; numbers stand on the right."""

    def __init__(self) -> None:
        super().__init__()
        self._model = _PreviewModel(self)
        self.setModel(self._model)
        self.setAccessibleName(tr("First rows"))
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(24)
        header = self.horizontalHeader()
        header.setDefaultSectionSize(_USUAL)
        header.setMinimumSectionSize(_NARROWEST)
        header.setMaximumSectionSize(_WIDEST)
        header.setHighlightSections(False)

    def show_table(self, table: Table | None) -> None:
        """Show what has been read; nothing of None."""
        self._model.show_table(table)
        for column in range(min(self._model.columnCount(), _MOST_FITTED)):
            self.resizeColumnToContents(column)


class _PreviewModel(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._rows: list[Record] = []

    def show_table(self, table: Table | None) -> None:
        self.beginResetModel()
        self._columns = table.columns if table else ()
        self._rows = table.preview(ROWS) if table else []
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        return _shown(row[column], role) if column < len(row) else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return _shown(self._columns[section].name, role)

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        return _RIGHT if self._columns[column].kind is Kind.NUMBER else _LEFT


def _shown(text: str, role: int) -> str | None:
    if role == Qt.ItemDataRole.DisplayRole:
        return " ".join(text[:_MOST_LETTERS].split())
    is_long = len(text) > _MOST_LETTERS // 3
    return text[:_MOST_TIP_LETTERS] if is_long and role == Qt.ItemDataRole.ToolTipRole else None

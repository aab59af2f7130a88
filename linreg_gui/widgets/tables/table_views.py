"""The two views of a table that is imported: its first rows, and its columns to choose from."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from linreg_gui.export.csv_file import Verbatim
from linreg_gui.look.controls import LEFT, RIGHT
from linreg_gui.look.plain import plain
from linreg_gui.look.scale import keep_scaled, px, scale_factor
from linreg_gui.look.table_copy import Rows, TableCopier
from linreg_gui.number_text import significant, whole
from linreg_gui.tables.columns import Column
from linreg_gui.tables.layout import Record
from linreg_gui.tables.number_formats import DataType
from linreg_gui.tables.table import Table
from linreg_gui.texts import (
    breakable,
    cleaned,
    foldable,
    paragraph,
    shortened,
    shortened_inside,
    tr,
)

FEATURE, TARGET, NAME, MISSING, CONTENTS = range(5)
PREVIEW_ROWS = 8
PREVIEW_ROW_HEIGHT = 24

_MAX_LETTERS = 60
_MAX_TIP_LETTERS = 600
_NARROWEST, _USUAL, _WIDEST = 56, 120, 224
_MAX_FITTED = 24
"""How many columns are made as wide as their cells; measuring a thousand takes long."""

_WIDTHS = {FEATURE: 72, TARGET: 64, MISSING: 80}
_LEAST_NAME, _NAME_SHARE = 96, 0.33
"""The least width of the column with names, and its share of what the others leave."""

_LEAST_REST = 220
"""With less room than this for names and contents, the numbers of missing cells are left out."""

_ROWS_AT_ONCE = 20
_LEAST_HEIGHT = 32
_NAME_LETTERS = 26

_DIGITS = 6
_MARK = 16
_TICK = (QPointF(4, 8), QPointF(7, 11), QPointF(12, 5))

Index = QModelIndex | QPersistentModelIndex


class ReadOnlyTable(QTableView):
    """A table in which nothing is selected or edited, with rows of a fixed height.

    It can be copied, with its headings: all of it, or what is selected where a subclass allows
    that. A single cell is copied alone.
    """

    def __init__(self, name: str, row_height: int) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        keep_scaled(self.verticalHeader(), setDefaultSectionSize=row_height)
        self.horizontalHeader().setHighlightSections(False)
        TableCopier(self, self.all_cells, self.selected_cells)

    def all_cells(self) -> Rows:
        """Return the headings and all rows."""
        model = self.model()
        return self._cells([*range(model.rowCount())], [*range(model.columnCount())])

    def selected_cells(self) -> Rows:
        """Return the rows and columns of what is selected, with headings above several cells."""
        cells = self.selectedIndexes()
        if len(cells) == 1:
            return [[self.cell_to_copy(cells[0].row(), cells[0].column())]]
        rows, columns = {cell.row() for cell in cells}, {cell.column() for cell in cells}
        return self._cells(sorted(rows), sorted(columns)) if cells else []

    def cell_to_copy(self, row: int, column: int) -> str:
        """Return a cell as it can be edited, or else as it is shown."""
        index = self.model().index(row, column)
        editable = index.data(Qt.ItemDataRole.EditRole)
        return str((index.data() if editable is None else editable) or "")

    def _cells(self, rows: Sequence[int], columns: Sequence[int]) -> Rows:
        model = self.model()
        headings = [
            str(model.headerData(column, Qt.Orientation.Horizontal) or "") for column in columns
        ]
        return [headings, *([self.cell_to_copy(row, column) for column in columns] for row in rows)]


class TablePreview(ReadOnlyTable):
    """Shows the first rows below the names of the columns; numbers are aligned right.

    Names that may be numbers are shown in both places, pale as a row.
    """

    def __init__(self) -> None:
        super().__init__(tr("First rows"), PREVIEW_ROW_HEIGHT)
        self._model = _PreviewModel()
        self.setModel(self._model)
        self.setWordWrap(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        keep_scaled(
            header,
            setDefaultSectionSize=_USUAL,
            setMinimumSectionSize=_NARROWEST,
            setMaximumSectionSize=_WIDEST,
        )

    def show_table(self, table: Table | None) -> None:
        """Show what has been read; nothing if it is None."""
        self._model.show_table(table)
        self._fit()

    def cell_to_copy(self, row: int, column: int) -> str:
        """Return a cell as it is in the file."""
        return Verbatim(self._model.text(row, column))

    def _fit(self) -> None:
        for column in range(min(self._model.columnCount(), _MAX_FITTED)):
            self.resizeColumnToContents(column)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()


class ColumnChooser(ReadOnlyTable):
    """Shows the columns with their properties, and a check box and a radio button for each.

    Signals
    -------
    choice_changed()
        A person chose other features or another target.
    """

    choice_changed = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Columns"), _LEAST_HEIGHT)
        self._model = _ColumnModel()
        self._model.choice_changed.connect(self.choice_changed)
        self.setModel(self._model)
        self.setItemDelegate(_ChoiceDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().setStretchLastSection(True)
        self._fitted = 0
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._fit_rows)

    @property
    def features(self) -> list[int]:
        """Return the indices of the chosen features, ascending."""
        return sorted(self._model.features)

    @property
    def target(self) -> int:
        """Return the index of the chosen target; −1 if there is none."""
        return self._model.target

    def cell_to_copy(self, row: int, column: int) -> str:
        """Return a cell as it is shown, or whether it is checked."""
        state = self._model.index(row, column).data(Qt.ItemDataRole.CheckStateRole)
        if state is None:
            return super().cell_to_copy(row, column)
        return tr("yes") if state == Qt.CheckState.Checked else tr("no")

    def show_columns(
        self, columns: tuple[Column, ...], features: set[int], target: int = -1
    ) -> None:
        """Show other columns, with these features and this target chosen."""
        self._model.show_columns(columns, features, target)
        self._fit()
        if columns:
            self.setCurrentIndex(self._model.index(min(features, default=0), FEATURE))

    def _fit(self) -> None:
        """Make columns and rows large enough for all words, which may take several lines."""
        rest = self.viewport().width()
        for column, width in _WIDTHS.items():
            fitting = max(px(width), self.horizontalHeader().sectionSizeHint(column))
            self.setColumnWidth(column, fitting)
            rest -= fitting
        self.setColumnHidden(MISSING, rest < px(_LEAST_REST))
        if self.isColumnHidden(MISSING):
            rest += self.horizontalHeader().sectionSizeHint(MISSING)
        least = max(px(_LEAST_NAME), self.horizontalHeader().sectionSizeHint(NAME))
        self.setColumnWidth(NAME, max(least, round(_NAME_SHARE * rest)))
        self._fitted = 0
        self._fit_rows()

    @Slot()
    def _fit_rows(self) -> None:
        """Fit some rows now, as many as can be in sight, and the others a little later."""
        rows = range(self._model.rowCount())[self._fitted :][:_ROWS_AT_ONCE]
        for row in rows:
            self.setRowHeight(row, max(px(_LEAST_HEIGHT), self.sizeHintForRow(row)))
        self._fitted += len(rows)
        if self._fitted < self._model.rowCount():
            self._later.start(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the size of the table."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()


class _PreviewModel(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self._columns: tuple[Column, ...] = ()
        self._rows: list[Record] = []
        self._unsure = 0

    def show_table(self, table: Table | None) -> None:
        self.beginResetModel()
        self._columns = table.columns if table else ()
        unsure = [table.unsure_header] if table and table.unsure_header else []
        self._unsure = len(unsure)
        self._rows = [*unsure, *table.sample][:PREVIEW_ROWS] if table else []
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = index.column()
        if role == Qt.ItemDataRole.ForegroundRole and index.row() < self._unsure:
            return QGuiApplication.palette().placeholderText()
        return self._shown(self.text(index.row(), column), column, role)

    def text(self, row: int, column: int) -> str:
        """Return a cell as it is in the file."""
        cells = self._rows[row]
        return cells[column] if column < len(cells) else ""

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        name = self._columns[section].name
        if role == Qt.ItemDataRole.DisplayRole:
            return shortened_inside(name, _NAME_LETTERS)
        return self._shown(name, section, role)

    def _shown(self, text: str, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if self._columns[column].data_type is DataType.NUMBER else LEFT
        if role == Qt.ItemDataRole.DisplayRole:
            return shortened(text[:_MAX_TIP_LETTERS], _MAX_LETTERS)
        is_tip = role == Qt.ItemDataRole.ToolTipRole and len(text) > _MAX_LETTERS // 3
        return plain(cleaned(text[:_MAX_TIP_LETTERS])) if is_tip else None


class _ColumnModel(QAbstractTableModel):
    """A row for each column of the table. A column that is refused has nothing to check."""

    choice_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._titles = [tr("Feature"), tr("Target"), tr("Column"), tr("Missing"), tr("Contents")]
        self._columns: tuple[Column, ...] = ()
        self.features: set[int] = set()
        self.target = -1

    def show_columns(self, columns: tuple[Column, ...], features: set[int], target: int) -> None:
        self.beginResetModel()
        self._columns, self.features, self.target = columns, features, target
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._columns)

    def columnCount(self, parent: Index | None = None) -> int:
        return len(self._titles)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        is_offered = not self._columns[index.row()].refusal
        if index.column() in {FEATURE, TARGET} and is_offered:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return self._titles[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column, place = self._columns[index.row()], index.column()
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            words = {
                NAME: lambda: breakable(column.name),
                MISSING: lambda: whole(column.missing),
                CONTENTS: lambda: foldable(_contents(column)),
            }
            text = words.get(place, str)()
            return plain(text) if role == Qt.ItemDataRole.ToolTipRole else text
        if role == Qt.ItemDataRole.CheckStateRole and self._is_checkable(index):
            row = index.row()
            is_checked = row in self.features if place == FEATURE else row == self.target
            return Qt.CheckState.Checked if is_checked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(place)
        if role == Qt.ItemDataRole.ForegroundRole and column.refusal:
            return QGuiApplication.palette().placeholderText()
        is_named = role == Qt.ItemDataRole.AccessibleTextRole and place in {FEATURE, TARGET}
        if not is_named:
            return None
        return tr("{title}: {words}").format(title=self._titles[place], words=column.name)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not self._is_checkable(index):
            return False
        if index.column() == TARGET:
            self.target = index.row()
        elif Qt.CheckState(value) is Qt.CheckState.Checked:
            self.features.add(index.row())
        else:
            self.features.discard(index.row())
        self.dataChanged.emit(self.index(0, FEATURE), self.index(self.rowCount() - 1, TARGET))
        self.choice_changed.emit()
        return True

    def _is_checkable(self, index: Index) -> bool:
        return bool(self.flags(index) & Qt.ItemFlag.ItemIsUserCheckable)


class _ChoiceDelegate(QStyledItemDelegate):
    """Draws check boxes and radio buttons in the middle of cells; a click anywhere counts."""

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        """Draw a cell; ``option`` is Any because PySide's types lack its attributes."""
        if index.column() not in {FEATURE, TARGET}:
            super().paint(painter, option, index)
            return
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None:
            return
        is_round, is_checked = index.column() == TARGET, state == Qt.CheckState.Checked
        palette = option.palette
        accent = palette.highlight().color()
        mark = QRectF(0, 0, px(_MARK), px(_MARK))
        mark.moveCenter(QRectF(option.rect).center())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(accent if is_round and is_checked else palette.placeholderText().color())
        painter.setBrush(palette.base())
        radius = px(_MARK) / 2 if is_round else px(3)
        painter.drawRoundedRect(mark.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        if is_checked and is_round:
            painter.setBrush(accent)
            painter.drawEllipse(mark.center(), px(4), px(4))
        elif is_checked:
            painter.setPen(QPen(palette.text().color(), px(2)))
            painter.drawPolyline([mark.topLeft() + point * scale_factor() for point in _TICK])
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(accent, px(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            around = px(5)
            place = mark.adjusted(-around, -around, around, around)
            painter.drawRoundedRect(place, around, around)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Check or uncheck on a click anywhere in the cell, or with the space bar."""
        is_space = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        is_click = isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton
        is_choice = (is_space and event.type() == QEvent.Type.KeyPress) or (
            is_click and event.type() == QEvent.Type.MouseButtonRelease
        )
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None or not is_choice:
            return False
        is_checked = state == Qt.CheckState.Checked
        wanted = Qt.CheckState.Unchecked if is_checked else Qt.CheckState.Checked
        return model.setData(index, wanted, Qt.ItemDataRole.CheckStateRole)


def _alignment(place: int) -> Qt.AlignmentFlag:
    if place in {FEATURE, TARGET}:
        return Qt.AlignmentFlag.AlignCenter
    return RIGHT if place == MISSING else LEFT


def _contents(column: Column) -> str:
    if column.refusal:
        return column.refusal
    if np.isnan(column.low):
        sentences = [tr("Numbers, none of them finite.")]
    elif column.is_constant:
        value = significant(column.low, _DIGITS)
        sentences = [tr("Numbers, always {value}.").format(value=value)]
    else:
        low, high = significant(column.low, _DIGITS), significant(column.high, _DIGITS)
        sentences = [tr("Numbers, {low} to {high}.").format(low=low, high=high)]
    if column.infinite:
        sentences.append(tr("{count} infinite.").format(count=whole(column.infinite)))
    return paragraph(*sentences, *column.notes)

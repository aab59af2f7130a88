"""A table's columns, one below the other: what each holds, and which are features and target."""

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
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from linreg_gui.number_text import significant, whole
from linreg_gui.tables.table import Column
from linreg_gui.texts import tr

FEATURE, TARGET, NAME, MISSING, CONTENTS = range(5)

_TITLES = ("Feature", "Target", "Column", "Missing", "Contents")
_WIDTHS = {FEATURE: 72, TARGET: 64, NAME: 184, MISSING: 80}
_HEIGHTS = (32, 40, 56)
"""Of rows with one, two and three lines."""

_LETTERS, _LETTERS_OF_NAME = 38, 20
"""In one line of contents, where the window is narrow, and of a name."""

_DIGITS = 6
_MARK = 16
_TICK = (QPointF(4, 8), QPointF(7, 11), QPointF(12, 5))

Index = QModelIndex | QPersistentModelIndex


class ColumnChooser(QTableView):
    """Shows the columns with their properties, and a check box and a radio button for each.

    Signals
    -------
    choice_changed()
        A person chose other features or another target.
    """

    choice_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._model = ColumnModel(self)
        self._model.choice_changed.connect(self.choice_changed)
        self.setModel(self._model)
        self.setItemDelegate(_ChoiceDelegate(self))
        self.setAccessibleName(tr("Columns"))
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(_HEIGHTS[0])
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)

    @property
    def features(self) -> list[int]:
        """Return the indices of the chosen features, ascending."""
        return sorted(self._model.features)

    @property
    def target(self) -> int:
        """Return the index of the chosen target; −1 where there is none."""
        return self._model.target

    def show_columns(
        self, columns: tuple[Column, ...], features: set[int], target: int = -1
    ) -> None:
        """Show other columns, of which these are chosen."""
        self._model.show_columns(columns, features, target)
        for row, column in enumerate(columns):
            lines = max(len(_contents(column)) // _LETTERS, len(column.name) // _LETTERS_OF_NAME)
            if lines:
                self.setRowHeight(row, _HEIGHTS[min(lines, 2)])
        if columns:
            self.setCurrentIndex(self._model.index(min(features, default=0), FEATURE))


class ColumnModel(QAbstractTableModel):
    """A row for each column of the table. One that cannot be chosen has nothing to check."""

    choice_changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self.features: set[int] = set()
        self.target = -1

    def show_columns(self, columns: tuple[Column, ...], features: set[int], target: int) -> None:
        """Show other columns, of which these are chosen."""
        self.beginResetModel()
        self._columns, self.features, self.target = columns, features, target
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many columns the table has."""
        return len(self._columns)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many properties are shown."""
        return len(_TITLES)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return whether there is anything to check."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        is_offered = not self._columns[index.row()].refusal
        if index.column() in {FEATURE, TARGET} and is_offered:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the title of a property."""
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return tr(_TITLES[section]) if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what stands in a cell, and how."""
        column, place = self._columns[index.row()], index.column()
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return _text(column, place)
        if role == Qt.ItemDataRole.CheckStateRole and self._is_checkable(index):
            return Qt.CheckState.Checked if self._is_checked(index) else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(place)
        if role == Qt.ItemDataRole.ForegroundRole and column.refusal:
            return QGuiApplication.palette().placeholderText()
        is_named = role == Qt.ItemDataRole.AccessibleTextRole and place in {FEATURE, TARGET}
        return f"{tr(_TITLES[place])}: {column.name}" if is_named else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Check or uncheck; another target takes the place of the former."""
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

    def _is_checked(self, index: Index) -> bool:
        row = index.row()
        return row in self.features if index.column() == FEATURE else row == self.target


class _ChoiceDelegate(QStyledItemDelegate):
    """Draws check boxes and radio buttons in the middle of cells, which answer as a whole."""

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        """Draw a cell; PySide's types do not know what an option holds."""
        if index.column() not in {FEATURE, TARGET}:
            super().paint(painter, option, index)
            return
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None:
            return
        mark = QRectF(0, 0, _MARK, _MARK)
        mark.moveCenter(QRectF(option.rect).center())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _draw_mark(
            painter,
            mark,
            option.palette,
            is_round=index.column() == TARGET,
            is_checked=state == Qt.CheckState.Checked,
        )
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(option.palette.highlight().color(), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(mark.adjusted(-5, -5, 5, 5), 5, 5)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Check or uncheck on a click anywhere in the cell, or with the space bar."""
        if index.column() not in {FEATURE, TARGET} or not _chooses(event):
            return False
        is_checked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        wanted = Qt.CheckState.Unchecked if is_checked else Qt.CheckState.Checked
        return model.setData(index, wanted, Qt.ItemDataRole.CheckStateRole)


def _chooses(event: QEvent) -> bool:
    if isinstance(event, QKeyEvent):
        return event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space
    return (
        isinstance(event, QMouseEvent)
        and event.type() == QEvent.Type.MouseButtonRelease
        and event.button() == Qt.MouseButton.LeftButton
    )


def _draw_mark(
    painter: QPainter, mark: QRectF, palette: QPalette, *, is_round: bool, is_checked: bool
) -> None:
    accent = palette.highlight().color()
    painter.setPen(accent if is_round and is_checked else palette.placeholderText().color())
    painter.setBrush(palette.base())
    radius = _MARK / 2 if is_round else 3
    painter.drawRoundedRect(mark.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    if is_checked and is_round:
        painter.setBrush(accent)
        painter.drawEllipse(mark.center(), 4, 4)
    elif is_checked:
        painter.setPen(QPen(palette.text().color(), 2))
        painter.drawPolyline([mark.topLeft() + point for point in _TICK])


def _alignment(column: int) -> Qt.AlignmentFlag:
    if column in {FEATURE, TARGET}:
        return Qt.AlignmentFlag.AlignCenter
    if column == MISSING:
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _text(column: Column, shown: int) -> str:
    if shown == NAME:
        return column.name
    if shown == MISSING:
        return whole(column.missing)
    return _contents(column) if shown == CONTENTS else ""


def _contents(column: Column) -> str:
    if column.refusal:
        return column.refusal
    infinite = (
        tr("{count} infinite.").format(count=whole(column.infinite)) if column.infinite else ""
    )
    return " ".join(filter(None, [_range(column), infinite, *column.notes]))


def _range(column: Column) -> str:
    if np.isnan(column.low):
        return tr("Numbers, none of them finite.")
    low, high = significant(column.low, _DIGITS), significant(column.high, _DIGITS)
    if column.is_constant:
        return tr("Numbers, always {value}.").format(value=low)
    return tr("Numbers, {low} to {high}.").format(low=low, high=high)

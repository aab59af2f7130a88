"""Copying a table, wherever one is on screen: Ctrl+C, and a menu under the right button."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QLocale, QObject, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QWidget

from linreg_gui.export.csv_file import Cell, copied_cell
from linreg_gui.look.scale import keep_scaled
from linreg_gui.texts import tr

Rows = Sequence[Sequence[Cell]]
"""Cells as they are shown, or with more digits; the first row has the headings."""


class TableCopier(QObject):
    """Lets a widget, and all in it that has the focus, copy its table as other programs read it.

    Cells are separated by tabs. Numbers have the decimal mark of the user's country, and no words
    are a formula.

    Parameters
    ----------
    widget : QWidget
        Shows the table.
    everything, selected : callable
        Return the whole table, and what is selected in it; without a selection no rows.
    """

    def __init__(
        self,
        widget: QWidget,
        everything: Callable[[], Rows],
        selected: Callable[[], Rows] = list,
    ) -> None:
        super().__init__(widget)
        self._widget = widget
        self._everything = everything
        self._selected = selected
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take the key for copying before the window does, and show the menu."""
        is_key = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Copy)
        is_menu = isinstance(event, QContextMenuEvent)
        rows = (self._selected() or self._everything()) if is_key or is_menu else ()
        if not rows:
            return False
        if isinstance(event, QContextMenuEvent):
            self._show_menu(event.globalPos())
        elif event.type() == QEvent.Type.KeyPress:
            copy_rows(rows)
        event.accept()
        return True

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self._widget)
        menu.aboutToHide.connect(menu.deleteLater)
        if selected := self._selected():
            action = menu.addAction(tr("Copy the selected cells"))
            action.triggered.connect(lambda: copy_rows(selected))
        action = menu.addAction(tr("Copy the table"))
        action.triggered.connect(lambda: copy_rows(self._everything()))
        menu.popup(place)


class LabelGrid(QWidget):
    """Labels in rows and columns, with so many pixels between them. A subclass fills ``grid``."""

    def __init__(self, across: int, down: int) -> None:
        super().__init__()
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        keep_scaled(self.grid, setHorizontalSpacing=across, setVerticalSpacing=down)

    def rows(self) -> Rows:
        """Return the table as it is shown."""
        return texts_of(self.grid)


def texts_of(grid: QGridLayout) -> Rows:
    """Return the labels on show in ``grid``, row by row; columns without any are left out.

    PySide never forgets an item of a layout that it has given to Python, and takes what Qt puts in
    the same place of the memory later for it; so none is asked for.
    """
    at: dict[tuple[int, int], QWidget] = {}
    for widget in grid.parentWidget().findChildren(
        QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly
    ):
        if (index := grid.indexOf(widget)) >= 0:
            place: Any = grid.getItemPosition(index)
            at[place[0], place[1]] = widget
    columns = sorted({column for (_, column), each in at.items() if isinstance(each, QLabel)})
    rows = sorted({row for (row, _), each in at.items() if not each.isHidden()})
    labels = {place: each.text() for place, each in at.items() if isinstance(each, QLabel)}
    return [[labels.get((row, column), "") for column in columns] for row in rows]


def copy_rows(rows: Rows) -> None:
    """Put a table on the clipboard."""
    decimal = QLocale.system().decimalPoint()
    lines = ("\t".join(copied_cell(cell, decimal) for cell in row) for row in rows)
    QGuiApplication.clipboard().setText("\n".join(lines))

"""A layout like text: widgets from left to right, in as many rows as they need."""

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget

from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import GRID


class FlowLayout(QLayout):
    """Places widgets side by side, and begins another row where there is no more room.

    Parameters
    ----------
    parent : QWidget
        The area to fill.
    spacing : int
        Pixels between widgets and between rows, at 100 %.
    after : QWidget, optional
        Stands where the first row begins. Another layout places it there.
    """

    def __init__(self, parent: QWidget, spacing: int = GRID, after: QWidget | None = None) -> None:
        super().__init__(parent)
        self._after = after
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        keep_scaled(self, setSpacing=spacing)

    def _place(self, rect: QRect, *, moves: bool) -> int:
        """Place the widgets in ``rect`` if ``moves``; return the height that they need."""
        gap = self.spacing()
        taken = self._taken
        x, y, height = rect.left() + taken.width(), rect.top(), taken.height()
        row: list[tuple[QLayoutItem, QRect]] = []
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if size.width() > rect.width():
                height_then = item.heightForWidth(rect.width())
                size = QSize(rect.width(), height_then if height_then > 0 else size.height())
            if x > rect.left() and x + size.width() > rect.left() + rect.width():
                self._align(row, rect, height, moves=moves)
                row = []
                x, y, height = rect.left(), y + height + gap, 0
            row.append((item, QRect(QPoint(x, y), size)))
            x += size.width() + gap
            height = max(height, size.height())
        self._align(row, rect, height, moves=moves)
        return y + height - rect.top()

    def _align(
        self, row: list[tuple[QLayoutItem, QRect]], room: QRect, height: int, *, moves: bool
    ) -> None:
        """Place a row in the direction of reading, each widget in the middle of its height."""
        direction = self.parentWidget().layoutDirection()
        for item, rect in row if moves else ():
            middle = rect.translated(0, (height - rect.height()) // 2)
            item.setGeometry(QStyle.visualRect(direction, room, middle))

    @property
    def _taken(self) -> QSize:
        """Return the room that is taken where the first row begins, with the gap behind it."""
        if self._after is None:
            return QSize(0, 0)
        size = self._after.sizeHint().expandedTo(self._after.minimumSize())
        return size.grownBy(QMargins(0, 0, self.spacing(), 0))

    def addItem(self, item: QLayoutItem) -> None:
        """Put ``item`` behind the others."""
        self._items.append(item)

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, or nothing."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        """Remove an item and return it."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Take no more room than needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Return that the number of rows depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all rows."""
        return self._place(QRect(0, 0, width, 0), moves=False)

    def sizeHint(self) -> QSize:
        """Prefer one row."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        gaps = self.spacing() * max(0, len(sizes) - 1)
        taken = self._taken
        return QSize(
            taken.width() + sum(size.width() for size in sizes) + gaps,
            max(taken.height(), *(size.height() for size in sizes), 0),
        )

    def minimumSize(self) -> QSize:
        """Return room for the widest widget."""
        sizes = [item.minimumSize() for item in self._items if not item.isEmpty()]
        return QSize(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def setGeometry(self, rect: QRect) -> None:
        """Place the widgets in ``rect``."""
        super().setGeometry(rect)
        self._place(rect, moves=True)


def flow(*widgets: QWidget, spacing: int = GRID) -> QWidget:
    """Return an area with ``widgets`` in a `FlowLayout`."""
    area = QWidget()
    layout = FlowLayout(area, spacing)
    for widget in widgets:
        layout.addWidget(widget)
    return area

"""Legends that sit beside the picture and switch its series on and off."""

from html import escape

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from linreg_gui.look.palette import Palette, Stroke
from linreg_gui.look.theme import base_font
from linreg_gui.plots.curve import draw_marker
from linreg_gui.plots.layer import draw_level
from linreg_gui.texts import tr

_SWATCH = 26
_GAP = 5
_SPACING = 12
_HEIGHT = 19


class Legend(QWidget):
    """Entries in as many rows as they need, up to `most_rows`; what comes after is not seen."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.entries: list[LegendEntry] = []
        self.most_rows = 9

    def add(self, entry: "LegendEntry") -> None:
        """Put ``entry`` behind the others."""
        entry.setParent(self)
        self.entries.append(entry)
        self.arrange()

    def arrange(self) -> None:
        """Take account of entries that were shown, hidden or renamed."""
        x = y = 0
        for entry in self.entries:
            if not entry.isHidden():
                size = entry.sizeHint()
                if x and x + size.width() > self.width():
                    x, y = 0, y + _HEIGHT
                entry.setGeometry(QRect(QPoint(x, y), size))
                x += size.width() + _SPACING
        self.setFixedHeight(min(y // _HEIGHT + 1, self.most_rows) * _HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the entries anew."""
        super().resizeEvent(event)
        self.arrange()


class LegendEntry(QAbstractButton):
    """A sample of a line or a marker, and what it stands for. A click hides or shows the series.

    Parameters
    ----------
    name, short : str
        The series, and what it is called where there is little room.
    line, marker : bool
        What the sample shows.
    help_text : str
        What should be known of the series.
    """

    def __init__(
        self,
        name: str,
        short: str,
        *,
        line: bool = True,
        marker: bool = False,
        help_text: str = "",
    ) -> None:
        super().__init__()
        self.setFont(base_font(13))
        self.setCheckable(True)
        self.setChecked(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._is_compact = False
        self._help = help_text
        self.rename(name, short)
        self._line, self._marker = line, marker
        self._stroke = Stroke("#808080")
        self._palette: Palette | None = None

    def set_look(self, stroke: Stroke, palette: Palette) -> None:
        """Draw the sample with ``stroke``."""
        self._stroke, self._palette = stroke, palette
        self.update()

    def rename(self, name: str, short: str) -> None:
        """Call the series something else."""
        self._name, self._short = name, short
        tip = tr("Click to hide or show: {name}").format(name=name)
        self.setToolTip(f"<p>{escape(self._help)}</p><p>{escape(tip)}</p>" if self._help else tip)
        self.setAccessibleDescription(self._help)
        self.setAccessibleName(name)
        self.set_compact(compact=self._is_compact)

    def set_compact(self, *, compact: bool) -> None:
        """Use the short name, or the long one."""
        self._is_compact = compact
        self.setText(self._short if compact else self._name)

    @property
    def _swatch(self) -> int:
        return _SWATCH if self._line else 10

    def sizeHint(self) -> QSize:
        """Fit the sample and the text."""
        width = self._swatch + _GAP + self.fontMetrics().horizontalAdvance(self.text()) + 4
        return QSize(width, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw sample, text and focus."""
        if self._palette is None:
            return
        painter = QPainter(self)
        middle = self.height() / 2
        swatch = self._swatch
        painter.setOpacity(1.0 if self.isChecked() else 0.35)
        if self._line:
            draw_level(painter, self._stroke, middle, 2, swatch - 2)
        if self._marker:
            draw_marker(painter, self._stroke, QPointF(swatch / 2, middle))
        painter.setOpacity(1.0)
        font = self.font()
        font.setStrikeOut(not self.isChecked())
        painter.setFont(font)
        bright = self.isChecked() or self.underMouse()
        painter.setPen(QColor(self._palette.text if bright else self._palette.muted))
        rect = self.rect().adjusted(swatch + _GAP, 0, 0, 0)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._palette.accent), 1))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 4, 4)

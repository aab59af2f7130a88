"""The legend of a picture: what is drawn, and what a person wants to see of it."""

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from linreg_gui.look.flow import FlowLayout
from linreg_gui.look.plain import set_tip, without_mnemonics
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.theme import base_font
from linreg_gui.plots.layer import draw_level, draw_marker
from linreg_gui.plots.series import Series
from linreg_gui.texts import tr

_SAMPLE_WIDTH = 26
_MARKER_WIDTH = 10
_GAP = 5
_SPACING = 12
_ROW_HEIGHT = 19


class Legend(QWidget):
    """Entries in rows; hidden until a person wants to see it. Only then the entries are made.

    Attributes
    ----------
    is_wanted : bool
        Whether a person wants to see it.

    Signals
    -------
    toggled()
        A person has hidden or shown a series.
    """

    toggled = Signal()

    def __init__(self, card: QWidget) -> None:
        super().__init__(card)
        self.is_wanted = False
        self._is_offered: dict[Series, bool] = {}
        self._entries: dict[Series, LegendEntry] = {}
        self._rows = FlowLayout(self, _SPACING)
        self.hide()

    def add(self, series: Series) -> None:
        """Add an entry for ``series``."""
        self._is_offered[series] = True

    def offer(self, series: Series, *, offered: bool) -> None:
        """Show ``series`` and its entry, or remove both from the picture."""
        if self._is_offered[series] != offered:
            self._is_offered[series] = offered
            entry = self._entries.get(series)
            series.set_visible(offered and not self.is_hidden(series))
            if entry is not None:
                entry.setVisible(offered)

    def entry(self, series: Series) -> "LegendEntry":
        """Return the entry for ``series``."""
        for each, offered in self._is_offered.items():
            if each not in self._entries:
                entry = self._entries[each] = LegendEntry(each, self)
                entry.toggled.connect(self.toggled)
                entry.setVisible(offered)
                self._rows.addWidget(entry)
        return self._entries[series]

    def is_hidden(self, series: Series) -> bool:
        """Return whether a person has hidden ``series``."""
        return series in self._entries and not self._entries[series].isChecked()

    def show_words(self, series: Series) -> None:
        """Show the present name of ``series``."""
        if series in self._entries:
            self._entries[series].show_words()

    @property
    def shown(self) -> list[Series]:
        """Return what is drawn, of all that has an entry."""
        offered = (series for series, is_offered in self._is_offered.items() if is_offered)
        return [series for series in offered if series.visible]

    @property
    def hidden(self) -> set[str]:
        """Return the names of what a person has hidden."""
        return {each.name for each, entry in self._entries.items() if not entry.isChecked()}

    def hide_all(self, names: set[str]) -> None:
        """Hide the series with these names, as a person would."""
        for series in self._is_offered if names else ():
            self.entry(series).setChecked(series.name not in names)

    def show_if_wanted(self, *, allowed: bool) -> None:
        """Show the legend if a person wants it and it is ``allowed`` here."""
        if self.is_wanted and self._is_offered:
            self.entry(next(iter(self._is_offered)))
        self.setVisible(self.is_wanted and allowed)


class LegendEntry(QAbstractButton):
    """A sample of a series and its name. A click hides or shows the series."""

    def __init__(self, series: Series, legend: Legend) -> None:
        super().__init__(legend)
        self.setFont(base_font())
        keep_scaled(self, setFont=13)
        self.setCheckable(True)
        self.setChecked(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._series = series
        self.toggled.connect(series.set_visible)
        self.show_words()

    def show_words(self) -> None:
        """Show the name of the series."""
        series = self._series
        tip = tr("Click to hide or show: {name}").format(name=series.name)
        set_tip(self, series.help_text, tip)
        self.setAccessibleDescription(series.help_text)
        self.setAccessibleName(series.name)
        self.setText(without_mnemonics(series.name))
        self.updateGeometry()

    @property
    def _sample_width(self) -> int:
        return px(_SAMPLE_WIDTH if self._series.has_line else _MARKER_WIDTH)

    def sizeHint(self) -> QSize:
        """Fit the sample and the text."""
        width = self.fontMetrics().horizontalAdvance(self._series.name) + 4
        return QSize(self._sample_width + px(_GAP) + width, px(_ROW_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw sample, text and focus."""
        series, palette = self._series, self._series.palette
        painter = QPainter(self)
        middle, width = self.height() / 2, self._sample_width
        painter.setOpacity(1.0 if self.isChecked() else 0.35)
        if series.has_line:
            draw_level(painter, series.stroke, middle, 2, width - 2)
        if series.markers:
            center = QPointF(width / 2, middle)
            draw_marker(painter, series.stroke, center, outline=series.outline)
        painter.setOpacity(1.0)
        font = self.font()
        font.setStrikeOut(not self.isChecked())
        painter.setFont(font)
        bright = self.isChecked() or self.underMouse()
        painter.setPen(QColor(palette.text if bright else palette.muted))
        rect = self.rect().adjusted(width + px(_GAP), 0, 0, 0)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, series.name)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(palette.accent), px(1)))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), px(4), px(4))

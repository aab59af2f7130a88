"""The learning rate's slider, with the rates that train marked under it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QVBoxLayout, QWidget

from linreg_gui.texts import tr
from linreg_gui.threads.rate_limits import RateLimits
from linreg_gui.training.numbers import format_real, rounded_down
from linreg_gui.widgets.controls.editors import LogSlider
from linreg_gui.widgets.text_label import text_label
from linreg_gui.widgets.theme import Theme, base_font

if TYPE_CHECKING:
    from linreg_gui.training.stability import LearningRateLimits

SLOWEST_RATE, FASTEST_RATE = 1e-6, 10.0
"""Ends of the slider, where the usual rates are stable; any other rate can be typed."""

_ROOM_BELOW = 1_000.0
"""Where only smaller rates are stable, the slider begins so many times below them."""
_HANDLE_PIXELS = 16
_STRIP_HEIGHT = 27


class RateSlider(QWidget):
    """A slider over the strip of the zones.

    Attributes
    ----------
    slider : LogSlider
        Its ``moved`` tells that a person chose another rate.
    zones : ZoneStrip
        Safe, chancy and diverging rates, and the fastest one.
    """

    def __init__(self, rate_limits: RateLimits, theme: Theme) -> None:
        super().__init__()
        self.slider = LogSlider(SLOWEST_RATE, FASTEST_RATE)
        self.slider.setAccessibleName(tr("Learning rate"))
        self.zones = ZoneStrip(self.slider, theme)
        self.words = text_label("muted")
        self._rate_limits = rate_limits
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.slider)
        column.addWidget(self.zones)
        column.addWidget(self.words)
        rate_limits.changed.connect(self._show_limits)
        self._show_limits()

    @Slot()
    def _show_limits(self) -> None:
        limits = self._rate_limits.limits
        if limits is not None:
            self.slider.set_low(min(SLOWEST_RATE, limits.reliable / _ROOM_BELOW))
        self.zones.show_limits(limits)
        words = "" if limits is None else limits_words(limits)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.slider.setAccessibleDescription(words)


class ZoneStrip(QWidget):
    """The rates of the slider above, in three zones whose bars differ in height and colour."""

    def __init__(self, slider: LogSlider, theme: Theme) -> None:
        super().__init__()
        self._slider = slider
        self._theme = theme
        self._limits: LearningRateLimits | None = None
        self.setFixedHeight(_STRIP_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_limits(self, limits: "LearningRateLimits | None") -> None:
        """Mark ``limits`` from now on."""
        self._limits = limits
        self.update()

    def x_of(self, rate: float) -> float:
        """Return where the slider's handle is for ``rate``, in pixels."""
        share = self._slider.share_of(rate)
        return _HANDLE_PIXELS / 2 + share * (self.width() - _HANDLE_PIXELS)

    def zones(self) -> list[tuple[str, float, float, str, int]]:
        """Return each zone's name, left and right end in pixels, colour and height."""
        limits, palette = self._limits, self._theme.palette
        if limits is None:
            return []
        reliable = self.x_of(limits.reliable)
        typical = self.x_of(limits.typical or limits.reliable)
        zones = [
            (tr("safe"), self.x_of(0.0), reliable, palette.safe, 3),
            (tr("chancy"), reliable, typical, palette.chancy, 5),
            (tr("diverges"), typical, self.x_of(FASTEST_RATE), palette.unsafe, 7),
        ]
        return [zone for zone in zones if zone[2] - zone[1] >= 1]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the zones, their names where these have room, and a mark at the fastest rate."""
        painter = QPainter(self)
        painter.setFont(base_font(13))
        metrics = QFontMetricsF(painter.font())
        for name, left, right, color, height in self.zones():
            painter.fillRect(QRectF(left, 0, right - left - 1, height), QColor(color))
            width = metrics.horizontalAdvance(name)
            rect = QRectF(left, 9, right - left, 17)
            if is_last := right == self.x_of(FASTEST_RATE):
                rect.setLeft(min(left, right - width))
            if is_last or width <= rect.width():
                painter.setPen(QColor(self._theme.palette.muted))
                painter.drawText(rect, Qt.AlignmentFlag.AlignHCenter, name)
        limits = self._limits
        if limits and limits.fastest < min(limits.reliable, FASTEST_RATE):
            self._draw_fastest(painter, self.x_of(limits.fastest))

    def _draw_fastest(self, painter: QPainter, x: float) -> None:
        palette = self._theme.palette
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.window), 1))
        painter.setBrush(QColor(palette.text))
        painter.drawPolygon(QPolygonF([QPointF(x, 0), QPointF(x - 5, 9), QPointF(x + 5, 9)]))

    def event(self, event: QEvent) -> bool:
        """Say the numbers under the mouse."""
        if isinstance(event, QHelpEvent) and self._limits is not None:
            QToolTip.showText(event.globalPos(), limits_words(self._limits), self)
            return True
        return super().event(event)


def limits_words(limits: "LearningRateLimits") -> str:
    """Say the limits in plain words."""
    words = tr("Trains reliably up to {stable}.")
    if limits.fastest < limits.reliable:
        words = tr("Trains reliably up to {stable}, fastest at {fastest} (▲).")
    if limits.typical is not None:
        words += " " + tr("A typical run diverges above {typical}.")
    return (words + " " + tr("Full batch: {full}.")).format(
        stable=rounded_down(limits.reliable),
        fastest=rounded_down(limits.fastest),
        typical=format_real(float(f"{limits.typical or 0:.3g}")),
        full=rounded_down(limits.full_batch),
    )

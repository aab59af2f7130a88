"""The two sliders of the settings: the learning rate with its zones, and the watch speed."""

import math
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from linreg_gui.look.controls import Slider, fill, show_text, text_label
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import Theme, base_font
from linreg_gui.number_text import exact, round_to, rounded_down, whole
from linreg_gui.texts import tr
from linreg_gui.threads.rate_limits import RateLimits
from linreg_gui.widgets.settings.row import Row

if TYPE_CHECKING:
    from linreg_gui.analysis.learning_rates import LearningRateLimits


SLOWEST_RATE, FASTEST_RATE = 1e-6, 10.0
"""Ends of the slider, which hold the usual stable rates; any other rate can be typed."""

_ROOM_BELOW = 1_000.0
"""If only smaller rates are stable, the slider begins this factor below them."""
_HANDLE_PIXELS = 16
_STRIP_HEIGHT = 27


class RateSlider(QWidget):
    """A slider over the strip of the zones.

    Attributes
    ----------
    slider : LogSlider
        Its ``moved`` says that the user chose another rate.
    zones : ZoneStrip
        The safe, risky and diverging rates, and the fastest one.
    words : QLabel
        The limits as a sentence.
    """

    def __init__(self, rate_limits: RateLimits, theme: Theme) -> None:
        super().__init__()
        self.slider = LogSlider(SLOWEST_RATE, FASTEST_RATE)
        self.slider.setAccessibleName(tr("Learning rate"))
        self.zones = ZoneStrip(self.slider, theme)
        self.words = text_label("muted")
        self._rate_limits = rate_limits
        fill(QVBoxLayout(self), self.slider, self.zones, self.words, spacing=0)
        rate_limits.changed.connect(self._show_limits)
        self._show_limits()

    @Slot()
    def _show_limits(self) -> None:
        limits = self._rate_limits.limits
        if limits is not None:
            self.slider.set_low(min(SLOWEST_RATE, limits.reliable / _ROOM_BELOW))
        self.zones.show_limits(limits)
        words = "" if limits is None else limits_words(limits)
        show_text(self.words, words)
        self.slider.setAccessibleDescription(words)


class Zone(NamedTuple):
    """Rates that behave alike.

    Attributes
    ----------
    name : str
        On screen.
    left, right : float
        Its ends in pixels.
    color : str
        As ``#rrggbb``.
    height : int
        Of its bar, in pixels.
    """

    name: str
    left: float
    right: float
    color: str
    height: int


class ZoneStrip(QWidget):
    """The zones of the slider above it. Their bars differ in height and color."""

    def __init__(self, slider: "LogSlider", theme: Theme) -> None:
        super().__init__()
        self._slider = slider
        self._theme = theme
        self._limits: LearningRateLimits | None = None
        keep_scaled(self, setFixedHeight=_STRIP_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_limits(self, limits: "LearningRateLimits | None") -> None:
        """Draw the zones of ``limits``."""
        self._limits = limits
        self.setToolTip("" if limits is None else limits_words(limits))
        self.update()

    def x_of(self, rate: float) -> float:
        """Return the x of the slider's handle at ``rate``, in pixels."""
        share = self._slider.share_of(rate)
        return _HANDLE_PIXELS / 2 + share * (self.width() - _HANDLE_PIXELS)

    def zones(self) -> list[Zone]:
        """Return the zones that are at least a pixel wide."""
        limits, palette = self._limits, self._theme.palette
        if limits is None:
            return []
        reliable = self.x_of(limits.reliable)
        typical = self.x_of(limits.typical or limits.reliable)
        zones = (
            Zone(tr("safe"), self.x_of(0.0), reliable, palette.safe, 3),
            Zone(tr("risky"), reliable, typical, palette.risky, 5),
            Zone(tr("diverges"), typical, self.x_of(FASTEST_RATE), palette.unsafe, 7),
        )
        return [zone for zone in zones if zone.right - zone.left >= 1]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the zones, their names if there is room, and a mark at the fastest rate."""
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


def limits_words(limits: "LearningRateLimits") -> str:
    """Return the limits as sentences."""
    stable = rounded_down(limits.reliable)
    if limits.fastest < limits.reliable:
        words = tr("Trains reliably up to {stable}, fastest at {fastest} (▲).").format(
            stable=stable, fastest=rounded_down(limits.fastest)
        )
    else:
        words = tr("Trains reliably up to {stable}.").format(stable=stable)
    if limits.typical is not None:
        typical = exact(round_to(limits.typical, 3))
        words += " " + tr("A typical run diverges above {typical}.").format(typical=typical)
    return words + " " + tr("Full batch: {full}.").format(full=rounded_down(limits.full_batch))


class LogSlider(Slider):
    """A slider over powers of ten. Its values have two significant digits.

    Signals
    -------
    moved(float)
        The user moved it to this value.
    """

    moved = Signal(float)

    _PER_DECADE = 40

    def __init__(self, low: float, high: float) -> None:
        super().__init__()
        self.setRange(self._position(low), self._position(high))
        self.setPageStep(self._PER_DECADE)
        self.valueChanged.connect(self._on_value_changed)

    def set_low(self, low: float) -> None:
        """Begin at ``low``; the value stays."""
        with QSignalBlocker(self):
            self.setMinimum(self._position(low))

    def set_value(self, value: float) -> None:
        """Show ``value``, or the nearest end if it is out of range."""
        with QSignalBlocker(self):
            self.setValue(self._position(value))

    def share_of(self, value: float) -> float:
        """Return the place of ``value`` on the slider: 0 is its left end, 1 its right end."""
        if value <= 0:
            return 0.0
        span = self.maximum() - self.minimum()
        share = (math.log10(value) * self._PER_DECADE - self.minimum()) / span
        return min(max(share, 0.0), 1.0)

    def _position(self, value: float) -> int:
        return round(math.log10(value) * self._PER_DECADE)

    @Slot(int)
    def _on_value_changed(self, position: int) -> None:
        self.moved.emit(round_to(10.0 ** (position / self._PER_DECADE), 2))


PACES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, math.inf)
"""Watch speeds in steps per second; the last one is full speed."""


class PaceRow(Row):
    """A slider over `PACES`.

    Signals
    -------
    committed(float)
        The user chose this watch speed, in steps per second.
    """

    committed = Signal(float)

    def __init__(self, theme: Theme) -> None:
        self.slider = Slider()
        self._words = text_label("muted", wraps=False)
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        help_text = tr(
            "How many steps per second you see, from 1 up to full speed. The watch speed does not "
            "change the result. The lesson runs at full speed."
        )
        super().__init__(
            tr("Watch speed"), help_text, tr("full speed"), self.slider, theme, beside=self._words
        )
        self.slider.setRange(0, len(PACES) - 1)
        self.slider.setPageStep(1)
        self.restore_default()
        self.slider.valueChanged.connect(self._on_value_changed)
        self._on_value_changed()

    @Slot()
    def restore_default(self) -> None:
        """Return to full speed."""
        self.slider.setValue(len(PACES) - 1)

    @Slot()
    def _on_value_changed(self) -> None:
        pace = PACES[self.slider.value()]
        self.set_restorable(not math.isinf(pace))
        if math.isinf(pace):
            self._words.setText(self.default_words)
        elif pace == 1:
            self._words.setText(tr("1 step per second"))
        else:
            self._words.setText(tr("{pace} steps per second").format(pace=whole(int(pace))))
        self.committed.emit(pace)

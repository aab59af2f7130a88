"""The two rates a person slides: the learning rate with its zones, and the watch speed."""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFontMetricsF,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.look.controls import FocusedWheel, LogSlider, RestoreButton, text_label
from linreg_gui.look.theme import Theme, base_font
from linreg_gui.number_text import round_to, rounded_down, shortest, whole
from linreg_gui.texts import tr
from linreg_gui.threads.what_if import RateLimits

if TYPE_CHECKING:
    from linreg_gui.analysis.learning_rates import LearningRateLimits


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
        Safe, risky and diverging rates, and the fastest one.
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
    """The rates of the slider above, in three zones whose bars differ in height and color."""

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
        """Return each zone's name, left and right end in pixels, color and height."""
        limits, palette = self._limits, self._theme.palette
        if limits is None:
            return []
        reliable = self.x_of(limits.reliable)
        typical = self.x_of(limits.typical or limits.reliable)
        zones = [
            (tr("safe"), self.x_of(0.0), reliable, palette.safe, 3),
            (tr("risky"), reliable, typical, palette.risky, 5),
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
        typical=shortest(round_to(limits.typical or 0.0, 3)),
        full=rounded_down(limits.full_batch),
    )


PACES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, math.inf)
"""Steps a second; the last one is as fast as it goes."""


class _PaceSlider(FocusedWheel, QSlider):
    pass


class PaceRow(QWidget):
    """A slider over `PACES`.

    Signals
    -------
    committed(float)
        A person chose another watch speed, in steps a second.
    pointed_at()
        The mouse has come to the row.
    """

    committed = Signal(float)
    pointed_at = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.label = tr("Watch speed")
        self.help_text = tr(
            "How many steps a second you watch, from 1 to as fast as it goes. It changes nothing "
            "about the result. The lesson runs as fast as it goes."
        )
        self._words = QLabel()
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._words.setProperty("role", "muted")
        self.slider = _PaceSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(PACES) - 1)
        self.slider.setPageStep(1)
        self.slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.slider.setAccessibleName(self.label)
        self.slider.setAccessibleDescription(self.help_text)
        self.slider.setValue(len(PACES) - 1)
        self.slider.valueChanged.connect(self._on_value_changed)
        self._restore = RestoreButton(theme)
        self._restore.setToolTip(tr("Return to as fast as it goes"))
        self._restore.setAccessibleName(self._restore.toolTip())
        self._restore.clicked.connect(self._on_restore_clicked)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(4)
        layout.setVerticalSpacing(4)
        layout.setColumnStretch(1, 1)
        layout.addWidget(QLabel(self.label), 0, 0)
        layout.addWidget(self._words, 0, 1)
        layout.addWidget(self._restore, 0, 2)
        layout.addWidget(self.slider, 1, 0, 1, 2)
        self._describe()

    @property
    def pace(self) -> float:
        """Return the watch speed in steps a second."""
        return PACES[self.slider.value()]

    def _describe(self) -> None:
        fastest = math.isinf(self.pace)
        self._restore.setVisible(not fastest)
        self._words.setText(
            tr("as fast as it goes")
            if fastest
            else tr("{pace} steps a second").format(pace=whole(int(self.pace)))
            if self.pace > 1
            else tr("1 step a second")
        )

    @Slot()
    def _on_value_changed(self) -> None:
        self._describe()
        self.committed.emit(self.pace)

    @Slot()
    def _on_restore_clicked(self) -> None:
        self.slider.setValue(len(PACES) - 1)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Tell that the mouse has come."""
        super().enterEvent(event)
        self.pointed_at.emit()

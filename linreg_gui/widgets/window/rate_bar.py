"""The learning rate in the bar: typed, or chosen on a slider that shows which rates train."""

import math
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QHBoxLayout, QSizePolicy, QWidget

from linreg_gui.data.single_precision import SMALLEST
from linreg_gui.look.controls import fill, text_label
from linreg_gui.look.inputs import NumberField, takes_wheel
from linreg_gui.look.plain import set_tip
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.theme import Theme, base_font
from linreg_gui.number_text import exact, round_to, rounded_down
from linreg_gui.settings import SettingError, format_setting, parse_number, setting_of
from linreg_gui.texts import paragraph, tr
from linreg_gui.widgets.session import Session

if TYPE_CHECKING:
    from linreg_gui.analysis.learning_rates import LearningRateLimits

SLOWEST_RATE, FASTEST_RATE = 1e-4, 10.0

_ROOM_BELOW = 100
"""The slider begins at most this many times below the fastest reliable rate."""
_PER_DECADE = 40
_BAND_PIXELS = 20
_HANDLE_PIXELS = 4
_HATCH_PIXELS = 6
_ALIKE = 0.01
"""The typical limit is not known better than this. Limits that differ by less are told as one."""
_EDGE = 9
"""Pixels beyond both ends of the band: room for half of the handle."""


class RateControl(QWidget):
    """The learning rate of the controller, as a number and on a slider.

    Attributes
    ----------
    field : NumberField
        The number.
    slider : RateSlider
        The slider.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        setting = setting_of("learning_rate")
        words = setting.words()
        self.name = text_label("", tr("rate"), wraps=False)
        self.field = NumberField(
            partial(parse_number, setting=setting, whole=False), format_setting, setting.step
        )
        keep_scaled(self.field, setFixedWidth=76)
        self.slider = RateSlider(session.theme)
        for control in (self.name, self.field, self.slider):
            set_tip(control, words.help)
            control.setWhatsThis(words.help)
        self.field.setAccessibleName(words.label)
        self.name.setBuddy(self.field)
        fill(QHBoxLayout(self), self.name, self.field, self.slider, None, stretch=self.slider)
        self.field.committed.connect(self._on_chosen)
        self.field.refused.connect(session.refused)
        self.slider.moved.connect(self._on_chosen)
        self.slider.sliderPressed.connect(session.controller.begin_rate_gesture)
        self.slider.sliderReleased.connect(session.controller.end_rate_gesture)
        session.controller.settings_changed.connect(self._show_rate)
        session.rate_limits.changed.connect(self._show_limits)
        self._show_limits()

    def choose(self) -> None:
        """Select the number, so that the next keys type another one."""
        self.field.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _show_rate(self) -> None:
        rate = self._session.controller.settings.learning_rate
        self.field.set_value(rate)
        self.slider.set_rate(rate)

    @Slot()
    def _show_limits(self) -> None:
        self.slider.show_limits(self._session.rate_limits.limits)
        self._show_rate()

    @Slot(object)
    def _on_chosen(self, rate: float) -> None:
        try:
            self._session.controller.change_setting("learning_rate", rate)
        except SettingError as error:
            self._show_rate()
            self._session.refused.emit(str(error))


class Zone(NamedTuple):
    """Rates that behave alike.

    Attributes
    ----------
    names : tuple of str
        The words on screen, the longest first.
    left, right : float
        Its ends in pixels.
    color : str
        As ``#rrggbb``.
    slopes : tuple of int
        Of the lines across it, which tell it from the others without color: 1 for those that rise.
    """

    names: tuple[str, ...]
    left: float
    right: float
    color: str
    slopes: tuple[int, ...]


class RateSlider(QAbstractSlider):
    """A slider over powers of ten, on a band that shows which rates train.

    Its values have two significant digits.

    Signals
    -------
    moved(float)
        A person moved it to this rate.
    """

    moved = Signal(float)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._limits: LearningRateLimits | None = None
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setRange(_position(SLOWEST_RATE), _position(FASTEST_RATE))
        self.setPageStep(_PER_DECADE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        keep_scaled(self, setFixedHeight=34, setMinimumWidth=120, setMaximumWidth=460)
        self.valueChanged.connect(self._on_value_changed)
        theme.changed.connect(self.update)

    @property
    def limits(self) -> "LearningRateLimits | None":
        """Return the limits that the zones show."""
        return self._limits

    def set_rate(self, rate: float) -> None:
        """Show ``rate``, or the nearest end if it is out of range."""
        name = tr("Learning rate {rate}").format(rate=exact(rate))
        shown = min(max(_position(rate), self.minimum()), self.maximum())
        if (shown, name) != (self.value(), self.accessibleName()):
            with QSignalBlocker(self):
                self.setValue(shown)
            self.setAccessibleName(name)
            self.update()

    def show_limits(self, limits: "LearningRateLimits | None") -> None:
        """Draw the zones of ``limits``; the rate stays."""
        self._limits = limits
        words = ""
        if limits is not None:
            words = limits_words(limits)
            with QSignalBlocker(self):
                slowest = min(SLOWEST_RATE, limits.reliable / _ROOM_BELOW)
                self.setMinimum(_position(max(slowest, SMALLEST)))
        set_tip(self, words)
        self.setAccessibleDescription(words)
        self.update()

    def x_of(self, rate: float) -> float:
        """Return the place of ``rate``, in pixels from the left; the nearer end if out of range."""
        place = math.log10(rate) * _PER_DECADE if rate > 0 else self.minimum()
        return self._x_of_position(min(max(place, self.minimum()), self.maximum()))

    def zones(self) -> list[Zone]:
        """Return the zones that are at least a pixel wide."""
        limits, palette = self._limits, self._theme.palette
        if limits is None:
            return []
        reliable = self.x_of(limits.reliable)
        typical = self.x_of(limits.typical or limits.reliable)
        ends = (self.x_of(0.0), reliable, typical, self.x_of(FASTEST_RATE))
        looks = (
            ((tr("safe"),), palette.safe, ()),
            ((tr("may diverge"), tr("risky")), palette.risky, (1,)),
            ((tr("diverges"),), palette.unsafe, (1, -1)),
        )
        zones = [
            Zone(names, left, right, color, slopes)
            for (names, color, slopes), left, right in zip(looks, ends[:-1], ends[1:], strict=True)
        ]
        return [zone for zone in zones if zone.right - zone.left >= 1]

    def _band(self) -> QRectF:
        height = px(_BAND_PIXELS)
        return QRectF(px(_EDGE), px(2), self.width() - 2 * px(_EDGE), height)

    def _draw_zone(self, painter: QPainter, zone: Zone) -> None:
        band, palette = self._band(), self._theme.palette
        rect = QRectF(zone.left, band.top(), zone.right - zone.left - 1, band.height())
        color, tint = QColor(zone.color), QColor(zone.color)
        tint.setAlpha(56)
        painter.fillRect(rect, tint)
        edge = QRectF(rect.left(), rect.bottom() - px(4), rect.width(), px(4))
        painter.fillRect(edge, color)
        free = self._free_part(rect)
        metrics = QFontMetricsF(painter.font())
        for name in zone.names:
            if metrics.horizontalAdvance(name) + px(6) <= free.width():
                painter.setPen(QColor(palette.text))
                words = free.adjusted(0, 0, 0, -px(3))
                painter.drawText(words, Qt.AlignmentFlag.AlignCenter, name)
                return
        solid, flat = Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap
        painter.setPen(QPen(color, px(1), solid, flat))
        for slope in zone.slopes:
            painter.drawLines(_hatching(rect, px(_HATCH_PIXELS), slope))

    def _free_part(self, rect: QRectF) -> QRectF:
        """Return the wider part of ``rect`` that the handle leaves free."""
        x, half = self._x_of_position(self.value()), px(_HANDLE_PIXELS)
        if not rect.left() - half < x < rect.right() + half:
            return rect
        left = rect.adjusted(0, 0, x - half - rect.right(), 0)
        right = rect.adjusted(x + half - rect.left(), 0, 0, 0)
        return left if left.width() > right.width() else right

    def _draw_fastest(self, painter: QPainter, x: float) -> None:
        """Mark the fastest rate with a triangle under the band."""
        tip, wing = QPointF(x, self._band().bottom() + 1), px(5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.palette.text))
        painter.drawPolygon(
            QPolygonF([tip, tip + QPointF(-wing, px(8)), tip + QPointF(wing, px(8))])
        )

    def _draw_handle(self, painter: QPainter) -> None:
        palette, band = self._theme.palette, self._band()
        x = self._x_of_position(self.value())
        half, reach = px(_HANDLE_PIXELS), px(2)
        rect = QRectF(x - half, band.top() - reach, 2 * half, band.height() + 2 * reach)
        painter.setPen(QPen(QColor(palette.surface), px(2)))
        painter.setBrush(QColor(palette.accent))
        painter.drawRoundedRect(rect, half, half)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(palette.accent), px(2)))
            painter.drawRoundedRect(rect.adjusted(-px(3), 0, px(3), 0), px(6), px(6))

    def _x_of_position(self, position: float) -> float:
        share = (position - self.minimum()) / (self.maximum() - self.minimum())
        return px(_EDGE) + share * (self.width() - 2 * px(_EDGE))

    def _move_to(self, x: float) -> None:
        share = (x - px(_EDGE)) / max(1, self.width() - 2 * px(_EDGE))
        self.setValue(round(self.minimum() + share * (self.maximum() - self.minimum())))

    @Slot(int)
    def _on_value_changed(self, position: int) -> None:
        self.update()
        self.moved.emit(round_to(10.0 ** (position / _PER_DECADE), 2))

    def sizeHint(self) -> QSize:
        """Prefer room for the names of the zones."""
        return QSize(px(260), px(34))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the zones with their names, the fastest rate, and the handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(base_font(13))
        zones = self.zones()
        if not zones:
            painter.fillRect(self._band(), QColor(self._theme.palette.border))
        for zone in zones:
            self._draw_zone(painter, zone)
        limits = self._limits
        if limits and limits.fastest < min(limits.reliable, FASTEST_RATE):
            self._draw_fastest(painter, self.x_of(limits.fastest))
        self._draw_handle(painter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the rate under the mouse."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._move_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse while the button is down."""
        if self.isSliderDown():
            self._move_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stay here."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Follow the wheel only while focused."""
        if takes_wheel(self, event):
            super().wheelEvent(event)


def limits_words(limits: "LearningRateLimits") -> str:
    """Return the limits as sentences. Those that read the same are said once."""
    typical = limits.typical or limits.reliable
    has_fastest, more = limits.fastest < limits.reliable, []
    words = tr("Trains reliably up to {stable}.")
    if has_fastest:
        words = tr("Trains reliably up to {stable}, fastest at {fastest} (▲).")
    if not math.isclose(typical, limits.reliable, rel_tol=_ALIKE):
        more.append(tr("A typical run diverges above {typical}."))
    elif limits.typical is not None:
        words = tr("Trains up to {stable}, and diverges beyond.")
        if has_fastest:
            words = tr("Trains up to {stable}, fastest at {fastest} (▲), and diverges beyond.")
    if not math.isclose(limits.full_batch, typical, rel_tol=_ALIKE):
        more.append(tr("Full batch: {full}."))
    return paragraph(words, *more).format(
        stable=rounded_down(limits.reliable),
        fastest=rounded_down(limits.fastest),
        typical=exact(round_to(typical, 3)),
        full=rounded_down(limits.full_batch),
    )


def _position(rate: float) -> int:
    return round(math.log10(rate) * _PER_DECADE)


def _hatching(rect: QRectF, gap: float, slope: int) -> list[QLineF]:
    """Return slanted lines across ``rect``, that many pixels apart.

    Qt has patterns for that, which some viewers of PDF fill with one color.
    """
    top, bottom = (rect.top(), rect.bottom()) if slope > 0 else (rect.bottom(), rect.top())
    lines = []
    for number in range(math.floor((rect.width() + rect.height()) / gap + 0.5)):
        foot = rect.left() - rect.height() + (number + 0.5) * gap
        ends = (max(foot, rect.left()), min(foot + rect.height(), rect.right()))
        shares = [(x - foot) / rect.height() for x in ends]
        first, last = (
            QPointF(x, bottom + share * (top - bottom))
            for x, share in zip(ends, shares, strict=True)
        )
        lines.append(QLineF(first, last))
    return lines

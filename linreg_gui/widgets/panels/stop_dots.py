"""A dot for each stop of the guide: where one is, and what is done."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from linreg_gui.look.controls import fill
from linreg_gui.look.plain import set_tip
from linreg_gui.look.scale import px
from linreg_gui.look.theme import Theme
from linreg_gui.texts import tr

_SIDE, _NARROWEST = 26, 16
_RADIUS, _RING = 7, 11
_CHECK = ((-0.5, 0.05), (-0.1, 0.45), (0.55, -0.4))
"""The corners of the check mark, in radii from the center."""


class StopDots(QWidget):
    """The stops as dots: a ring to do, a check when done, and a second ring around the present one.

    A click goes to a stop. So do the arrow keys, from the present one. The pages of a lesson have
    dots as well.

    Parameters
    ----------
    titles : sequence of str
        A word for each dot.
    theme : Theme
        The colors.
    name, place : str
        What the dots are, and what one of them is: with ``{number}`` and ``{all}``.

    Attributes
    ----------
    dots : list of StopDot
        One for each stop.

    Signals
    -------
    chosen(int)
        A person wants to go to the stop of this index.
    """

    chosen = Signal(int)

    def __init__(
        self, titles: Sequence[str], theme: Theme, name: str = "", place: str = ""
    ) -> None:
        super().__init__()
        self._place = place or tr("Stop {number} of {all}")
        self.dots = [StopDot(title, theme) for title in titles]
        for index, dot in enumerate(self.dots):
            dot.clicked.connect(partial(self.chosen.emit, index))
        fill(QHBoxLayout(self), *self.dots, spacing=0)
        self.setAccessibleName(name or tr("The stops of the tour"))

    def show_progress(self, present: int, done: Sequence[bool]) -> None:
        """Show the present stop, and which ones are done."""
        for index, dot in enumerate(self.dots):
            place = self._place.format(number=index + 1, all=len(self.dots))
            dot.show_state(place, is_present=index == present, is_done=done[index])


class StopDot(QAbstractButton):
    """The dot of one stop.

    Attributes
    ----------
    is_done : bool
        Whether the stop has run to its end.
    """

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__()
        self.is_done = False
        self._title = title
        self._theme = theme
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def show_state(self, place: str, *, is_present: bool, is_done: bool) -> None:
        """Show whether the stop is the present one, and whether it is done."""
        self.is_done = is_done
        if is_present:
            self.setChecked(True)
        words = (tr("{place}: {title}, done") if is_done else tr("{place}: {title}, to do")).format(
            place=place, title=self._title
        )
        set_tip(self, words)
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for a place that is easy to hit."""
        return QSize(px(_SIDE), px(_SIDE))

    def minimumSizeHint(self) -> QSize:
        """Become narrower in a narrow panel."""
        return QSize(_NARROWEST, px(_SIDE))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dot."""
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        center = QRectF(self.rect()).center()
        room = self.width() / 2 / _RING
        radius, ring = (size * min(px(size) / size, room) for size in (_RADIUS, _RING))
        is_lit = self.is_done or self.isChecked()
        color = QColor(palette.accent if is_lit else palette.muted)
        painter.setPen(QPen(color, px(1.5)))
        if self.is_done:
            painter.setBrush(color)
        painter.drawEllipse(center, radius - px(1), radius - px(1))
        if self.is_done:
            painter.setPen(QPen(QColor(palette.on_accent), px(2)))
            corners = [
                QPointF(center.x() + 0.8 * radius * x, center.y() + 0.8 * radius * y)
                for x, y in _CHECK
            ]
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(corners)
        elif self.isChecked():
            painter.setBrush(color)
            painter.drawEllipse(center, radius / 3, radius / 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.isChecked():
            painter.setPen(QPen(QColor(palette.accent), px(1.5)))
            painter.drawEllipse(center, ring - px(1), ring - px(1))
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.text), px(1.5)))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), px(4), px(4))

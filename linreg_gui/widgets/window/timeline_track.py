"""The track of the timeline: every step of the run, and what happened at it."""

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSignalBlocker, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QToolTip

from linreg_gui.look.plain import set_tip
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.theme import GRID, Theme, base_font
from linreg_gui.number_text import exact, whole
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.texts import tr
from linreg_gui.threads.playhead import Playhead, Watched

_HANDLE_RADIUS = 7
_MARGIN = 13
"""Pixels beyond each end of the track: room for the handle with its focus ring."""

_TRACK_HEIGHT = 38
_GROOVE_Y = 13
_CLOSEST_BORDERS = 6.0

_MOST = 2**31 - 1
"""The largest value of a Qt slider. The playhead goes further."""


class Track(QAbstractSlider):
    """The steps from 0 to the last planned one, with epochs and what happened.

    Changes of the learning rate, the step at which the stop rule was met, and a divergence.

    For assistive technology it is a slider whose value is the step. It draws the numbers of the
    last `refresh`, so that it can repaint only the parts that have changed.
    """

    def __init__(self, controller: Watched, playhead: Playhead, theme: Theme) -> None:
        super().__init__()
        self._controller = controller
        self._playhead = playhead
        self._theme = theme
        self._frame: tuple[object, ...] = ()
        self._trained_x = self._shown_x = 0
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        keep_scaled(self, setFixedHeight=_TRACK_HEIGHT, setMinimumWidth=120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Timeline: step"))
        self.setAccessibleDescription(
            tr(
                "The arrow keys go by step, with Shift by epoch. Home goes to the start, and End "
                "to the newest step."
            )
        )
        self.valueChanged.connect(playhead.go_to)  # by assistive technology
        theme.changed.connect(self.update)

    def refresh(self) -> None:
        """Repaint the changes that are large enough to see."""
        run, shown_step = self._controller.run, self._playhead.shown_step
        self.setEnabled(run is not None)
        if run is None:
            return
        with QSignalBlocker(self):  # only a person's moves should reach the playhead
            self.setRange(0, min(self.last_step, _MOST))
            self.setValue(min(shown_step, _MOST))
        frame = (
            run.number,
            self.last_step,
            self.width(),
            tuple(run.history.rate_marks[-1:]),
            self._diverged,
            run.stopped_at,
            self._playhead.is_live,
        )
        trained_x, shown_x = round(self.x_of(run.history.step)), round(self.x_of(shown_step))
        if frame != self._frame:
            self.update()
        else:
            self._update_between(self._trained_x, trained_x)
            self._update_between(self._shown_x, shown_x)
        self._frame, self._trained_x, self._shown_x = frame, trained_x, shown_x

    @property
    def last_step(self) -> int:
        """Return the step at the right end."""
        run = self._controller.run
        return 1 if run is None else max(run.planned_steps, run.history.step)

    def x_of(self, step: float) -> float:
        """Return the place of ``step``, in pixels from the left."""
        return px(_MARGIN) + step / self.last_step * (self.width() - 2 * px(_MARGIN))

    def step_at(self, x: float) -> float:
        """Return the step at ``x``, or at the nearer end of the track."""
        share = (x - px(_MARGIN)) / max(1, self.width() - 2 * px(_MARGIN))
        return min(max(share, 0.0), 1.0) * self.last_step

    def borders(self) -> list[tuple[int, float]]:
        """Return the epochs with a mark at their end, and its place: every 1st, 10th, 100th, …."""
        run = self._controller.run
        if run is None:
            return []
        length, last = run.history.steps_per_epoch, self.last_step
        every = _round_number(px(_CLOSEST_BORDERS) / self._epoch_pixels(run), 1)
        return [
            (end // length, self.x_of(end))
            for end in range(every * length, last + 1, every * length)
        ]

    def words_at(self, x: float) -> str:
        """Return the words of the tool tip at ``x``."""
        run = self._controller.run
        if run is None:
            return ""
        nearest = min(
            run.history.rate_marks,
            key=lambda change: abs(self.x_of(change.step) - x),
            default=None,
        )
        if nearest is not None and abs(self.x_of(nearest.step) - x) <= px(_HANDLE_RADIUS):
            return tr("From step {step} on, the learning rate is {rate}.").format(
                step=whole(nearest.step), rate=exact(nearest.learning_rate)
            )
        newest = run.history.step
        if self._diverged and abs(self._cross_x - x) <= px(_HANDLE_RADIUS):
            return tr("Diverged at step {step}.").format(step=whole(newest + 1))
        stopped_at = run.stopped_at
        if stopped_at is not None and abs(self.x_of(stopped_at) - x) <= px(_HANDLE_RADIUS):
            return tr("Your stop rule was met at step {step}.").format(step=whole(stopped_at))
        if x > self.x_of(newest) + 1:
            return tr("Step {step} is not trained yet.").format(step=whole(round(self.step_at(x))))
        step = self._playhead.kept_step(self.step_at(x))
        return place_words(run, step)

    @property
    def _diverged(self) -> bool:
        return self._controller.state is RunState.DIVERGED

    @property
    def _cross_x(self) -> float:
        """Return the place of the step that failed: beside the handle at the last finite step."""
        radius = px(_HANDLE_RADIUS)
        return min(self._trained_x + 3 * radius, self.width() - radius)

    def _epoch_pixels(self, run: Run) -> float:
        return self.x_of(run.history.steps_per_epoch) - self.x_of(0)

    def _update_between(self, before: int, now: int) -> None:
        if before != now:
            first, last = min(before, now) - px(_MARGIN), max(before, now) + px(_MARGIN)
            self.update(QRect(first, 0, last - first, self.height()))

    def _draw_groove(self, painter: QPainter, right: float, color: str) -> None:
        left, half = px(_MARGIN), px(3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        groove = QRectF(left, px(_GROOVE_Y) - half, right - left, 2 * half)
        painter.drawRoundedRect(groove, half, half)

    def words_below(self) -> list[tuple[str, QRectF]]:
        """Return the words under the track with their places: "epoch", and numbers of epochs.

        Each number is under the middle of its mark. One without room is left out.
        """
        run, borders = self._controller.run, self.borders()
        if run is None or not borders:
            return []
        metrics, top = QFontMetricsF(base_font(13)), px(_GROOVE_Y + 9)
        title = tr("epoch")
        words = [(title, QRectF(0, top, metrics.horizontalAdvance(title), metrics.height()))]
        room = metrics.horizontalAdvance(whole(borders[-1][0])) + px(GRID)
        every = _round_number(room / self._epoch_pixels(run), 1, 2, 5)
        for epoch, x in borders:
            width = metrics.horizontalAdvance(whole(epoch))
            place = QRectF(x - width / 2, top, width, metrics.height())
            begins = words[0][1].right() + px(GRID)
            if epoch % every == 0 and begins <= place.left() and place.right() <= self.width():
                words.append((whole(epoch), place))
        return words

    def _draw_borders(self, painter: QPainter) -> None:
        """Mark the ends of epochs, some of them with their numbers."""
        painter.setFont(base_font(13))
        painter.setPen(QColor(self._theme.palette.muted))
        top = px(_GROOVE_Y + 4)
        for _, x in self.borders():
            painter.drawLine(QLineF(x, top, x, top + px(3)))
        for words, place in self.words_below():
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)

    def _draw_rate_changes(self, painter: QPainter, run: Run) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.palette.text))
        for column in {round(self.x_of(change.step)) for change in run.history.rate_marks}:
            tip, wing = QPointF(column, px(_GROOVE_Y - 4)), px(5)
            corners = [tip, tip + QPointF(-wing, -px(8)), tip + QPointF(wing, -px(8))]
            painter.drawPolygon(QPolygonF(corners))

    def _draw_stop(self, painter: QPainter, run: Run) -> None:
        if run.stopped_at is not None:
            side = px(8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.palette.text))
            left = self.x_of(run.stopped_at) - side / 2
            painter.drawRect(QRectF(left, px(_GROOVE_Y - 4) - side, side, side))

    def _draw_handle(self, painter: QPainter) -> None:
        palette, center = self._theme.palette, QPointF(self._shown_x, px(_GROOVE_Y))
        painter.setPen(QPen(QColor(palette.accent), px(2)))
        if self.hasFocus():
            painter.setBrush(QColor(palette.surface))
            painter.drawEllipse(center, px(_MARGIN - 2), px(_MARGIN - 2))
        painter.setBrush(QColor(palette.surface if self._playhead.is_live else palette.accent))
        painter.drawEllipse(center, px(_HANDLE_RADIUS), px(_HANDLE_RADIUS))

    def _draw_cross(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(self._theme.palette.error), px(3)))
        for slope in (-1, 1):
            reach = QPointF(px(5), px(5) * slope)
            center = QPointF(self._cross_x, px(_GROOVE_Y))
            painter.drawLine(center - reach, center + reach)

    def _go_to(self, event: QMouseEvent) -> None:
        self._playhead.go_to(self.step_at(event.position().x()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw groove, marks and handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, run = self._theme.palette, self._controller.run
        self._draw_groove(painter, self.width() - px(_MARGIN), palette.border)
        if run is None:
            return
        self._draw_borders(painter)
        self._draw_groove(painter, self._trained_x, palette.accent)
        self._draw_rate_changes(painter, run)
        self._draw_stop(painter, run)
        self._draw_handle(painter)
        if self._diverged:
            self._draw_cross(painter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the step under the mouse."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._go_to(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse while its button is down, and update the tool tip."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event)
        set_tip(self, self.words_at(event.position().x()))
        if QToolTip.isVisible():
            QToolTip.showText(event.globalPosition().toPoint(), self.toolTip(), self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the keys to the timeline."""
        event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the widget around."""
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Compute the new places."""
        super().resizeEvent(event)
        self.refresh()

    def sliderChange(self, _change: QAbstractSlider.SliderChange) -> None:
        """Do nothing: `refresh` repaints."""


def place_words(run: Run, step: int) -> str:
    """Return where ``step`` of ``run`` is: its batch and its epoch."""
    return tr("step {step} · batch {batch} of {batches} · epoch {epoch}").format(
        step=whole(step),
        batch=whole(run.batch_at(step)),
        batches=whole(run.history.steps_per_epoch),
        epoch=whole(run.epoch_at(step)),
    )


def _round_number(least: float, *firsts: int) -> int:
    """Return the smallest of ``firsts`` times a power of ten that is at least ``least``."""
    scale = 1
    while max(firsts) * scale < least:
        scale *= 10
    return min(first * scale for first in firsts if first * scale >= least)

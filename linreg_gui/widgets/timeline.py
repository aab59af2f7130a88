"""The timeline under the pictures: every step of the run, and the one that is looked at."""

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QToolTip,
    QWidget,
)

from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.playhead import PLAY_SECONDS, Playhead
from linreg_gui.training.numbers import format_real, format_whole
from linreg_gui.training.run import Run
from linreg_gui.training.run_state import RunState
from linreg_gui.widgets.inputs import DropDown
from linreg_gui.widgets.theme import GRID, Theme, base_font, set_style_property

HANDLE_PIXELS = 14.0
_TRACK_HEIGHT = 40
_GROOVE_Y = 16.0
_CLOSEST_BORDERS = 5.0
_LABEL_ROOM = 56.0
_WIDEST_PLACE = "step 0,000,000 · batch 00,000 · epoch 00"


class Timeline(QFrame):
    """Play, the track, where it stands in words, and the way back to live."""

    def __init__(self, controller: TrainingController, playhead: Playhead, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._controller = controller
        self._playhead = playhead
        self._theme = theme
        self.track = Track(controller, playhead, theme)
        self.play = QToolButton()
        self.play.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.play.setToolTip(tr("Play the run again (P)"))
        self.play.setAccessibleName(tr("Play"))
        self.play.setShortcut("P")
        self.play.clicked.connect(playhead.toggle_play)
        self.speed = DropDown()
        self.speed.setProperty("compact", True)
        self.speed.setToolTip(tr("How long the whole run takes to play"))
        self.speed.setAccessibleName(self.speed.toolTip())
        for seconds in PLAY_SECONDS:
            self.speed.addItem(tr("{seconds} s").format(seconds=seconds), seconds)
        self.speed.setCurrentIndex(PLAY_SECONDS.index(int(playhead.seconds)))
        self.speed.activated.connect(self._on_speed_chosen)
        self.place = QLabel()
        self.place.setProperty("role", "fact")
        self.place.setFixedWidth(QFontMetrics(base_font(13)).horizontalAdvance(_WIDEST_PLACE))
        self.live = QToolButton()
        self.live.setText(tr("Live"))
        self.live.setProperty("compact", True)
        self.live.setToolTip(tr("Follow the newest step (End)"))
        self.live.clicked.connect(playhead.go_live)
        self._lay_out()
        controller.state_changed.connect(self.refresh)
        controller.run_prepared.connect(self.refresh)
        playhead.moved.connect(self.refresh)
        playhead.playing_changed.connect(self._show_play)
        theme.changed.connect(self._show_play)
        self._show_play()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the run and the moment as they are now."""
        run, step = self._controller.run, self._playhead.shown_step
        travels = self._playhead.step is not None
        trained = run is not None and run.history.step > 0
        self.play.setEnabled(trained)
        self.live.setEnabled(travels)
        set_style_property(self.live, "live", run is not None and not travels)
        text = "" if run is None else _place_words(run, step)
        if text != self.place.text():
            self.place.setText(text)
            self.place.setToolTip(_thinned_words(run))
        self.track.refresh()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Travel with the arrow keys, Home and End; return whether the key was one of them."""
        by_epoch = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        travel = self._playhead.epoch_by if by_epoch else self._playhead.step_by
        match event.key():
            case Qt.Key.Key_Left:
                travel(-1)
            case Qt.Key.Key_Right:
                travel(1)
            case Qt.Key.Key_Home:
                self._playhead.to_start()
            case Qt.Key.Key_End:
                self._playhead.to_end()
            case _:
                return False
        return True

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, 4, 12, 4)
        row.setSpacing(GRID)
        for widget in (self.play, self.speed, self.track, self.place, self.live):
            row.addWidget(widget, 1 if widget is self.track else 0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @Slot()
    def _show_play(self) -> None:
        self.play.setIcon(self._theme.icon("pause" if self._playhead.is_playing else "run"))

    @Slot(int)
    def _on_speed_chosen(self, index: int) -> None:
        self._playhead.seconds = float(PLAY_SECONDS[index])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Travel."""
        if not self.handle_key(event):
            super().keyPressEvent(event)


class Track(QWidget):
    """The steps from 0 to the last planned one, with what happened along them.

    Pulls from the run and the playhead; keeps what it has drawn, to draw only what is new.
    """

    def __init__(self, controller: TrainingController, playhead: Playhead, theme: Theme) -> None:
        super().__init__()
        self._controller = controller
        self._playhead = playhead
        self._theme = theme
        self._drawn: tuple[object, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setFixedHeight(_TRACK_HEIGHT)
        self.setMinimumWidth(160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Timeline"))
        self.setAccessibleDescription(
            tr(
                "Arrow keys go by step, with Shift by epoch; Home is the start, End the newest "
                "step."
            )
        )
        theme.changed.connect(self.update)

    def refresh(self) -> None:
        """Draw anew what can be seen to differ."""
        run = self._controller.run
        if run is None:
            drawn: tuple[object, ...] = ()
        else:
            drawn = (
                run.number,
                self.last_step,
                round(self.x_of(run.history.step)),
                round(self.x_of(self._playhead.shown_step)),
                len(run.history.rate_changes),
                self._controller.state is RunState.DIVERGED,
            )
        if drawn != self._drawn:
            self._drawn = drawn
            self.update()

    @property
    def last_step(self) -> int:
        """Return the step at the right end."""
        run = self._controller.run
        return 1 if run is None else max(run.planned_steps, run.history.step)

    def x_of(self, step: float) -> float:
        """Return where ``step`` is, in pixels from the left."""
        margin = HANDLE_PIXELS / 2 + 1
        return margin + step / self.last_step * (self.width() - 2 * margin)

    def step_at(self, x: float) -> float:
        """Return the step at ``x``, within the track."""
        margin = HANDLE_PIXELS / 2 + 1
        share = (x - margin) / max(1.0, self.width() - 2 * margin)
        return min(max(share, 0.0), 1.0) * self.last_step

    def borders(self) -> list[tuple[int, float]]:
        """Return the epochs whose end is marked, and where: as many as can be told apart."""
        run = self._controller.run
        if run is None:
            return []
        length, epochs = run.history.steps_per_epoch, self.last_step // run.history.steps_per_epoch
        apart = self.x_of(length) - self.x_of(0)
        every = 1
        while every * apart < _CLOSEST_BORDERS:
            every *= 10
        return [(epoch, self.x_of(epoch * length)) for epoch in range(every, epochs + 1, every)]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw groove, marks and handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, run = self._theme.palette, self._controller.run
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.border))
        left, right = self.x_of(0), self.x_of(self.last_step)
        painter.drawRoundedRect(QRectF(left, _GROOVE_Y - 2, right - left, 4), 2, 2)
        if run is None:
            return
        painter.setBrush(QColor(palette.accent))
        trained = self.x_of(run.history.step)
        painter.drawRoundedRect(QRectF(left, _GROOVE_Y - 2, trained - left, 4), 2, 2)
        self._draw_borders(painter)
        self._draw_rate_changes(painter, run)
        if self._controller.state is RunState.DIVERGED:
            self._draw_cross(painter, trained)
        self._draw_handle(painter)

    def _draw_borders(self, painter: QPainter) -> None:
        palette, free_from = self._theme.palette, 0.0
        painter.setFont(base_font(13))
        painter.setPen(QColor(palette.muted))
        for epoch, x in self.borders():
            painter.drawLine(QLineF(x, _GROOVE_Y - 7, x, _GROOVE_Y + 7))
            if x - _LABEL_ROOM >= free_from:
                rect = QRectF(x - _LABEL_ROOM, _GROOVE_Y + 6, _LABEL_ROOM - 4, 18)
                words = tr("epoch {epoch}").format(epoch=epoch)
                painter.drawText(rect, Qt.AlignmentFlag.AlignRight, words)
                free_from = x

    def _draw_rate_changes(self, painter: QPainter, run: Run) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.palette.text))
        for column in {round(self.x_of(change.step)) for change in run.history.rate_changes}:
            tip = QPointF(column, _GROOVE_Y - 4)
            painter.drawPolygon(QPolygonF([tip, tip + QPointF(-4, -8), tip + QPointF(4, -8)]))

    def _draw_cross(self, painter: QPainter, x: float) -> None:
        painter.setPen(QPen(QColor(self._theme.palette.error), 2.5))
        for slope in (-1, 1):
            painter.drawLine(QLineF(x - 5, _GROOVE_Y - 5 * slope, x + 5, _GROOVE_Y + 5 * slope))

    def _draw_handle(self, painter: QPainter) -> None:
        palette = self._theme.palette
        painter.setPen(QPen(QColor(palette.accent), 2))
        travels = self._playhead.step is not None
        painter.setBrush(QColor(palette.accent if travels or self.hasFocus() else palette.surface))
        centre = QPointF(self.x_of(self._playhead.shown_step), _GROOVE_Y)
        painter.drawEllipse(centre, HANDLE_PIXELS / 2 - 1, HANDLE_PIXELS / 2 - 1)

    def sizeHint(self) -> QSize:
        """Take what there is."""
        return QSize(400, _TRACK_HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the step that is pressed."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._playhead.go_to(self.step_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse while it is pressed."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._playhead.go_to(self.step_at(event.position().x()))

    def event(self, event: QEvent) -> bool:
        """Say what is under the mouse."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words_at(event.pos().x()), self)
            return True
        return super().event(event)

    def words_at(self, x: float) -> str:
        """Return what there is to say about the place ``x``."""
        run = self._controller.run
        if run is None:
            return ""
        for change in run.history.rate_changes:
            if abs(self.x_of(change.step) - x) <= HANDLE_PIXELS / 2:
                return tr("From step {step} on the learning rate is {rate}.").format(
                    step=format_whole(change.step), rate=format_real(change.learning_rate)
                )
        return tr("step {step}").format(step=format_whole(round(self.step_at(x))))


def _place_words(run: Run, step: int) -> str:
    return tr("step {step} · batch {batch} · epoch {epoch}").format(
        step=format_whole(step),
        batch=format_whole(run.batch_at(step)),
        epoch=format_whole(run.epoch_at(step)),
    )


def _thinned_words(run: Run | None) -> str:
    if run is None or run.history.stride == 1:
        return ""
    return tr("Of this long run every {stride}th step is kept; the nearest one is shown.").format(
        stride=format_whole(run.history.stride)
    )

"""The timeline under the pictures: every step of the run, and the step on show."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton

from linreg_gui.look.controls import fill, set_least_width, text_label
from linreg_gui.look.plain import set_tip
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.theme import GRID, Theme
from linreg_gui.number_text import whole
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr
from linreg_gui.threads.playhead import Playhead, Watched
from linreg_gui.widgets.window.timeline_track import Track, place_words

_LEAST_PLACE_PIXELS = 208
"""The lesson's run needs this much, so the track keeps its length when that run is prepared."""
_LEAST_TRACK_PIXELS = 180
"""The words are short where they would leave less than this for the track and the gaps."""


class Timeline(QFrame):
    """Play, the track, the step on show in words, and the way back to live.

    It reads the run and the playhead at each `refresh`.

    Attributes
    ----------
    playhead : Playhead
        Travels along it.
    play, live : QToolButton
        Play the run again; follow the newest step.
    track : Track
        The steps.
    step : QLabel
        The step on show, and its epoch.
    """

    def __init__(self, controller: Watched, playhead: Playhead, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._controller = controller
        self.playhead = playhead
        self._theme = theme
        self.play = _button()
        self.play.clicked.connect(playhead.toggle_play)
        self.track = Track(controller, playhead, theme)
        self.step = text_label("", wraps=False)
        self.live = _button(tr("Live"))
        set_tip(self.live, tr("Follow the newest step (F)"))
        self.live.setCheckable(True)
        self.live.clicked.connect(playhead.go_live)
        self._lay_out()
        controller.state_changed.connect(self.refresh)
        controller.run_prepared.connect(self.refresh)
        playhead.moved.connect(self.refresh)
        playhead.traveled.connect(self.refresh)
        playhead.playing_changed.connect(self._show_icons)
        theme.changed.connect(self._show_icons)
        theme.changed.connect(self.refresh)
        self._show_icons()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the run and the step on show as they are now."""
        run = self._controller.run
        live = run is not None and self.playhead.is_live
        self.play.setEnabled(run is not None and run.history.step > 0)
        self.live.setEnabled(run is not None)
        if live != self.live.isChecked():
            self.live.setChecked(live)
            self._show_icons()
        if run is None:
            set_least_width(self.step, px(_LEAST_PLACE_PIXELS))
        else:
            self._show_place(run)
        self.track.refresh()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Travel with the arrow keys, Home and End; return whether the key was one of these."""
        by_epoch = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        travel = self.playhead.epoch_by if by_epoch else self.playhead.step_by
        match event.key():
            case Qt.Key.Key_Left:
                travel(-1)
            case Qt.Key.Key_Right:
                travel(1)
            case Qt.Key.Key_Home:
                self.playhead.go_to(0)
            case Qt.Key.Key_End:
                self.playhead.to_end()
            case _:
                return False
        return True

    def _lay_out(self) -> None:
        fill(
            QHBoxLayout(self),
            *(self.play, self.track, self.step, self.live),
            margins=(GRID, 1, GRID, 1),
            stretch=self.track,
        )
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _show_place(self, run: Run) -> None:
        """Say which step is on show, with room for the last one: so the track keeps its length."""
        step, last, stride = self.playhead.shown_step, self.track.last_step, run.history.stride
        thinned = tip = ""
        if stride > 1:
            thinned = " · " + tr("1 in {stride} kept").format(stride=whole(stride))
            tip = tr(
                "This run is long: 1 in {stride} of its steps is kept. You see the nearest one."
            ).format(stride=whole(stride))
        set_tip(self.step, tip or place_words(run, step))
        words = _share_words(run, step, last) + ("" if self.playhead.is_live else thinned)
        longest = self._width_of(_share_words(run, last, last) + thinned)
        buttons = self.play.sizeHint().width() + self.live.sizeHint().width()
        if longest > self.width() - buttons - px(_LEAST_TRACK_PIXELS):
            words, longest = _step_words(step), self._width_of(_step_words(last))
        else:
            longest = max(longest, px(_LEAST_PLACE_PIXELS))
        self.step.setText(words)
        set_least_width(self.step, longest)

    def _width_of(self, words: str) -> int:
        return self.step.fontMetrics().horizontalAdvance(words) + 2

    @Slot()
    def _show_icons(self) -> None:
        playing, live = self.playhead.is_playing, self.live.isChecked()
        words = tr("Pause") if playing else tr("Play")
        self.play.setIcon(self._theme.icon("pause" if playing else "run"))
        self.play.setAccessibleName(words)
        set_tip(self.play, f"{words} (P)")
        color = self._theme.palette.accent if live else None
        self.live.setIcon(self._theme.icon("live" if live else "not-live", color))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose long words or short ones."""
        super().resizeEvent(event)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Travel, and leave all other keys to the window."""
        if not self.handle_key(event):
            super().keyPressEvent(event)


def _button(words: str = "") -> QToolButton:
    """Return a button that a click does not focus, because it has a key."""
    button = QToolButton()
    button.setProperty("compact", True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    keep_scaled(button, setIconSize=18)
    if words:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setText(words)
    return button


def _step_words(step: int) -> str:
    return tr("step {step}").format(step=whole(step))


def _share_words(run: Run, step: int, last: int) -> str:
    return tr("step {step} of {last} · epoch {epoch}").format(
        step=whole(step), last=whole(last), epoch=whole(run.epoch_at(step))
    )

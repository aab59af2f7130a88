"""Full screen, and the presentation: what a class does not need goes away."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Slot
from PySide6.QtGui import QAction, QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from linreg_gui.look.scale import keep_scaled, px

if TYPE_CHECKING:
    from linreg_gui.widgets.window.main_window import MainWindow

SCALE = 1.75
"""The scale of a presentation, unless a person has chosen a larger one."""

_HALO_PIXELS = 44


class Presentation(QObject):
    """Takes the window to full screen and back, as it was before.

    Attributes
    ----------
    is_full_screen, is_presenting : bool
        What is going on.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.is_full_screen = self.is_presenting = False
        self._scale_before = 1.0
        self._was_maximized = False
        self._open_before: list[QAction] = []
        self._halo: PointerHalo | None = None

    @Slot(bool)
    def show_full_screen(self, wanted: bool) -> None:
        """Show only picture, timeline and numbers on the whole screen, or everything again."""
        if wanted == self.is_full_screen:
            return
        window = self._window
        self.is_full_screen = wanted
        if wanted:
            self._was_maximized = window.stage.is_maximized
            panels = [*window.session.switches.values(), window.actions_of.settings]
            self._open_before = [each for each in panels if each.isChecked()]
            window.side.is_making_room = True
            window.session.hold_prediction(held=True)
            for each in self._open_before:
                each.setChecked(False)
            window.side.is_making_room = False
        window.menuBar().setVisible(not wanted)
        window.run_bar.setVisible(not wanted)
        window.contents.use_edges(wanted=wanted)
        window.stage.maximize(wanted=wanted or self._was_maximized)
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)
        if not wanted and not window.side.wanted_width:  # a person may have opened another panel
            for each in self._open_before:
                each.setChecked(True)
            window.setFocus()  # not the first field of a panel, which would take the keys
        if not wanted:
            window.session.hold_prediction(held=False)
            window.side.leave_closed()
        window.actions_of.full_screen.setChecked(wanted)

    @Slot(bool)
    def present(self, wanted: bool) -> None:
        """Enlarge everything, go to full screen and mark the mouse, or go back."""
        if wanted == self.is_presenting:
            return
        theme = self._window.session.theme
        self.is_presenting = wanted
        if wanted:
            self.show_full_screen(wanted=True)  # first: larger panels may not fit side by side
            self._scale_before = theme.scale
            theme.set_scale(max(SCALE, theme.scale))
            self._halo = PointerHalo(self._window)
        else:
            theme.set_scale(self._scale_before)
            if self._halo is not None:
                self._halo.end()
                self._halo = None
            self.show_full_screen(wanted=False)
        self._window.actions_of.presentation.setChecked(wanted)

    def leave(self) -> bool:
        """Go back to the usual window; return whether there was anything to leave."""
        was_away = self.is_full_screen or self.is_presenting
        self.end()
        return was_away

    def end(self) -> None:
        """Go back to the usual window."""
        self.present(wanted=False)
        self.show_full_screen(wanted=False)


class PointerHalo(QWidget):
    """A ring around the mouse that can be seen from the last row."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._theme = window.session.theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        keep_scaled(self, resize=(_HALO_PIXELS, _HALO_PIXELS))
        self._application = QApplication.instance()
        assert self._application is not None
        self._application.installEventFilter(self)

    def end(self) -> None:
        """Remove the ring."""
        assert self._application is not None
        self._application.removeEventFilter(self)
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the mouse."""
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            place = self._window.mapFromGlobal(event.globalPosition().toPoint())
            self.move(place - QPoint(self.width() // 2, self.height() // 2))
            self.show()
            self.raise_()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = QColor(self._theme.palette.accent)
        painter.setPen(QPen(color, px(3)))
        color.setAlpha(40)
        painter.setBrush(color)
        margin = px(3)
        painter.drawEllipse(self.rect().adjusted(margin, margin, -margin, -margin))

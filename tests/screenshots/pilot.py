"""Uses the window as a person does: keys, clicks, and waiting."""

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu, QWidget

from linreg_gui.runs.states import RunState
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import let_the_worker_pass, wait_until

_SETTLING_ROUNDS = 3


class Pilot:
    """Shows ``window``, presses its keys and buttons, and takes pictures of it.

    MXNet does not load before somebody asks for it.

    Attributes
    ----------
    window : MainWindow
        The window.
    controller : TrainingController
        Its run.
    """

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.controller = window.controller
        window.completion.ended.disconnect(self.controller.load)
        window.show()
        wait_until(lambda: window.completion.has_ended)

    def wait_for_state(self, *states: RunState) -> None:
        """Let the program work until the run is in one of ``states``."""
        wait_until(lambda: self.controller.state in states)

    def wait_for_step(self, step: int) -> None:
        """Let the program work until the run has got to ``step``."""
        wait_until(lambda: self.controller.run and self.controller.run.history.step >= step)

    def settle(self) -> None:
        """Let the program do and show all that it was asked for."""
        for _ in range(_SETTLING_ROUNDS):
            if self.controller.state is not RunState.LOADING:
                let_the_worker_pass(self.controller)
            QApplication.processEvents()
            self.window.refresher.refresh_all()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        QApplication.sendPostedEvents()  # what a timer has just changed gets its place

    def press(self, key: Qt.Key) -> None:
        """Press a key while no control has the focus."""
        self.window.activateWindow()
        wait_until(self.window.isActiveWindow)
        self.window.setFocus()
        QTest.keyClick(self.window, key)
        QApplication.processEvents()

    def click(self, widget: QWidget) -> None:
        """Click on ``widget``."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        QApplication.processEvents()

    def enter(self, field: QLineEdit, text: str) -> None:
        """Type ``text`` into ``field`` in place of what is there."""
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        QApplication.processEvents()

    def resize(self, width: int, height: int) -> None:
        """Give the window this size."""
        self.window.resize(width, height)
        QApplication.processEvents()

    def extra_windows(self) -> list[QWidget]:
        """Return the open menus and dialogs."""
        windows = QApplication.topLevelWidgets()
        return [each for each in windows if each.isVisible() and isinstance(each, QDialog | QMenu)]

    def take_picture(self) -> QPixmap:
        """Return a picture of the window, with the menus and dialogs that lie over it."""
        tops = [self.window, *self.extra_windows()]
        places = [QRect(top.mapToGlobal(QPoint(0, 0)), top.size()) for top in tops]
        whole = places[0]
        for place in places:
            whole = whole.united(place)
        ratio = self.window.devicePixelRatio()
        picture = QPixmap(whole.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(self.window.palette().window().color())
        painter = QPainter(picture)
        for top, place in zip(tops, places, strict=True):
            painter.drawPixmap(place.topLeft() - whole.topLeft(), top.grab())
        painter.end()
        return picture

"""However long a person drags the learning rate, the drag leaves one mark: where it ended."""

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from linreg_gui.widgets.window.main_window import MainWindow
from linreg_gui.widgets.window.rate_bar import RateSlider
from tests.support import settle


def test_a_drag_of_the_slider_leaves_one_mark(window: MainWindow, qtbot: QtBot) -> None:
    controller = window.controller
    slider = window.findChild(RateSlider)
    assert slider is not None
    middle = slider.height() // 2

    def step() -> None:
        controller.step()
        settle(controller)

    step()
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() // 8, middle))
    step()
    for share in (0.3, 0.4, 0.5):
        qtbot.mouseMove(slider, QPoint(round(share * slider.width()), middle))
        step()
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() // 2, middle))
    step()
    run = controller.run
    assert run is not None
    assert len(run.history.rate_changes) == 4
    (mark,) = run.history.rate_marks
    assert mark.learning_rate == controller.settings.learning_rate
    assert mark.step == 5

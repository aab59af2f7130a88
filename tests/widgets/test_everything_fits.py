"""No text is cut, covered, out of reach or unfit, in any state of the run, size of window or text.

`tests.screenshots` brings the window into the states, and finds what does not fit.
"""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from linreg_gui.application import create_window
from linreg_gui.widgets.panels.registry import PANELS
from linreg_gui.widgets.window.main_window import MainWindow
from tests.screenshots.fit import misfits
from tests.screenshots.pilot import Pilot
from tests.screenshots.plan import LARGE_TEXT, SCREENS, VIEWS_IN, is_menu
from tests.screenshots.states import STATES
from tests.screenshots.views import VIEWS
from tests.support import LastingThread
from tests.visible_texts import bad_texts

SIZES = list(dict.fromkeys((screen.width, screen.height) for screen in SCREENS))
SCALES = (1.0, LARGE_TEXT)

SMALL = QSize(960, 500)


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("state", STATES)
def test_no_text_is_cut(
    qapp: QApplication, lasting_thread: LastingThread, state: str, scale: float
) -> None:
    window = create_window(qapp, background=lasting_thread)
    pilot = Pilot(window)
    try:
        STATES[state](pilot)
        window.session.theme.set_scale(scale)
        found = [line for size in SIZES for line in _misfits_in(state, pilot, *size)]
    finally:
        window.session.theme.set_scale(1.0)
        window.close()
        window.deleteLater()
    assert not found, "\n".join(found)


def _misfits_in(state: str, pilot: Pilot, width: int, height: int) -> list[str]:
    pilot.resize(width, height)
    found = []
    for view in VIEWS_IN[state]:
        if not is_menu(view):  # a menu is as large as its words
            with VIEWS[view](pilot):
                pilot.settle()
                place = f"{view} at {width}x{height}: "
                windows = pilot.window, *pilot.extra_windows()
                found += [place + each for each in (*misfits(*windows), *bad_texts(*windows))]
    return found


@pytest.mark.parametrize("scale", SCALES)
def test_the_window_never_needs_more_than_a_small_screen(window: MainWindow, scale: float) -> None:
    window.session.theme.set_scale(scale)
    for switch in (window.actions_of.settings, *(window.session.switches[each] for each in PANELS)):
        switch.setChecked(True)
        QApplication.processEvents()
        assert window.minimumSizeHint().boundedTo(SMALL) == window.minimumSizeHint(), switch.text()
        switch.setChecked(False)
    window.session.theme.set_scale(1.0)

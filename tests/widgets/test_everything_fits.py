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
from tests.screenshots.plan import LARGE_TEXT, VIEWS_IN, is_menu
from tests.screenshots.states import STATES
from tests.screenshots.views import VIEWS
from tests.visible_texts import bad_texts

SIZES = [(960, 500, 1.0), (1280, 800, 1.0), (960, 500, LARGE_TEXT), (1920, 1080, LARGE_TEXT)]
"""Widths and heights of the window, with the scale of the text."""

SMALL = QSize(960, 500)


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize("state", STATES)
def test_no_text_is_cut(qapp: QApplication, state: str) -> None:
    window = create_window(qapp)
    window.painted.disconnect(window.controller.load)  # a state asks for it
    window.show()
    pilot = Pilot(window)
    try:
        STATES[state](pilot)
        found = [line for place in SIZES for line in _misfits_in(state, pilot, *place)]
    finally:
        window.session.theme.set_scale(1.0)
        window.close()
        window.deleteLater()
    assert not found, "\n".join(found)


def _misfits_in(state: str, pilot: Pilot, width: int, height: int, scale: float) -> list[str]:
    pilot.window.session.theme.set_scale(scale)
    pilot.resize(width, height)
    found = []
    for view in VIEWS_IN[state]:
        if not is_menu(view):  # a menu is as large as its words
            with VIEWS[view](pilot):
                pilot.settle()
                place = f"{view} at {width}x{height}, {scale:.0%}: "
                windows = pilot.window, *pilot.extra_windows()
                found += [place + each for each in (*misfits(*windows), *bad_texts(*windows))]
    return found


@pytest.mark.parametrize("scale", [1.0, LARGE_TEXT])
def test_the_window_never_needs_more_than_a_small_screen(window: MainWindow, scale: float) -> None:
    window.session.theme.set_scale(scale)
    for switch in (window.actions_of.settings, *(window.session.switches[each] for each in PANELS)):
        switch.setChecked(True)
        QApplication.processEvents()
        assert window.minimumSizeHint().boundedTo(SMALL) == window.minimumSizeHint(), switch.text()
        switch.setChecked(False)
    window.session.theme.set_scale(1.0)

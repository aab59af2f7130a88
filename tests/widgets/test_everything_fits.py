"""No text is cut, covered, out of reach or unfit, in any state of the run, size of window or text.

`tests.screenshots` brings the window into the states, and finds what does not fit.
"""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from linreg_gui.application import create_window
from linreg_gui.widgets.panels.registry import PANELS
from linreg_gui.widgets.window.main_window import MainWindow
from tests.screenshots.fit import misfits
from tests.screenshots.pilot import Pilot
from tests.screenshots.plan import LARGE_TEXT, is_menu, shots
from tests.screenshots.states import STATES
from tests.screenshots.views import VIEWS
from tests.support import LastingThread
from tests.visible_texts import bad_texts

SCALES = (1.0, LARGE_TEXT)

SMALL = QSize(960, 500)


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize("state", STATES)
def test_no_text_is_cut(qapp: QApplication, lasting_thread: LastingThread, state: str) -> None:
    window = create_window(qapp, background=lasting_thread)
    pilot = Pilot(window)
    try:
        STATES[state](pilot)
        found = list(_misfits_in(state, pilot))
    finally:
        window.session.theme.set_scale(1.0)
        window.close()
        window.deleteLater()
    assert not found, "\n".join(found)


def _misfits_in(state: str, pilot: Pilot) -> Iterator[str]:
    """Look at what the screenshots of ``state`` show; menus are as large as their words."""
    looks = {
        (shot.scale, shot.screen.width, shot.screen.height, shot.view)
        for shot in shots()
        if shot.state == state and not is_menu(shot.view)
    }
    for scale, width, height, view in sorted(looks):
        pilot.window.session.theme.set_scale(scale)
        pilot.resize(width, height)
        with VIEWS[view](pilot):
            pilot.settle()
            windows = pilot.window, *pilot.extra_windows()
            for misfit in (*misfits(*windows), *bad_texts(*windows)):
                yield f"{view} at {width}x{height}, {scale:.0%}: {misfit}"


@pytest.mark.parametrize("scale", SCALES)
def test_the_window_never_needs_more_than_a_small_screen(window: MainWindow, scale: float) -> None:
    window.session.theme.set_scale(scale)
    for switch in (window.actions_of.settings, *(window.session.switches[each] for each in PANELS)):
        switch.setChecked(True)
        QApplication.processEvents()
        assert window.minimumSizeHint().boundedTo(SMALL) == window.minimumSizeHint(), switch.text()
        switch.setChecked(False)
    window.session.theme.set_scale(1.0)

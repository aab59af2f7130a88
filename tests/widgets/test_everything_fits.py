"""No text is cut, covered, out of reach or unfit, in any state of the run, size of window or text.

`tests.screenshots` brings the window into the states, and finds what does not fit.
"""

import itertools
from collections.abc import Iterable, Iterator
from operator import attrgetter

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from linreg_gui.application import create_window
from linreg_gui.look.theme import Theme
from linreg_gui.plots.announcement import AnnouncementLayer
from linreg_gui.plots.card import PlotCard
from linreg_gui.widgets.panels.registry import PANELS
from linreg_gui.widgets.window.main_window import MainWindow
from tests.pseudo_languages import LONGER
from tests.screenshots.fit import misfits
from tests.screenshots.pilot import Pilot
from tests.screenshots.plan import LARGE_TEXT, Shot, is_dialog, is_menu, shots
from tests.screenshots.states import STATES
from tests.screenshots.views import VIEWS
from tests.support import LastingThread
from tests.visible_texts import bad_texts
from tests.widgets.test_languages_fit import STATES_IN

SCALES = (1.0, LARGE_TEXT)

SMALL = QSize(960, 500)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_no_text_is_cut_in_any_state(qapp: QApplication, lasting_thread: LastingThread) -> None:
    window = create_window(qapp, background=lasting_thread)
    pilot = Pilot(window)
    window.setUpdatesEnabled(False)  # nobody looks, and painting takes long
    try:
        found = [each for state, looks in _walk() for each in _misfits_in(state, looks, pilot)]
    finally:
        window.session.theme.set_scale(1.0)
        window.close()
        window.deleteLater()
    assert not found, "\n".join(found)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_words_on_one_another_in_a_picture_are_found(qtbot: QtBot, theme: Theme) -> None:
    picture = PlotCard("Picture", "x", "y", theme)
    qtbot.addWidget(picture)
    picture.resize(600, 400)
    layers = [AnnouncementLayer(), AnnouncementLayer()]
    picture.canvas.add_layers(*layers)
    picture.show()
    for layer, words in zip(layers, ("one", "other"), strict=True):
        layer.announce(words)
    (found,) = misfits(picture)
    assert "'other' lies on 'one'" in found
    layers[1].hide()
    assert not misfits(picture)


def _walk() -> Iterator[tuple[str, list[Shot]]]:
    """Yield each state and how it is looked at; its first look has the scale of the one before."""
    by_room = attrgetter("scale", "screen")
    for number, state in enumerate(STATES):
        yield (
            state,
            sorted(_looks(state), key=by_room, reverse=number % 2 == 1),
        )


def _misfits_in(state: str, looks: Iterable[Shot], pilot: Pilot) -> Iterator[str]:
    STATES[state](pilot)
    for shot in looks:
        pilot.window.session.theme.set_scale(shot.scale)
        pilot.resize(shot.screen.width, shot.screen.height)
        with VIEWS[shot.view](pilot):
            pilot.settle()
            windows = pilot.window, *pilot.extra_windows()
            for misfit in (*misfits(*windows), *bad_texts(*windows)):
                yield f"{shot.name}: {misfit}"


def _looks(state: str) -> set[Shot]:
    """Return of each view the screenshots in which it has least and most room.

    Where a longer language is walked through the state, least is enough, but for dialogs.
    """
    views: dict[str, list[Shot]] = {}
    for shot in shots():
        if shot.state == state and not is_menu(shot.view):  # menus are as large as their words
            views.setdefault(shot.view, []).append(shot)
    chosen = {min(several, key=_room) for several in views.values()}
    for view, several in views.items():
        if state not in STATES_IN[LONGER] or is_dialog(view):
            chosen.add(max(several, key=_room))
    return chosen


def _room(shot: Shot) -> float:
    return shot.screen.width * shot.screen.height / shot.scale**2


def test_the_window_never_needs_more_than_a_small_screen(window: MainWindow) -> None:
    panels = [window.session.switches[each] for each in PANELS]
    for scale, switch in itertools.product(SCALES, (window.actions_of.settings, *panels)):
        window.session.theme.set_scale(scale)
        switch.setChecked(True)
        QApplication.processEvents()
        needed = window.minimumSizeHint()
        assert needed.boundedTo(SMALL) == needed, (switch.text(), scale)
        switch.setChecked(False)

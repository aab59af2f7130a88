"""In a longer language and in one from right to left, every text fits and none is English.

The longer one has a decimal comma, and no number has a point.
"""

import re
from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtWidgets import QApplication

from linreg_gui.application import create_window
from linreg_gui.languages import NAMES, decimal_mark
from linreg_gui.look.words_of_qt import speak_in_qt
from tests.pseudo_languages import LONGER, MIRRORED, spoken
from tests.screenshots.fit import misfits
from tests.screenshots.pilot import Pilot
from tests.screenshots.plan import LARGE_TEXT, VIEWS_IN, is_dialog
from tests.screenshots.states import LONG_NAMES, STATES
from tests.screenshots.views import VIEWS
from tests.support import LastingThread
from tests.visible_texts import painted_texts, visible_texts

STATES_IN = {LONGER: ("ready", "paused", "edited"), MIRRORED: ("paused",)}
"""Where most texts are. ``python3 tests --screenshots`` looks at all the others, too.

English, which is shorter, has room enough where `LONGER` fits.
"""
SIZES = {LONGER: ((1280, 800, 1.0), (1366, 768, LARGE_TEXT)), MIRRORED: ((1280, 800, 1.0),)}
"""Which views have in turn. Dialogs, which have less room with large text, have the first."""

PLAIN = re.compile(r"(?<![^\W\d_])[A-Za-z]{3,}(?![^\W\d_])")
WITH_POINT = re.compile(r"\d\.\d")
QUOTED = re.compile("“[^“”]*”|\\S+[.]\\w+")
SAME = {
    *PLAIN.findall(" ".join((*NAMES.values(), *LONG_NAMES))),
    # keys
    "Alt", "Backspace", "Ctrl", "Down", "Enter", "Esc", "Left", "Right", "Shift", "Space",
    # formulas and code
    "RMSE", "bias", "dot", "grad", "hat", "loss", "noise", "std", "weights",
    # names, and tables that the test opens
    "Anna", "Bern", "Basel", "Ben", "Ana", "Cleo", "Bureau", "Census", "Galton", "Hubble",
    "Leroy", "LinReg", "Longley", "NIST", "Norris", "Rousseeuw", "Anscombe", "BOM", "DOS",
    "Latin", "Mac", "Roman", "UTF", "the", "Price", "house", "name", "place", "table", "long",
    "with", "houses", "income", "illiteracy", "high", "school", "graduates", "year", "next",
    "are", "Average", "Janu", "sand", "dollars", "Median", "Population",
    "Export",  # in a menu of pyqtgraph that nobody sees
}  # fmt: skip
"""Words that are the same in every language."""


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize("code", STATES_IN)
def test_everything_is_translated_and_fits(
    qapp: QApplication, lasting_thread: LastingThread, code: str
) -> None:
    with spoken(code), painted_texts() as painted:
        window = create_window(qapp, background=lasting_thread)
        pilot = Pilot(window)
        try:
            found = [
                f"{state}, {each}"
                for state in STATES_IN[code]
                for each in _complaints(state, pilot, SIZES[code], painted)
            ]
        finally:
            window.session.theme.set_scale(1.0)
            window.close()
            window.deleteLater()
    speak_in_qt(qapp)
    assert not found, "\n".join(found)


def _complaints(
    state: str, pilot: Pilot, sizes: Sequence[tuple[int, int, float]], painted: set[str]
) -> Iterator[str]:
    STATES[state](pilot)
    looks = [
        (sizes[0 if is_dialog(view) else number % len(sizes)], view)
        for number, view in enumerate(VIEWS_IN[state])
        if view != "help-about"  # names of packages and licenses
    ]
    for (width, height, scale), view in sorted(looks):  # a change of scale takes long
        pilot.window.session.theme.set_scale(scale)
        pilot.resize(width, height)
        with VIEWS[view](pilot):
            pilot.settle()
            windows = pilot.window, *pilot.extra_windows()
            texts = [("painted", text) for text in painted]
            texts += [each for window in windows for each in visible_texts(window)]
            points = _with_point(texts) if decimal_mark() == "," else ()
            for complaint in (*misfits(*windows), *_english(texts), *points):
                yield f"{view} at {width}x{height}, {scale:.0%}: {complaint}"
            painted.clear()


def _with_point(texts: Sequence[tuple[str, str]]) -> Iterator[str]:
    for place, text in texts:
        is_of_file = place == "cell of TablePreview"
        if not is_of_file and WITH_POINT.search(QUOTED.sub("", text)):
            yield f"{place}: a number with a point in {text[:80]!r}"


def _english(texts: Sequence[tuple[str, str]]) -> Iterator[str]:
    for place, text in texts:
        if words := set(PLAIN.findall(QUOTED.sub("", text))) - SAME:
            yield f"{place}: English “{min(words)}” in {text[:80]!r}"

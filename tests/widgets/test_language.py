"""The language is switched while the window is open: every word changes, and nothing else."""

import re
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from linreg_gui.application import ShownWindow, create_window
from linreg_gui.languages import ENGLISH, NAMES, language, speak
from linreg_gui.look.words_of_qt import speak_in_qt
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Engine
from linreg_gui.widgets.panels.registry import CONTRASTS, GUIDE, LOG, MY_LINE, PREDICT_FIRST, STEP
from linreg_gui.widgets.window.anew import made_anew, obstacle
from linreg_gui.widgets.window.main_window import MainWindow
from linreg_gui.widgets.window.view_state import view_state
from tests.pseudo_languages import LONGER, spoken
from tests.support import LastingThread
from tests.visible_texts import visible_texts

WaitFor = Callable[[Callable[[], object]], None]

PLAIN = re.compile(r"(?<![^\W\d_])[A-Za-z]{3,}(?![^\W\d_])")
NAMES_AND_KEYS = {
    "Backspace", "Ctrl", "Down", "Enter", "Esc", "Export", "Left", "LinReg", "Right", "Shift",
    "Space", "grad", "hat", *PLAIN.findall(" ".join(NAMES.values())),
}  # fmt: skip
"""Words that are the same in every language; “Export...” is pyqtgraph's, and never seen."""


def plain_words(window: MainWindow) -> set[str]:
    """Return the words that are still English in the pseudo-language."""
    words = {word for _, text in visible_texts(window) for word in PLAIN.findall(text)}
    return words - NAMES_AND_KEYS


@pytest.fixture
def shown(
    qapp: QApplication, qtbot: QtBot, lasting_thread: LastingThread, wait_for: WaitFor
) -> Iterator[ShownWindow]:
    window = create_window(qapp, background=lasting_thread)
    shown = ShownWindow(qapp, window, None)
    window.show()
    wait_for(lambda: window.controller.state is RunState.READY and bool(window.controller.run))
    yield shown
    controller = shown.window.controller
    assert shown.window.close()
    for each in (controller, shown.window, shown):
        each.deleteLater()
    speak(ENGLISH)
    speak_in_qt(qapp)


def test_every_word_changes_while_a_run_trains_and_no_number(
    shown: ShownWindow, wait_for: WaitFor
) -> None:
    window, controller = shown.window, shown.window.controller
    window.session.switches[STEP].setChecked(True)
    controller.start()
    wait_for(lambda: bool(controller.run and controller.run.history.step > 200))
    run = controller.run
    assert run is not None
    assert {"Run", "step", "Data"} <= plain_words(window)
    with spoken(LONGER):
        window = shown.window = made_anew(window)
        assert controller.state is RunState.RUNNING
        assert controller.run is run
        step = run.history.step
        wait_for(lambda: run.history.step > step + 50)
        controller.pause()
        window.refresher.refresh_all()
        assert plain_words(window) == set()
        w0 = window.readout.parameters[0].number.text()
    shown.window = made_anew(window)
    shown.window.refresher.refresh_all()
    assert {"Run", "step", "Data"} <= plain_words(shown.window)
    assert not any("þ" in text for _, text in visible_texts(shown.window))
    assert shown.window.readout.parameters[0].number.text() == w0
    assert str(controller.state) == RunState.PAUSED


def test_what_a_person_has_made_is_still_there(shown: ShownWindow, wait_for: WaitFor) -> None:
    window, controller = shown.window, shown.window.controller
    session = window.session
    controller.change_setting("engine", Engine.INSTANT)
    controller.reset()
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    session.switches[MY_LINE].setChecked(True)
    session.guesses.keep("Ana")
    session.kept_runs.rename(session.kept_runs.runs[0], "first")
    session.guide.go_to(3)
    session.predict_first.set_person("Ana")
    session.playhead.go_to(1234)
    window.stage.show_picture(window.pictures[1])
    window.side.panel(LOG).text.appendPlainText("a line")
    window.resize(1100, 720)
    view, log = view_state(window), window.side.panel(LOG).text.toPlainText()
    with spoken(LONGER):
        shown.window = window = made_anew(window)
    session = window.session
    assert view_state(window) == view
    assert [guess.name for guess in session.guesses.kept] == ["Ana"]
    assert [kept.name for kept in session.kept_runs.runs] == ["first"]
    assert (session.guide.index, session.predict_first.person) == (3, "Ana")
    assert window.side.panel(LOG).text.toPlainText() == log
    assert (window.width(), window.height()) == (1100, 720)
    assert window.document.made() == window.document.made()
    assert session.guide.stops[0].title.startswith("[")


def test_the_new_window_works_like_the_first(shown: ShownWindow, wait_for: WaitFor) -> None:
    with spoken(LONGER):
        window = shown.window = made_anew(shown.window)
        controller = window.controller
        for spec in (GUIDE, CONTRASTS, PREDICT_FIRST):
            window.session.switches[spec].setChecked(True)
        controller.change_setting("learning_rate", 0.02)
        controller.start()
        wait_for(lambda: controller.state is RunState.COMPLETED)
        assert window.picture(type(window.pictures[1])).run is controller.run
        assert len(window.session.kept_runs.runs) == 1
        assert plain_words(window) <= {"y", "X"} | plain_words_of_code(window)


def plain_words_of_code(window: MainWindow) -> set[str]:
    """Return the names that the texts of the guide quote from its code."""
    return {"bias", "noise", "std", "weights"}


def test_a_lesson_that_is_open_goes_on_in_the_other_language(
    shown: ShownWindow, wait_for: WaitFor
) -> None:
    session = shown.window.session
    session.lessons.open("why-batches")
    wait_for(lambda: session.is_in_lesson)
    english = session.lesson_run.lesson
    assert english is not None
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        session = shown.window.session
        lesson = session.lesson_run.lesson
        assert lesson is not None
        assert english.title == "Why batches?"
        assert lesson.title.startswith("[Ŵĥý báţçĥéš?")
        assert len(lesson.pages) == len(english.pages)
        session.lessons.leave()
        wait_for(lambda: not session.is_in_lesson)


def test_the_menu_lists_the_languages_and_switches(
    shown: ShownWindow, wait_for: WaitFor, qapp: QApplication
) -> None:
    first = shown.window
    action(first, "Deutsch").trigger()
    wait_for(lambda: shown.window is not first)
    assert language() == "de"
    assert action(shown.window, "Deutsch").isChecked()
    assert qapp.translate("QLineEdit", "&Undo") != "&Undo"
    action(shown.window, "English").trigger()
    wait_for(lambda: language() == ENGLISH)
    assert qapp.translate("QLineEdit", "&Undo") == "&Undo"


def action(window: MainWindow, words: str) -> QAction:
    actions = window.actions_of.findChildren(QAction)
    return next(each for each in actions if each.text() == words)


def test_the_chosen_language_is_remembered(
    shown: ShownWindow, wait_for: WaitFor, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = QSettings(str(tmp_path_factory.mktemp("s") / "a.ini"), QSettings.Format.IniFormat)
    shown._store, first = store, shown.window
    first.language_wanted.emit("fr")
    wait_for(lambda: shown.window is not first)
    assert store.value("language") == "fr"


def test_a_lesson_that_is_being_made_is_saved_first(shown: ShownWindow) -> None:
    window = shown.window
    assert obstacle(window) == ""
    window.session.lessons.composer.add_page()
    assert "save it, then choose the language" in obstacle(window)

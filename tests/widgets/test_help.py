"""The pages of the Help menu: keys, first steps, and About."""

import re
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from linreg_gui.look.theme import Mode, Theme
from linreg_gui.resources import resource_path
from linreg_gui.runs.states import RunState
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.help import self_test_page
from linreg_gui.widgets.help.about import About, licenses, versions
from linreg_gui.widgets.help.page import Page
from linreg_gui.widgets.help.shortcuts import ShortcutSheet, key_of
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import run_python

pytestmark = [
    pytest.mark.usefixtures("shared_window"),
    pytest.mark.qt_log_ignore("This plugin does not support"),
]

WaitFor = Callable[[Callable[[], bool]], None]

MXNET = version("mxnet")
PAGES = ("first_steps", "keys", "about", "self_test")


@pytest.fixture(params=PAGES)
def page(window: MainWindow, request: pytest.FixtureRequest) -> Page:
    return shown(window, request.param)


def shown(window: MainWindow, name: str) -> Page:
    page: Page = getattr(window.help, name)
    page.present()
    return page


def plain(words: str) -> str:
    return words.partition("\t")[0].replace("&", "").removesuffix("…")


class TestEveryPage:
    def test_closes_with_escape_and_leaves_the_run_alone(
        self, window: MainWindow, page: Page, qtbot: QtBot
    ) -> None:
        window.controller.start()
        assert page.isVisible()
        assert page.text.hasFocus()
        qtbot.keyClick(page.text, Qt.Key.Key_Escape)
        assert not page.isVisible()
        assert window.controller.state is RunState.RUNNING

    def test_can_be_selected_and_has_no_remote_links(self, page: Page) -> None:
        flags = page.text.textInteractionFlags()
        assert flags & Qt.TextInteractionFlag.TextSelectableByMouse
        assert flags & Qt.TextInteractionFlag.TextSelectableByKeyboard
        assert len(page.text.toPlainText()) > 200
        assert "href" not in page.text.toHtml()
        assert "http" not in page.text.toPlainText()

    def test_is_no_larger_than_a_small_window_and_scrolls_one_way(self, window: MainWindow) -> None:
        window.resize(960, 500)
        for scale in (1.0, 1.75):
            window.session.theme.set_scale(scale)
            for name in PAGES:
                page = shown(window, name)
                QApplication.processEvents()
                assert page.width() <= 960, (name, scale)
                assert page.height() <= 500, (name, scale)
                assert page.text.horizontalScrollBar().maximum() == 0, (name, scale)
                page.close()

    def test_leaves_the_keys_to_the_window(
        self, window: MainWindow, page: Page, qtbot: QtBot, wait_for: WaitFor
    ) -> None:
        wait_for(page.isActiveWindow)
        states = []
        for _ in range(2):
            qtbot.keyClick(page.text, Qt.Key.Key_Space)
            states.append(window.controller.state)
        assert states == [RunState.RUNNING, RunState.PAUSED]

    @pytest.mark.usefixtures("painted")
    def test_follows_theme_and_scale(self, window: MainWindow) -> None:
        theme, pages = window.session.theme, [shown(window, name) for name in PAGES]
        before = [page.grab().toImage() for page in pages]
        theme.set_mode(Mode.DARK)
        for page, image in zip(pages, before, strict=True):
            assert page.grab().toImage() != image
        theme.set_scale(1.5)
        for page in pages:
            assert page.text.document().defaultFont().pixelSize() == round(15 * 1.5)


class TestTheKeys:
    def test_every_key_of_the_menus_is_there_once_with_the_words_of_its_action(
        self, window: MainWindow
    ) -> None:
        actions = [action for action in window.actions_of.all_actions() if key_of(action)]
        groups = window.help.keys.groups()
        for action in actions:
            rows = [
                (key, words)
                for group in groups.values()
                for key, words in group
                if key == key_of(action) and plain(action.text()) in words.split(" / ")
            ]
            assert len(rows) == 1, action.text()
        keys = [key for name, rows in groups.items() if name != "Also" for key, _ in rows]
        assert len(keys) == len(set(keys)), "two actions with one key in different menus"

    def test_the_keys_of_run_and_stop_are_there(self, window: MainWindow) -> None:
        rows = window.help.keys.groups()["Run"]
        assert ("Space", "Run / Pause") in rows
        assert ("Esc", "Stop") in rows
        assert ("S", "Step") in rows

    def test_it_says_what_the_actions_say_now(self, window: MainWindow) -> None:
        window.controller.start()
        window.controller.pause()
        window.help.keys.present()
        assert "Continue / Pause" in window.help.keys.text.toPlainText()

    def test_an_action_without_a_key_is_left_out(self, theme: Theme, window: MainWindow) -> None:
        silent, loud = QAction("Silent", window), QAction("&Loud…", window)
        loud.setShortcut("Ctrl+L")
        sheet = ShortcutSheet({"音(&A)": [silent, loud], "B": [silent]}, [], theme, window)
        assert sheet.groups() == {"音": [("Ctrl+L", "Loud")]}

    def test_all_that_is_written_is_on_the_page(self, window: MainWindow) -> None:
        window.help.keys.present()
        text = window.help.keys.text.toPlainText()
        for rows in window.help.keys.groups().values():
            for key, words in rows:
                assert key in text
                assert words in text


class TestTheFirstSteps:
    def test_each_word_in_bold_is_a_word_on_the_screen(self, window: MainWindow) -> None:
        text = resource_path("help", "first-steps.md").read_text(encoding="utf-8")
        words = set(re.findall(r"\*\*(.+?)\*\*", text))
        assert len(words) > 10
        shown = {action.iconText() for action in window.actions_of.all_actions()}
        shown |= {plain(menu.title) for menu in window.actions_of.menus}
        shown |= {label.text() for label in window.findChildren(QLabel)}
        shown |= {button.text() for button in window.findChildren(QToolButton)}
        shown |= {picture.title for picture in window.pictures}
        assert words - shown == set()

    def test_there_are_about_eight(self, window: MainWindow) -> None:
        text = resource_path("help", "first-steps.md").read_text(encoding="utf-8")
        assert 6 <= len(re.findall(r"^\d\. ", text, re.MULTILINE)) <= 9


class TestAbout:
    def test_it_names_the_versions_and_the_state_of_mxnet(
        self,
        loading_window: MainWindow,
        make_controller: Callable[[], TrainingController],
        wait_for: WaitFor,
    ) -> None:
        controller = loading_window.controller  # it may have loaded already: another test did
        facts = dict(versions(make_controller()))
        for name in ("LinReg", "Python", "Qt", "PySide6", "pyqtgraph", "NumPy"):
            assert re.match(r"\d+\.\d+", facts[name]), name
        assert facts["MXNet"] == f"{MXNET}, not loaded yet"
        loading_window.help.about.present()
        wait_for(lambda: controller.state is RunState.READY)
        assert f"{MXNET}, loaded in its own thread" in loading_window.help.about.text.toPlainText()

    def test_it_says_why_mxnet_is_not_available(
        self, make_controller: Callable[[], TrainingController]
    ) -> None:
        controller = make_controller()
        controller.state, controller.outcome = RunState.UNAVAILABLE, "MXNet is gone."
        assert dict(versions(controller))["MXNet"] == f"{MXNET}, not available: MXNet is gone."

    def test_it_names_the_license_of_every_package(self) -> None:
        names = dict(licenses())
        assert len(names) == len(licenses()), "each once"
        for name, license_words in (
            ("LinReg", "Apache"),
            ("mxnet", "Apache"),
            ("numpy", "BSD"),
            ("pandas", "BSD"),
            ("pyqtgraph", "MIT"),
            ("Typeface Inter", "Open Font"),
        ):
            assert license_words in names[name]
        assert all(words and "\n" not in words and len(words) < 80 for words in names.values())
        pyside = next(words for name, words in names.items() if "PySide6" in name)
        assert "LGPL" in pyside

    def test_a_button_copies_all_of_it(self, window: MainWindow) -> None:
        window.help.about.present()
        about: About = window.help.about
        about.copy_button.click()
        text = QGuiApplication.clipboard().text()
        for facts in about.sections().values():
            for name, fact in facts:
                assert f"{name}: {fact}" in text.splitlines()

    def test_it_does_not_import_mxnet(self) -> None:
        finished = run_python(
            "import sys\n"
            "from PySide6.QtWidgets import QApplication, QWidget\n"
            "from linreg_gui.look.theme import Theme\n"
            "from linreg_gui.threads.controller import TrainingController\n"
            "from linreg_gui.widgets.help.about import About\n"
            "application = QApplication([])\n"
            "controller, window = TrainingController(), QWidget()\n"
            "about = About(controller, Theme(application), window)\n"
            "about.show()\n"
            "about.copy_button.click()\n"
            "assert 'MXNet' in about.text.toPlainText()\n"
            "print('mxnet' in sys.modules)\n"
        )
        assert finished.stdout.strip() == "False", finished.stderr


CHECKS = """
import sys, time
sys.stdout.reconfigure(newline="\\r\\n")  # as on Windows
print("ok      It & all works\\nFAILED  <b>It", end="", flush=True)
for part in (b"\\xe2", b"\\x80\\x99"):
    sys.stdout.buffer.write(part)
    sys.stdout.flush()
    time.sleep(0.2)  # or they would arrive together
print("s</b> does not", flush=True)
print("\\n1 of 2 checks failed.\\n", flush=True)
print("LinReg: 9\\n", sys.argv[1:], flush=True)
if "waits" in sys.argv:
    time.sleep(1000)
"""


class TestSelfTest:
    def start(self, window: MainWindow, monkeypatch: pytest.MonkeyPatch, *words: str) -> Any:
        command = [sys.executable, "-c", CHECKS, *words]
        monkeypatch.setattr(self_test_page, "COMMAND", command)
        window.help.self_test.present()
        page = window.help.self_test
        page.start_button.click()
        return page

    def test_shows_each_check_and_copies_all(
        self, window: MainWindow, monkeypatch: pytest.MonkeyPatch, wait_for: WaitFor
    ) -> None:
        page = self.start(window, monkeypatch)
        assert page.start_button.text() == "Stop"
        wait_for(lambda: page.start_button.text() == "Start")
        shown = page.text.toPlainText()
        assert shown.startswith("1 of 2 checks failed.\n")
        assert shown.endswith("ok\nIt & all works\nFAILED\n<b>It’s</b> does not\n")
        page.copy_button.click()
        copied = QGuiApplication.clipboard().text()
        assert copied.startswith("ok      It & all works\n")
        assert "LinReg: 9\n" in copied
        assert "The window from which it was started:\nLinReg: " in copied

    def test_ends_with_its_page(
        self, window: MainWindow, monkeypatch: pytest.MonkeyPatch, wait_for: WaitFor
    ) -> None:
        page = self.start(window, monkeypatch, "waits")
        wait_for(lambda: "does not" in page.text.toPlainText())
        page.close()
        assert page.start_button.text() == "Start"
        window.help.self_test.present()
        assert page.text.toPlainText().startswith("The self-test has ended before its last check.")

    @pytest.mark.usefixtures("own_window")
    def test_ends_with_the_window(
        self, window: MainWindow, monkeypatch: pytest.MonkeyPatch, wait_for: WaitFor
    ) -> None:
        page = self.start(window, monkeypatch, "waits")
        wait_for(lambda: "does not" in page.text.toPlainText())
        window.close()
        assert page.start_button.text() == "Start"

    def test_says_if_it_cannot_be_started(
        self, window: MainWindow, monkeypatch: pytest.MonkeyPatch, wait_for: WaitFor
    ) -> None:
        monkeypatch.setattr(self_test_page, "COMMAND", ["/nowhere/python"])
        window.help.self_test.present()
        page = window.help.self_test
        page.start_button.click()
        wait_for(lambda: "could not be started" in page.text.toPlainText())

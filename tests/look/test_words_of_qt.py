"""What Qt itself says is in the language of the program."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from linreg_gui.languages import ENGLISH, speak, tr
from linreg_gui.look.words_of_qt import key_in_words, speak_in_qt


@pytest.fixture
def qt_in_ukrainian(qapp: QApplication) -> Iterator[None]:
    yield from _qt_in("uk", qapp)


@pytest.fixture
def qt_in_spanish(qapp: QApplication) -> Iterator[None]:
    yield from _qt_in("es", qapp)


def _qt_in(code: str, qapp: QApplication) -> Iterator[None]:
    speak(code)
    speak_in_qt(qapp)
    yield
    speak(ENGLISH)
    speak_in_qt(qapp)


@pytest.mark.usefixtures("qt_in_ukrainian")
def test_the_space_bar_has_one_name_in_menus_and_sentences() -> None:
    assert key_in_words("Space").casefold() in tr("Press Run, or the space bar.")
    assert key_in_words("Shift+Space") == f"Shift+{key_in_words('Space')}"


@pytest.mark.usefixtures("qt_in_spanish")
def test_keys_are_called_as_on_keyboards() -> None:
    keys = ("Ctrl+Shift+Z", "Esc", "Del", "Enter")
    assert [key_in_words(key) for key in keys] == ["Ctrl+Mayús+Z", "Esc", "Supr", tr("Enter")]


@pytest.mark.usefixtures("qt_in_ukrainian")
def test_all_else_is_said_by_qt() -> None:
    assert key_in_words("Alt+Right") == "Alt+Вправо"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Скасувати"
    assert QCoreApplication.translate("Nobody", "Unknown words") == "Unknown words"

"""The language of what Qt itself says, and the direction in which people read."""

import datetime as dt
import re

from PySide6.QtCore import QDate, QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from linreg_gui.languages import ENGLISH, language, trc


def speak_in_qt(application: QApplication) -> None:
    """Let Qt's own words, as in the menu of a text field, be in the language of the program."""
    for translator in application.findChildren(QTranslator):
        application.removeTranslator(translator)
        translator.deleteLater()
    code = language()
    if code != ENGLISH:
        translator = _WordsOfQt(application)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load(f"qtbase_{code}", folder):
            application.installTranslator(translator)
    application.setLayoutDirection(QLocale(code).textDirection())


def key_in_words(key: str | QKeySequence) -> str:
    """Return a key as the menus name it: ``Shift+G``, and ``Umschalt+G`` in German."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def day_in_words(day: dt.date) -> str:
    """Return a day as people write it in the language of the program: ``November 29, 2026``."""
    locale = QLocale(language())
    form = re.sub(",? ?dddd,? ?", "", locale.dateFormat(QLocale.FormatType.LongFormat))
    return locale.toString(QDate(day.year, day.month, day.day), form)


class _WordsOfQt(QTranslator):
    """Qt's own translation, with our names of some keys.

    Qt's Ukrainian space bar means “a gap”, and its Spanish Ctrl, Shift, Esc and Del are not
    called as on keyboards.
    """

    def translate(
        self, context: str, source: str, /, disambiguation: str | None = None, n: int = -1
    ) -> str:
        if context == "QShortcut" and (name := _names_of_keys().get(source)):
            return name
        return super().translate(context, source, disambiguation, n) or source


def _names_of_keys() -> dict[str, str]:
    return {
        "Space": trc("a key", "Space"),
        "Ctrl": trc("a key", "Ctrl"),
        "Shift": trc("a key", "Shift"),
        "Esc": trc("a key", "Esc"),
        "Del": trc("a key", "Del"),
    }

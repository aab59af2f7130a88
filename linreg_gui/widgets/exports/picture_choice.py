"""How a person wants a picture: its size, its text and its colors; of an animation, its length."""

from dataclasses import replace
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from linreg_gui.look.controls import LEFT, fill, push_button, show_text, text_label
from linreg_gui.look.inputs import ChoiceBox, NumberField
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import GRID, set_style_property
from linreg_gui.number_text import percent, typed
from linreg_gui.settings import Setting, Words, parse_number, step_by
from linreg_gui.texts import tr
from linreg_gui.widgets.exports.pictures import FilmWish, PictureWish

Wish = TypeVar("Wish", bound=PictureWish)

_TEXT_SIZES = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0)
_LEAST_PAGE = (320, 200)
"""Less has no room for a picture with its words, in pixels at 100 %."""
_WIDTH, _FIELD = 400, 112


class PictureDialog(QDialog, Generic[Wish]):
    """Asks how a picture should look.

    Parameters
    ----------
    parent : QWidget
        The window.
    wish : PictureWish
        What is proposed.
    has_shape : bool
        Whether the width decides the height and the size of the text.

    Attributes
    ----------
    fields : dict of str to NumberField
        The numbers, by the name of their attribute in the wish.
    text : ChoiceBox
        The size of text and lines.
    like_screen : QCheckBox
        Whether the colors are those on screen.
    refusal : QLabel
        What is wrong, and what to do.
    """

    def __init__(self, parent: QWidget, wish: Wish, *, has_shape: bool = False) -> None:
        super().__init__(parent)
        self._wish = wish
        self.fields: dict[str, NumberField] = {}
        self._has_refused = False
        is_film = isinstance(wish, FilmWish)
        self.setWindowTitle(tr("Export an animation") if is_film else tr("Export a picture"))
        self.refusal = text_label("refusal")
        self.refusal.hide()
        self._grid = QGridLayout()
        keep_scaled(self._grid, setSpacing=GRID)
        self._grid.setColumnStretch(2, 1)
        self._ask("width", 100, 6000, 100, tr("Width"), tr("pixels"))
        self.text = ChoiceBox({size: percent(f"{100 * size:.0f}") for size in _TEXT_SIZES})
        self.text.setAccessibleName(tr("Text and lines"))
        if not has_shape:
            self._ask("height", 100, 6000, 100, tr("Height"), tr("pixels"))
            self.text.set_value(wish.text)
            self._add_row(tr("Text and lines"), self.text, "")
        if is_film:
            self._ask("seconds", 1, 60, 1, tr("Length"), tr("seconds"))
            self._ask("rate", 1, 30, 1, tr("Frames"), tr("in each second"))
        else:
            self._ask("centimeters", 2, 100, 1, tr("Width of a PDF"), tr("cm"))
        self.like_screen = QCheckBox(tr("Colors as on screen, not the light ones"))
        go_on = push_button(tr("Choose a file…"), self._on_go_on)
        set_style_property(go_on, "primary", True)
        go_on.setDefault(True)
        words = tr("How should the animation be?") if is_film else tr("How should the picture be?")
        fill(
            QVBoxLayout(self),
            text_label("title", words),
            self._grid,
            self.like_screen,
            self.refusal,
            None,
            fill(QHBoxLayout(), None, push_button(tr("Cancel"), self.reject), go_on),
            margins=(24, 12, 24, 12),
            spacing=12,
        )
        keep_scaled(self, setMinimumWidth=_WIDTH)

    @property
    def wish(self) -> Wish:
        """Return what is chosen."""
        numbers: dict[str, Any] = {name: field.value for name, field in self.fields.items()}
        if "height" in numbers:
            numbers["text"] = self.text.value
        return replace(self._wish, like_screen=self.like_screen.isChecked(), **numbers)

    def chosen(self) -> Wish | None:
        """Wait for the choice; None if the person gives up."""
        accepted = self.exec() == QDialog.DialogCode.Accepted
        self.deleteLater()
        return self.wish if accepted else None

    def _ask(self, name: str, least: int, most: int, step: int, label: str, unit: str) -> None:
        """Ask for the number that is called ``name`` in the wish."""
        setting = Setting(lambda: Words(label, ""), minimum=least, maximum=most, step=step_by(step))
        value = getattr(self._wish, name)
        is_whole = isinstance(value, int)
        field = NumberField(
            lambda text: parse_number(text, setting, whole=is_whole), typed, setting.step
        )
        field.set_value(value)
        field.setAccessibleName(label)
        field.refused.connect(self._on_refused)
        self.fields[name] = field
        self._add_row(label, field, unit)

    def _add_row(self, label: str, control: QWidget, unit: str) -> None:
        row = self._grid.rowCount()
        keep_scaled(control, setFixedWidth=_FIELD)
        words = text_label("", label)
        words.setBuddy(control)
        self._grid.addWidget(words, row, 0)
        self._grid.addWidget(control, row, 1, LEFT)
        self._grid.addWidget(text_label("muted", unit), row, 2)

    @Slot(object)
    def _on_refused(self, sentence: str) -> None:
        self._has_refused = bool(sentence)
        show_text(self.refusal, sentence)

    @Slot()
    def _on_go_on(self) -> None:
        """Go on, unless a number has just been refused, or the page is too small."""
        page = self.wish.page
        if self._has_refused:
            self._has_refused = False
        elif "height" in self.fields and (
            page.width() < _LEAST_PAGE[0] or page.height() < _LEAST_PAGE[1]
        ):
            words = tr("This has no room for a picture. Choose more pixels, or smaller text.")
            show_text(self.refusal, words)
        elif isinstance(self.wish, FilmWish) and self.wish.is_too_large:
            words = tr("This is too large. Choose fewer pixels or frames, or a shorter length.")
            show_text(self.refusal, words)
        else:
            self.accept()

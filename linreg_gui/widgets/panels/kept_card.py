"""A card of something that a person keeps: a run, or a line drawn by hand."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QWidget

from linreg_gui.look.controls import mini_button
from linreg_gui.look.inputs import NameField
from linreg_gui.look.plain import set_tip
from linreg_gui.look.theme import Theme
from linreg_gui.texts import tr


class Named(Protocol):
    """What is kept."""

    @property
    def title(self) -> str:
        """Return its name, or its number as long as it has none."""


class KeptCard(QFrame):
    """Draws what is kept, names it and deletes it. A subclass lays the controls out.

    Parameters
    ----------
    kept : Named
        What is kept.
    theme : Theme
        The icons.
    rename : callable
        Gives it another name.
    delete : callable
        Deletes it.
    delete_words : str
        Says so.

    Attributes
    ----------
    shown : QCheckBox
        Draws it; disabled while it cannot be drawn over the run on screen.
    name : NameField
        Its title.
    close_button : QToolButton
        Deletes it.
    home : QWidget
        Has the focus once a name is typed.
    """

    def __init__(
        self,
        kept: Named,
        theme: Theme,
        rename: Callable[[str], None],
        delete: Callable[[], None],
        delete_words: str,
    ) -> None:
        super().__init__()
        self.setObjectName("entry")
        self._named = kept
        self._theme = theme
        self._rename = rename
        self._delete = delete
        self.shown = QCheckBox()
        self.home: QWidget = self.shown
        self.name = NameField()
        self.name.setObjectName("name")
        set_tip(self.name, tr("Type a name (F2)"))
        self.name.editingFinished.connect(self._on_name_edited)
        self.name.returnPressed.connect(self._go_home)
        self.close_button = mini_button(delete_words)
        self.close_button.clicked.connect(self._on_close_clicked)

    def show_title(self, words: dict[QWidget, str]) -> None:
        """Show the title, also in the ``words`` for each control, which have a place for it."""
        title = self._named.title
        if not self.name.hasFocus():
            self.name.setText(title)
            self.name.setCursorPosition(0)
        self.setAccessibleName(title)
        for control, sentence in words.items():
            control.setAccessibleName(sentence.format(title=title))
        self.close_button.setIcon(self._theme.icon("close"))

    @Slot()
    def _on_close_clicked(self) -> None:
        self._delete()

    @Slot()
    def _go_home(self) -> None:
        self.home.setFocus()

    @Slot()
    def _on_name_edited(self) -> None:
        if self.name.isModified():
            self.name.setModified(False)
            self._rename(self.name.text())
            self.name.setText(self._named.title)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 begins another name, Delete deletes, Escape restores the old name."""
        if event.key() == Qt.Key.Key_F2:
            self.name.setFocus()
            self.name.selectAll()
        elif event.key() == Qt.Key.Key_Delete:
            self._delete()
        elif event.key() == Qt.Key.Key_Escape and self.name.hasFocus():
            self.name.setText(self._named.title)
            self._go_home()
        else:
            super().keyPressEvent(event)

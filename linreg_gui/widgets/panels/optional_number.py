"""A number that need not be given."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent

from linreg_gui.look.inputs import TypedField
from linreg_gui.look.theme import set_style_property


class OptionalNumber(TypedField):
    """A field for a number; empty while there is none. It is read when editing ends.

    Parameters
    ----------
    parse : callable
        Reads the text; raises ``ValueError`` with a sentence for the user.
    write : callable
        Returns a text that ``parse`` reads back.

    Attributes
    ----------
    value : float or None
        The last number.

    Signals
    -------
    committed(float or None)
        A person gave this number, or took it back.
    refused(str)
        Says what is wrong with the text; empty once a person edits it.
    """

    committed = Signal(object)
    refused = Signal(object)

    def __init__(self, parse: Callable[[str], float], write: Callable[[float], str]) -> None:
        super().__init__()
        self._parse = parse
        self._write = write
        self.value: float | None = None
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.editingFinished.connect(self.commit)
        self.textEdited.connect(self._on_edited)

    def set_value(self, value: float | None) -> None:
        """Show ``value``. If it has not changed, text that is being typed stays."""
        if value != self.value or not self.isModified():
            self.value = value
            self.setText("" if value is None else self._write(value))
            set_style_property(self, "invalid", False)

    @Slot()
    def _on_edited(self) -> None:
        set_style_property(self, "invalid", False)
        self.refused.emit("")

    @Slot()
    def commit(self) -> bool:
        """Read what is typed; return whether it can be used."""
        if not self.isModified():
            return True
        text = self.text().strip()
        try:
            value = self._parse(text) if text else None
        except ValueError as error:
            set_style_property(self, "invalid", True)
            self.refused.emit(str(error))
            return False
        self.setModified(False)
        changed = value != self.value
        self.set_value(value)
        if changed:
            self.committed.emit(value)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Read the number with Enter; take back with Escape what is being typed."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
            event.accept()  # the window has its own use for Enter
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self.setModified(False)
            self.set_value(self.value)
            self.refused.emit("")
        else:
            super().keyPressEvent(event)

"""A page of help: a text in a window of its own, which stays open beside the work."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from linreg_gui.look.controls import fill, push_button
from linreg_gui.look.scale import px
from linreg_gui.look.theme import Theme, base_font
from linreg_gui.texts import tr

_MARGIN = 16


class Page(QDialog):
    """A text that can be scrolled, selected and copied. Escape closes it.

    It is a tool of its window: while it has the focus, the keys of the window still work. A
    subclass writes the text in `write`.

    Parameters
    ----------
    title : str
        Of the window, and of the text for screen readers.
    size : tuple of int
        The size that suits the text, in pixels at 100 %. The page is never larger than ``window``.
    theme : Theme
        The colors.
    window : QWidget
        The window that the page belongs to.

    Attributes
    ----------
    text : QTextBrowser
        Shows the text.
    """

    def __init__(self, title: str, size: tuple[int, int], theme: Theme, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Tool)
        self.setWindowTitle(title)
        self._size = size
        self.theme = theme
        self.text = QTextBrowser()
        self.text.setObjectName("page")
        self.text.setOpenLinks(False)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setAccessibleName(title)
        self._buttons = fill(QHBoxLayout(), None, push_button(tr("Close"), self.reject))
        margins = (_MARGIN, _MARGIN, _MARGIN, 12)
        fill(QVBoxLayout(self), self.text, self._buttons, margins=margins, stretch=self.text)
        theme.changed.connect(self._refresh)

    def write(self) -> None:
        """Write the text, in the present colors and sizes."""
        raise NotImplementedError

    def present(self) -> None:
        """Show the page in front of all else."""
        self.show()
        self.activateWindow()

    @Slot()
    def _refresh(self) -> None:
        if self.isVisible():
            self._fit()
            self._show_text()

    def _fit(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        wanted = QSize(px(self._size[0]), px(self._size[1]))
        self.resize(wanted.boundedTo(parent.size()))

    def _show_text(self) -> None:
        document = self.text.document()
        document.setDocumentMargin(px(8))
        document.setDefaultFont(base_font(15))
        document.setDefaultStyleSheet(
            f"p, li {{ margin: 0 0 {px(10)}px 0 }} h3 {{ margin: {px(12)}px 0 {px(4)}px 0 }}"
            f"td {{ padding: {px(2)}px {px(12)}px {px(2)}px 0 }}"
            f"b.key {{ color: {self.theme.palette.accent} }}"
        )
        self.write()

    def setVisible(self, visible: bool) -> None:
        """Have the real size first: Qt places a dialog by it."""
        if visible and not self.isVisible():
            self._fit()
        super().setVisible(visible)

    def showEvent(self, event: QShowEvent) -> None:
        """Write the text as wide as it is now, and let the arrow keys scroll it."""
        super().showEvent(event)
        if not event.spontaneous():
            self._show_text()
            self.text.setFocus()

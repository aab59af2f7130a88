"""One sentence over the pictures, until it is closed or the run is another."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton

from linreg_gui.look.theme import Theme
from linreg_gui.texts import tr


class MessageBar(QFrame):
    """Shows the newest message; hidden while there is none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("message")
        self._theme = theme
        self._icon = QLabel()
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._close = QToolButton()
        self._close.setAccessibleName(tr("Close this message"))
        self._close.setToolTip(tr("Close this message"))
        self._close.clicked.connect(self.clear)
        self._offers: list[QToolButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 6, 6)
        self._row.setSpacing(8)
        self._row.addWidget(self._icon)
        self._row.addWidget(self.label, 1)
        self._row.addWidget(self._close)
        theme.changed.connect(self._show_icons)
        self.hide()

    @Slot(str)
    def show_message(self, sentence: str) -> None:
        """Show ``sentence`` in place of the last one."""
        self.label.setText(sentence)
        self._show_icons()
        self.show()

    def offer(self, action: QAction) -> None:
        """Offer to do something about the message that comes next."""
        button = QToolButton()
        button.setDefaultAction(action)
        button.setProperty("offer", True)
        self._offers.append(button)
        self._row.insertWidget(self._row.count() - 1, button)

    @Slot()
    def clear(self) -> None:
        """Take the message away, with what was offered."""
        self.label.clear()
        while self._offers:
            self._offers.pop().deleteLater()
        self.hide()

    @Slot()
    def _show_icons(self) -> None:
        palette = self._theme.palette
        self._icon.setPixmap(self._theme.icon("warning", palette.warning).pixmap(20, 20))
        self._close.setIcon(self._theme.icon("close"))

"""One sentence above the pictures, until a person closes it or another run is prepared."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton

from linreg_gui.look.controls import area, fill, text_label
from linreg_gui.texts import tr
from linreg_gui.widgets.panels import SCALING
from linreg_gui.widgets.session import Session


class MessageBar(QFrame):
    """Shows the newest message, and buttons that help with it; hidden while there is none."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("message")
        self._session = session
        self._icon = QLabel()
        self.label = text_label("")
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        standardize = QAction(tr("Standardize"), self)
        standardize.triggered.connect(self._on_standardize_triggered)
        buttons = [QToolButton(), QToolButton()]
        buttons[0].setDefaultAction(standardize)
        buttons[1].setDefaultAction(session.switches[SCALING])
        self._help = area(fill(QHBoxLayout(), *buttons))
        self._close = QToolButton()
        self._close.setAccessibleName(tr("Close this message"))
        self._close.setToolTip(tr("Close this message"))
        self._close.clicked.connect(self.clear)
        parts = (self._icon, self.label, self._help, self._close)
        fill(QHBoxLayout(self), *parts, margins=(12, 6, 6, 6), stretch=self.label)
        session.controller.run_prepared.connect(self._on_run_prepared)
        session.controller.message_posted.connect(self.show_message)
        session.theme.changed.connect(self._show_icons)
        self.clear()

    @Slot(str)
    def show_message(self, sentence: str) -> None:
        """Show ``sentence`` instead of the last one."""
        self.label.setText(sentence)
        self._show_icons()
        self.show()

    @Slot()
    def clear(self) -> None:
        """Remove the message and its buttons."""
        self.label.clear()
        self._help.hide()
        self.hide()

    @Slot()
    def _on_run_prepared(self) -> None:
        self.clear()
        run = self._session.controller.run
        self._help.setVisible(run is not None and run.problem.wants_standardizing)

    @Slot()
    def _on_standardize_triggered(self) -> None:
        self._session.controller.standardize(wanted=True)

    @Slot()
    def _show_icons(self) -> None:
        theme = self._session.theme
        self._icon.setPixmap(theme.icon("warning", theme.palette.warning).pixmap(20, 20))
        self._close.setIcon(theme.icon("close"))

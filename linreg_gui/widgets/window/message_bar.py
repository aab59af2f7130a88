"""One sentence above the pictures, until a person closes it or another run is prepared."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton

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
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        standardize = QAction(tr("Standardize"), self)
        standardize.triggered.connect(self._on_standardize_triggered)
        self._help = [_help_button(standardize), _help_button(session.switches[SCALING])]
        self._close = QToolButton()
        self._close.setAccessibleName(tr("Close this message"))
        self._close.setToolTip(tr("Close this message"))
        self._close.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self.label, 1)
        for button in (*self._help, self._close):
            row.addWidget(button)
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
        self._show_help(shown=False)
        self.hide()

    def _show_help(self, *, shown: bool) -> None:
        for button in self._help:
            button.setVisible(shown)

    @Slot()
    def _on_run_prepared(self) -> None:
        self.clear()
        run = self._session.controller.run
        self._show_help(shown=run is not None and run.problem.wants_standardizing)

    @Slot()
    def _on_standardize_triggered(self) -> None:
        self._session.controller.standardize(wanted=True)

    @Slot()
    def _show_icons(self) -> None:
        theme = self._session.theme
        self._icon.setPixmap(theme.icon("warning", theme.palette.warning).pixmap(20, 20))
        self._close.setIcon(theme.icon("close"))


def _help_button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    return button

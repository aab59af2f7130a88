"""The panels on the right, one at a time."""

from functools import partial
from typing import Any, cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QStackedWidget, QWidget

from linreg_gui.widgets.panels import AnyPanel, PanelKey, PanelSpec
from linreg_gui.widgets.session import Session


class Side(QStackedWidget):
    """Shows the panel whose switch is on; hidden while all switches are off.

    Attributes
    ----------
    keys : list of QAction
        The further keys of the panels, for the window to listen to.

    Signals
    -------
    opened()
        A panel was opened. It should be `wanted_width` pixels wide.
    """

    opened = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.keys: list[QAction] = []
        self._session = session
        self._panels: dict[PanelSpec[Any], QWidget] = {}
        self._widths = {spec: spec.width for spec in session.switches}
        for spec, switch in session.switches.items():
            switch.toggled.connect(partial(self._on_switched, spec))
            for key in spec.keys:
                action = QAction(key.words(), self)
                action.setShortcut(QKeySequence(key.key))
                action.triggered.connect(partial(self._on_key, spec, key))
                self.keys.append(action)
        self.hide()

    def panel(self, spec: PanelSpec[AnyPanel]) -> AnyPanel:
        """Return the panel of ``spec``, made when it is first wanted."""
        if spec not in self._panels:
            self._panels[spec] = spec.make(self._session)
            self.addWidget(self._panels[spec])
        return cast(AnyPanel, self._panels[spec])

    @Slot()
    def make_listeners(self) -> None:
        """Make the panels that collect something while they are closed."""
        for spec in self._widths:
            if spec.listens:
                self.panel(spec)

    @property
    def wanted_width(self) -> int:
        """Return the width that suits the open panel, in pixels; 0 if none is open."""
        switches = self._session.switches
        return next((self._widths[spec] for spec in switches if switches[spec].isChecked()), 0)

    def shut(self) -> None:
        """Close the open panel."""
        for switch in self._session.switches.values():
            switch.setChecked(False)

    def _on_switched(self, spec: PanelSpec[Any], shown: bool) -> None:
        if not shown:
            self._widths[spec] = self.width()  # a person may have dragged it
            self.setVisible(bool(self.wanted_width))
            return
        try:
            panel = self.panel(spec)
        except ValueError as error:
            self._session.switches[spec].setChecked(False)
            self._session.controller.message_posted.emit(str(error))
            return
        for each, switch in self._session.switches.items():
            if each is not spec:
                switch.setChecked(False)
        self.setCurrentWidget(panel)
        self.show()
        self.opened.emit()

    def _on_key(self, spec: PanelSpec[Any], key: PanelKey) -> None:
        if self._session.switches[spec].isChecked():
            key.act(self._session)
        else:
            self._session.switches[spec].setChecked(True)

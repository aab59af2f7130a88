"""The panels on the right, one at a time."""

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QWidget


class Side(QStackedWidget):
    """Shows the panel whose switch is on, and nothing where none is.

    Attributes
    ----------
    switches : dict of str to QAction
        One for each panel, by its name.

    Signals
    -------
    opened()
        Another panel is shown; it would like to be `wanted_width` pixels wide.
    """

    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.switches: dict[str, QAction] = {}
        self._panels: dict[QAction, Callable[[], QWidget | None]] = {}
        self._widths: dict[QAction, int] = {}
        self.hide()

    def offer(
        self, name: str, switch: QAction, panel: Callable[[], QWidget | None], width: int
    ) -> None:
        """Have ``switch`` show what ``panel`` returns: a widget in here, made when first wanted.

        Where it returns None the switch goes off again.
        """
        self.switches[name] = switch
        self._panels[switch] = panel
        self._widths[switch] = width
        switch.toggled.connect(self._on_switched)

    @property
    def wanted_width(self) -> int:
        """Return the width that suits the panel that is shown; 0 where none is."""
        return next((width for switch, width in self._widths.items() if switch.isChecked()), 0)

    def shut(self) -> None:
        """Show none."""
        for switch in self._panels:
            switch.setChecked(False)

    @Slot(bool)
    def _on_switched(self, shown: bool) -> None:
        toggled = self.sender()
        assert isinstance(toggled, QAction)
        if not shown:
            self._widths[toggled] = self.width()  # as the user has dragged it
            self.setVisible(bool(self.wanted_width))
            return
        panel = self._panels[toggled]()
        if panel is None:
            toggled.setChecked(False)
            return
        for switch in self._panels:
            if switch is not toggled:
                switch.setChecked(False)
        self.setCurrentWidget(panel)
        self.show()
        self.opened.emit()

"""The panels on the right, one at a time."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QWidget


@dataclass
class _Offer:
    panel: Callable[[], QWidget | None]
    width: int


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
        self._offers: dict[QAction, _Offer] = {}
        self.hide()

    def offer(
        self, name: str, switch: QAction, panel: Callable[[], QWidget | None], width: int
    ) -> None:
        """Have ``switch`` show what ``panel`` returns: a widget in here, made when first wanted.

        Where it returns None the switch goes off again.
        """
        self.switches[name] = switch
        self._offers[switch] = _Offer(panel, width)
        switch.toggled.connect(self._on_switched)

    @property
    def wanted_width(self) -> int:
        """Return the width that suits the panel that is shown; 0 where none is."""
        return next((o.width for switch, o in self._offers.items() if switch.isChecked()), 0)

    def shut(self) -> None:
        """Show none."""
        for switch in self._offers:
            switch.setChecked(False)

    @Slot(bool)
    def _on_switched(self, shown: bool) -> None:
        toggled = self.sender()
        assert isinstance(toggled, QAction)
        if not shown:
            self._offers[toggled].width = self.width()  # as the user has dragged it
            self.setVisible(bool(self.wanted_width))
            return
        panel = self._offers[toggled].panel()
        if panel is None:
            toggled.setChecked(False)
            return
        for switch in self._offers:
            if switch is not toggled:
                switch.setChecked(False)
        self.setCurrentWidget(panel)
        self.show()
        self.opened.emit()

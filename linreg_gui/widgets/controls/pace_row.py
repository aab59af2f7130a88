"""How fast one watches: a property of the screen, not of the run."""

import math

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from linreg_gui.texts import tr
from linreg_gui.training.numbers import format_whole
from linreg_gui.widgets.controls.restore_button import RestoreButton
from linreg_gui.widgets.inputs import FocusedWheel
from linreg_gui.widgets.theme import Theme

PACES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, math.inf)
"""Steps a second; the last one is as fast as it goes."""


class _PaceSlider(FocusedWheel, QSlider):
    pass


class PaceRow(QWidget):
    """A slider over `PACES`.

    Signals
    -------
    committed(float)
        A person chose another watch speed, in steps a second.
    pointed_at()
        The mouse has come to the row.
    """

    committed = Signal(float)
    pointed_at = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.label = tr("Watch speed")
        self.help_text = tr(
            "How many steps a second you watch, from 1 to as fast as it goes. It changes nothing "
            "about the result. The lesson runs as fast as it goes."
        )
        self._words = QLabel()
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._words.setProperty("role", "muted")
        self.slider = _PaceSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(PACES) - 1)
        self.slider.setPageStep(1)
        self.slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.slider.setAccessibleName(self.label)
        self.slider.setAccessibleDescription(self.help_text)
        self.slider.setValue(len(PACES) - 1)
        self.slider.valueChanged.connect(self._on_value_changed)
        self._restore = RestoreButton(theme)
        self._restore.setToolTip(tr("Return to as fast as it goes"))
        self._restore.setAccessibleName(self._restore.toolTip())
        self._restore.clicked.connect(self._on_restore_clicked)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(4)
        layout.setVerticalSpacing(4)
        layout.setColumnStretch(1, 1)
        layout.addWidget(QLabel(self.label), 0, 0)
        layout.addWidget(self._words, 0, 1)
        layout.addWidget(self._restore, 0, 2)
        layout.addWidget(self.slider, 1, 0, 1, 2)
        self._describe()

    @property
    def pace(self) -> float:
        """Return the watch speed in steps a second."""
        return PACES[self.slider.value()]

    def _describe(self) -> None:
        fastest = math.isinf(self.pace)
        self._restore.setVisible(not fastest)
        self._words.setText(
            tr("as fast as it goes")
            if fastest
            else tr("{pace} steps a second").format(pace=format_whole(int(self.pace)))
            if self.pace > 1
            else tr("1 step a second")
        )

    @Slot()
    def _on_value_changed(self) -> None:
        self._describe()
        self.committed.emit(self.pace)

    @Slot()
    def _on_restore_clicked(self) -> None:
        self.slider.setValue(len(PACES) - 1)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Tell that the mouse has come."""
        super().enterEvent(event)
        self.pointed_at.emit()

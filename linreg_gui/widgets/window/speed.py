"""How fast a person watches: the pace of the training, and of the replay."""

import math

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from linreg_gui.look.controls import fill, text_label
from linreg_gui.look.inputs import Slider
from linreg_gui.look.plain import set_tip
from linreg_gui.look.scale import keep_scaled
from linreg_gui.number_text import whole
from linreg_gui.texts import tr

PACES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, math.inf)
"""Watch speeds in steps per second; the last one is full speed."""


class SpeedControl(QWidget):
    """A slider over `PACES`, with the speed in words.

    Signals
    -------
    committed(float)
        A person chose this watch speed, in steps per second; infinite for full speed.
    """

    committed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.slider = Slider()
        keep_scaled(self.slider, setMinimumWidth=64, setMaximumWidth=120)
        self.words = text_label("muted", wraps=False)
        help_text = tr(
            "How many steps per second you see, from 1 up to full speed, while the run trains and "
            "while it is played again. It does not change the result."
        )
        name = text_label("", tr("speed"), wraps=False)
        for control in (name, self.slider, self.words):
            set_tip(control, help_text)
            control.setWhatsThis(help_text)
        name.setBuddy(self.slider)
        self.slider.setAccessibleName(tr("Watch speed"))
        self.slider.setRange(0, len(PACES) - 1)
        self.slider.setPageStep(1)
        self.slider.setValue(len(PACES) - 1)
        self.slider.valueChanged.connect(self._on_value_changed)
        self._show_words()
        longest = max((_words(pace) for pace in PACES), key=len)
        keep_scaled(self.words, setMinimumWidth=7 * len(longest))
        fill(QHBoxLayout(self), name, self.slider, self.words)

    @property
    def pace(self) -> float:
        """Return the watch speed in steps per second."""
        return PACES[self.slider.value()]

    def step_by(self, direction: int) -> None:
        """Go to the next faster speed (1), or to the next slower one (-1)."""
        self.slider.setValue(self.slider.value() + direction)

    def _show_words(self) -> None:
        self.words.setText(_words(self.pace))
        self.slider.setAccessibleDescription(_words(self.pace))

    @Slot()
    def _on_value_changed(self) -> None:
        self._show_words()
        self.committed.emit(self.pace)


def _words(pace: float) -> str:
    return tr("full") if math.isinf(pace) else tr("{pace}/s").format(pace=whole(int(pace)))

"""A short piece of a curve, to be put beside its name."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import Theme
from linreg_gui.plots.layer import draw_level
from linreg_gui.plots.series import Look


class LineSample(QWidget):
    """A line in the color, style and width of a curve.

    Parameters
    ----------
    theme : Theme
        The colors.
    look : callable
        Returns the stroke of the curve in a palette.
    width : int
        In pixels at 100 %.
    """

    def __init__(self, theme: Theme, look: Look, width: int = 16) -> None:
        super().__init__()
        self._theme = theme
        self._look = look
        keep_scaled(self, setFixedSize=(width, 16))
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line."""
        painter = QPainter(self)
        draw_level(painter, self._look(self._theme.palette), self.height() // 2, 0, self.width())

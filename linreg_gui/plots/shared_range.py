"""One range for two pictures that are compared."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Slot

from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.ranges import Range


class SharedRange(QObject):
    """Shows in two pictures what both of them want to show, and follows the zoom of either.

    Attributes
    ----------
    is_on : bool
        Whether the range is shared; else each picture has its own.
    counted : sequence of Canvas
        The pictures whose wishes count. One that explodes would crush the other.
    """

    def __init__(self, first: Canvas, second: Canvas) -> None:
        super().__init__(first)
        self.is_on = True
        self._canvases = (first, second)
        self.counted: Sequence[Canvas] = self._canvases
        for canvas, other in ((first, second), (second, first)):
            canvas.shares = self.update
            canvas.range_chosen.connect(partial(self._follow, canvas, other))
            canvas.zoomed.connect(partial(self._on_zoomed, other))

    def update(self) -> None:
        """Show the present range in both pictures."""
        for canvas in self._canvases:  # a new range can change what the picture in it wants
            x, y = canvas.wanted_range
            if self.is_on:
                wanted = [each.wanted_range for each in self.counted]
                x, y = (_union([each[axis] for each in wanted]) for axis in (0, 1))
            canvas.show_automatic_range(x, y)

    def count(self, canvases: Sequence[Canvas]) -> None:
        """Let only the wishes of ``canvases`` count from now on."""
        self.counted = canvases
        self.update()

    def _follow(self, canvas: Canvas, other: Canvas) -> None:
        if self.is_on:
            other.show_chosen_range(canvas.x_range, canvas.y_range)

    @Slot(bool)
    def _on_zoomed(self, other: Canvas, zoomed: bool) -> None:
        if self.is_on and not zoomed and other.is_zoomed:
            other.fit()


def _union(ranges: Sequence[Range]) -> Range:
    lows, highs = zip(*ranges, strict=True)
    return min(lows), max(highs)

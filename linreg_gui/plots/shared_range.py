"""One range for two pictures that are compared."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Slot

from linreg_gui.plots.canvas import MOST_ROUNDS, Canvas
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
        self._is_updating = False
        self._canvases = (first, second)
        self.counted: Sequence[Canvas] = self._canvases
        for canvas, other in ((first, second), (second, first)):
            canvas.shares = self.update
            canvas.range_chosen.connect(partial(self._follow, canvas, other))
            canvas.zoomed.connect(partial(self._on_zoomed, other))

    def update(self) -> None:
        """Show the present range in both pictures.

        A new range can change what a picture wants: a path has other points then. So it is shown
        again, but not for ever.
        """
        if self._is_updating:
            return
        self._is_updating = True
        shown: list[tuple[Range, Range]] = []
        for _ in range(MOST_ROUNDS):
            if shown == (shown := self._ranges()):
                break
            for canvas, (x, y) in zip(self._canvases, shown, strict=True):
                canvas.show_automatic_range(x, y)
        self._is_updating = False

    def _ranges(self) -> list[tuple[Range, Range]]:
        """Return the range that each picture should show now."""
        if not self.is_on:
            return [canvas.wanted_range for canvas in self._canvases]
        x, y = zip(*(canvas.wanted_range for canvas in self.counted), strict=True)
        return [(_union(x), _union(y))] * len(self._canvases)

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

"""The words of a prediction stand apart from one another, and cover nothing that they speak of."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.prediction_marks import Handle, Outline, PredictionLayer
from linreg_gui.runs.run import Run
from tests.plots.made_runs import make_run

Show = Callable[[type[Any], Run], Any]


@pytest.mark.parametrize("size", [(600, 400), (330, 240)])
def test_words_cover_neither_words_nor_handles(shown: Show, size: tuple[int, int]) -> None:
    plot = shown(LossPlot, make_run())
    plot.resize(*size)
    layer = PredictionLayer()
    plot.canvas.add_layers(layer)
    (left, right), (low, high) = plot.canvas.x_range, plot.canvas.y_range
    x, y = np.linspace(left, right, 50), np.linspace(high, low, 50)
    handles = [
        Handle(float(x[17]), float(y[17]), lambda palette: palette.what_if, "you: 1,000"),
        Handle(float(x[20]), float(y[17]), lambda palette: palette.truth, "step 2,155", side=-1),
    ]
    curves = [Outline(x, y + shift, lambda palette: palette.what_if, "you") for shift in (0, 0.1)]
    layer.set_marks([*handles, *curves], writes=True)
    written = layer.written()
    assert {words for words, _ in written} == {"you: 1,000", "step 2,155", "you"}
    areas = [area for _, area in written]
    assert not [pair for pair in combinations(areas, 2) if pair[0].intersects(pair[1])]
    for handle in handles:
        at = layer.to_pixels().map(QPointF(handle.x, handle.y))
        assert not any(area.contains(at) for area in areas)
    layer.set_marks([*handles, *curves], writes=False)
    assert not layer.written()

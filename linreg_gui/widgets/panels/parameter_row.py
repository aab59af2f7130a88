"""A parameter of a line that a person draws: a slider, its number, and which way is downhill."""

import math
from functools import partial

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.controls import show_text, text_label
from linreg_gui.look.inputs import NumberField, Slider
from linreg_gui.look.plain import set_tip
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import decimals_in, significant, typed
from linreg_gui.plots.line_sample import LineSample
from linreg_gui.plots.ranges import round_up
from linreg_gui.plots.series import Look
from linreg_gui.runs.run import Run
from linreg_gui.settings import parse_number, setting_of
from linreg_gui.texts import breakable, listed, shortened_name, tr

_LEAST_FIELD, _FIELD_WIDTH = 72, 96
_LEAST_SLIDER = 20
_NOTCHES = 1000
_NOTCHES_A_KEY = 20
_SHORT_NAME = 4
_SHORT_WIDTH = 20
"""The name of a parameter with so few letters is beside the slider, a longer one above it."""
_REACH = 2.0
"""The reach of a slider, in standard deviations of the target over one of the feature."""


class ParameterRow(QWidget):
    """One parameter: its name, a slider, a field for its number, and the slope of the loss there.

    Attributes
    ----------
    slider : GuessSlider
        Within a range that suits the data.
    field : NumberField
        Any number.
    slope, error : QLabel
        The gradient along this parameter, and what is wrong with what was typed; mostly hidden.

    Signals
    -------
    changed(float)
        A person gave another value.
    """

    changed = Signal(object)

    def __init__(self, name: str, look: Look, theme: Theme) -> None:
        super().__init__()
        self._low, self._high = -1.0, 1.0
        bias = setting_of("start_bias")
        self.slider = GuessSlider()
        self.slider.setAccessibleName(tr("{name}, slider").format(name=name))
        self.slider.slid.connect(self._on_slid)
        keep_scaled(self.slider, setMinimumWidth=_LEAST_SLIDER)
        self.field = NumberField(
            lambda text: parse_number(text, bias, whole=False), typed, self._step
        )
        self.field.setAccessibleName(name)
        keep_scaled(self.field, setMinimumWidth=_LEAST_FIELD, setMaximumWidth=_FIELD_WIDTH)
        self.field.committed.connect(self.changed)
        self.slope, self.error = text_label("muted"), text_label("error")
        self.field.refused.connect(partial(show_text, self.error))
        label = text_label("fact", breakable(shortened_name(name, 28)))
        set_tip(label, name)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        keep_scaled(grid, setHorizontalSpacing=6, setVerticalSpacing=2)
        grid.addWidget(LineSample(theme, look), 0, 0)
        if len(name) <= _SHORT_NAME:
            keep_scaled(label, setMinimumWidth=_SHORT_WIDTH)
            grid.addWidget(label, 0, 1)
            grid.addWidget(self.slider, 0, 2)
            grid.addWidget(self.field, 0, 3)
        else:
            grid.addWidget(label, 0, 1, 1, 3)
            grid.addWidget(self.slider, 1, 1, 1, 2)
            grid.addWidget(self.field, 1, 3)
        grid.addWidget(self.slope, 2, 1, 1, 3)
        grid.addWidget(self.error, 3, 1, 1, 3)
        grid.setColumnStretch(2, 1)
        self.slope.hide()
        self.error.hide()

    def set_range(self, low: float, high: float) -> None:
        """Let the slider reach from ``low`` to ``high``."""
        self._low, self._high = low, high

    def set_value(self, value: float) -> None:
        """Show ``value``; the slider stops at its ends."""
        share = (value - self._low) / (self._high - self._low)
        self.slider.show_notch(round(_NOTCHES * min(max(share, 0.0), 1.0)))
        self.field.set_value(value)

    def show_gradient(self, words: str) -> None:
        """Show how the loss changes along this parameter; empty for nothing."""
        show_text(self.slope, words)

    def _step(self, value: float, direction: int) -> float:
        decimals = max(0, decimals_in((self._high - self._low) / 100))
        return round(value + direction * 10.0**-decimals, decimals)

    @Slot(int)
    def _on_slid(self, notch: int) -> None:
        span = self._high - self._low
        value = self._low + span * notch / _NOTCHES
        self.changed.emit(round(value, decimals_in(span / _NOTCHES)))


class GuessSlider(Slider):
    """A slider of `_NOTCHES` notches. With Shift, the arrow keys move it by one of them.

    Signals
    -------
    slid(int)
        A person has moved it to this notch.
    """

    slid = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setRange(0, _NOTCHES)
        self.setSingleStep(_NOTCHES_A_KEY)
        self.setPageStep(_NOTCHES // 10)
        self._is_shown = False
        self.valueChanged.connect(self._on_value_changed)

    def show_notch(self, notch: int) -> None:
        """Show a value that no hand gave."""
        self._is_shown = True
        self.setValue(notch)
        self._is_shown = False

    @Slot(int)
    def _on_value_changed(self, notch: int) -> None:
        if not self._is_shown:
            self.slid.emit(notch)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by a smaller step with Shift."""
        is_fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.setSingleStep(1 if is_fine else _NOTCHES_A_KEY)
        super().keyPressEvent(event)


def slider_ranges(run: Run) -> list[tuple[float, float]]:
    """Return the range of each slider, the bias last, in round numbers.

    A weight that explains the whole target by one feature is inside. The ranges do not depend on
    least squares, which their middle would give away.
    """
    moments = run.problem.moments
    spread = _REACH * (math.sqrt(moments.target_variance) or 1.0)
    reaches = [round_up(spread / scale) for scale in moments.scaling.scale.tolist()]
    turned = float(np.abs(moments.scaling.center) @ np.array(reaches))
    bias = round_up(abs(moments.target_mean) + spread + (turned if turned > spread else 0.0))
    return [(-reach, reach) for reach in [*reaches, bias]]


def slope_words(feature: str, slope: float) -> str:
    """Say how steep the loss is along a parameter, and where that comes from.

    ``feature`` is that of a weight, and empty for the bias.
    """
    if not slope:
        return tr("gradient 0: the loss is flat here")
    mean = tr("mean residual")
    if feature:
        is_short = len(feature) <= _SHORT_NAME
        mean = tr("mean of residual · {feature}").format(
            feature=feature if is_short else tr("feature")
        )
    half = significant(-slope / 2)
    return tr("gradient {slope} = −2 · {half} ({mean}); move it {way}").format(
        slope=significant(slope),
        half=half if slope < 0 else f"({half})",
        mean=mean,
        way=tr("up") if slope < 0 else tr("down"),
    )


def downhill_words(
    parameters: tuple[str, ...],
    features: tuple[str, ...],
    gradient: DoubleArray,
    is_flat: DoubleArray,
) -> str:
    """Say in which direction each parameter has to move, the bias first.

    A weight that is called as its feature is said to be the slope for it.
    """
    names = [
        tr("the slope for {feature}").format(feature=shortened_name(name))
        if name in features
        else shortened_name(name)
        for name in parameters
    ]
    bias_first = range(-1, len(names) - 1)
    ways = {
        tr("{names} up"): [names[i] for i in bias_first if gradient[i] < 0 and not is_flat[i]],
        tr("{names} down"): [names[i] for i in bias_first if gradient[i] > 0 and not is_flat[i]],
    }
    moves = [words.format(names=listed(moved)) for words, moved in ways.items() if moved]
    if not moves:
        return tr("The gradient is 0: no line is better. A residual is the target minus ŷ.")
    return tr(
        "The gradient of all examples says: move {moves}. A residual is the target minus ŷ."
    ).format(moves=listed(moves))

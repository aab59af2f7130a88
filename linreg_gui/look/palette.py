"""The colors and line styles of both themes, and how clearly one color is seen on another."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from PySide6.QtCore import Qt

TEXT_CONTRAST = 4.5
"""The least contrast of text on its background."""

_BLACK, _WHITE = "#000000", "#ffffff"
_SHARES = 50


@dataclass(frozen=True)
class Stroke:
    """How one quantity is drawn in every picture. Color is never its only mark.

    Attributes
    ----------
    color : str
        As ``#rrggbb``.
    line : Qt.PenStyle
        Line style of its curve.
    width : float
        Line width in pixels.
    gap : float
        In pixels, between the two lines of a level; 0 for one line.
    symbol : str
        Marker of its points, as pyqtgraph names them.
    """

    color: str
    line: Qt.PenStyle = Qt.PenStyle.SolidLine
    width: float = 2.0
    symbol: str = "o"
    gap: float = 0.0

    def scaled(self, scale: float) -> "Stroke":
        """Return the stroke ``scale`` times as wide."""
        return replace(self, width=self.width * scale, gap=self.gap * scale)


@dataclass(frozen=True)
class Palette:
    """The colors of one theme, as ``#rrggbb``.

    Text has a contrast of 4.5:1 or more, and lines and symbols 3:1 or more. Contours and grid are
    only there to guide the eye.

    Attributes
    ----------
    dark : bool
        Whether this is the dark theme.
    window, surface, field : str
        Backgrounds of the window, of pictures and cards, and of inputs.
    border, grid : str
        Thin lines between areas, and inside pictures.
    text, muted : str
        For main text, and for explanations.
    disabled : str
        For text and icons of what cannot be used now.
    accent, accent_strong, on_accent, accent_soft : str
        The one accent, the accent under the mouse, text on the accent, and a tinted background.
    error, warning : str
        For sentences about errors, and about what needs attention.
    parameters : tuple of Stroke
        One for each weight, in turn.
    bias, data, prediction, truth, least_squares : Stroke
        One for each quantity.
    batch_loss, moving_loss, corrected_loss, epoch_loss : Stroke
        The four ways to show the training loss.
    test_loss : Stroke
        The loss of the held-out examples.
    path, what_if : Stroke
        The path of the run through the landscape, and the run with changed settings.
    guess : Stroke
        The line that a person draws by hand.
    minibatch, full_gradient : Stroke
        The minibatch of an inspected step, and the gradient over all examples.
    contour : str
        For the contours of the landscape.
    literal : str
        For numbers and strings in code.
    safe, risky, unsafe : str
        For learning rates that train, may train, and diverge.
    runs : tuple of str
        One for each kept run, in turn.
    scale : float
        How much wider than at 100 % the strokes are.
    """

    dark: bool
    window: str
    surface: str
    field: str
    border: str
    grid: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_strong: str
    on_accent: str
    accent_soft: str
    error: str
    warning: str
    parameters: tuple[Stroke, ...]
    bias: Stroke
    data: Stroke
    prediction: Stroke
    truth: Stroke
    least_squares: Stroke
    batch_loss: Stroke
    moving_loss: Stroke
    corrected_loss: Stroke
    epoch_loss: Stroke
    test_loss: Stroke
    path: Stroke
    what_if: Stroke
    guess: Stroke
    minibatch: Stroke
    full_gradient: Stroke
    contour: str
    literal: str
    safe: str
    risky: str
    unsafe: str
    runs: tuple[str, ...]
    scale: float = 1.0

    @cache  # noqa: B019 - there are two palettes
    def scaled(self, scale: float) -> "Palette":
        """Return this palette with strokes ``scale`` times as wide."""
        if scale == self.scale:
            return self
        strokes: dict[str, Any] = {
            name: value.scaled(scale)
            for name, value in vars(self).items()
            if isinstance(value, Stroke)
        }
        parameters = tuple(stroke.scaled(scale) for stroke in self.parameters)
        return replace(self, parameters=parameters, scale=scale, **strokes)

    def parameter(self, index: int, dimension: int) -> Stroke:
        """Return the stroke of weight ``index``, or of the bias where ``index == dimension``."""
        return self.bias if index == dimension else self.parameters[index % len(self.parameters)]

    def run(self, index: int) -> Stroke:
        """Return the stroke of the kept run with this ``color_index``.

        Neighbors differ in color and in line style. Only after all the combinations the first one
        comes again.
        """
        line = _RUN_LINES[index % len(_RUN_LINES)]
        return Stroke(self.runs[index % len(self.runs)], line, 1.5 * self.scale)

    def kept_guess(self, index: int) -> Stroke:
        """Return the stroke of the line drawn by hand with this ``color_index``.

        It is like that of a kept run, but the first ones differ from the first runs. Neighbors
        differ in their marker, too.
        """
        symbol = _GUESS_SYMBOLS[index % len(_GUESS_SYMBOLS)]
        return replace(self.run(index + 4), symbol=symbol)

    def text_color(self, stroke: Stroke) -> str:
        """Return a color for words in a picture that name what ``stroke`` draws."""
        return _as_text(stroke.color, self.surface)


_DASH, _DOT = Qt.PenStyle.DashLine, Qt.PenStyle.DotLine
_DASH_DOT = Qt.PenStyle.DashDotLine
_RUN_LINES = (Qt.PenStyle.SolidLine, _DASH_DOT, _DOT)  # a dashed line is a what-if
_GUESS_SYMBOLS = ("t1", "p", "star", "t", "h", "t3", "t2")


def _palette(*, dark: bool) -> Palette:
    """Return one theme. Each color is given twice: for the light theme, then for the dark one.

    The hues of the quantities are those of Okabe and Ito, darkened on white until their contrast
    is 3:1. Those of the further weights and of the kept runs are as far apart as they can be for
    people who cannot tell red from green, or blue from yellow.
    """

    def shade(light_color: str, dark_color: str) -> str:
        return dark_color if dark else light_color

    return Palette(
        dark=dark,
        window=shade("#f5f6f8", "#13161b"),
        surface=shade("#ffffff", "#1a1e25"),
        field=shade("#ffffff", "#20252e"),
        border=shade("#d9dde4", "#303743"),
        grid=shade("#eceff3", "#262c36"),
        text=shade("#1a1e26", "#e9ecf1"),
        muted=shade("#59616f", "#a0a9b7"),
        disabled=shade("#8b93a0", "#6b7482"),
        accent=shade("#5448c8", "#a79cff"),
        accent_strong=shade("#453ab0", "#bdb4ff"),
        on_accent=shade("#ffffff", "#14121f"),
        accent_soft=shade("#ebe9fa", "#2a2847"),
        error=shade("#b3261e", "#ff9a8f"),
        warning=shade("#8a5200", "#f0b64a"),
        parameters=(
            Stroke(shade("#0072b2", "#56b4e9")),
            Stroke(shade("#d55e00", "#f28a3c"), symbol="s"),
            Stroke(shade("#7a3893", "#c685d2"), symbol="t2"),
            Stroke(shade("#795900", "#d2b55c"), symbol="p"),
            Stroke(shade("#2592a3", "#50d8ec"), symbol="h"),
            Stroke(shade("#c0407f", "#e380ad"), symbol="star"),
            Stroke(shade("#687a2f", "#c1d552"), symbol="t3"),
            Stroke(shade("#3d52b2", "#88a3fb"), symbol="t"),
            Stroke(shade("#88351d", "#d2957c"), symbol="arrow_up"),
            Stroke(shade("#4b6570", "#b0c5ce"), symbol="arrow_right"),
        ),
        bias=Stroke(shade("#00805d", "#2fc79a"), symbol="t1"),
        data=Stroke(shade("#7d8694", "#7f8a9a")),
        prediction=Stroke(shade("#bf7800", "#f0c03c"), symbol="d"),
        truth=Stroke(shade("#1a1e26", "#e9ecf1"), line=_DOT, symbol="+"),
        least_squares=Stroke(shade("#a24b82", "#e08fbe"), width=1.0, symbol="x", gap=6.0),
        batch_loss=Stroke(shade("#8a93a1", "#667184"), width=1.0),
        moving_loss=Stroke(shade("#1a1e26", "#f3f5f8")),
        corrected_loss=Stroke(shade("#2a8fc9", "#56b4e9"), line=_DASH),
        epoch_loss=Stroke(shade("#d55e00", "#f28a3c"), line=_DOT, width=1.0, symbol="d"),
        test_loss=Stroke(shade("#00805d", "#2fc79a")),
        path=Stroke(shade("#1a1e26", "#f3f5f8")),
        what_if=Stroke(shade("#5448c8", "#a79cff"), line=_DASH),
        guess=Stroke(shade("#0a5fd0", "#5ea8ff"), width=2.5),
        minibatch=Stroke(shade("#d6003c", "#ff4f6d")),
        full_gradient=Stroke(shade("#007c91", "#4fd6e4"), line=_DASH),
        contour=shade("#6f7b8c", "#8290a3"),
        literal=shade("#8a5200", "#f0b64a"),
        safe=shade("#00805d", "#2fc79a"),
        risky=shade("#b07300", "#f0b64a"),
        unsafe=shade("#b3261e", "#f2695c"),
        runs=(
            shade("#c22fc2", "#e65ce6"),
            shade("#3f9a2a", "#62d962"),
            shade("#5f4a10", "#a8802a"),
            shade("#e05299", "#f2b8a0"),
            shade("#4d367d", "#609f95"),
            shade("#c27e70", "#e0426e"),
            shade("#174f4f", "#d3f0a0"),
            shade("#8a1a4a", "#8f6fb0"),
        ),
    )


LIGHT = _palette(dark=False)
DARK = _palette(dark=True)


def contrast(color: str, ground: str) -> float:
    """Return the contrast of two colors, from 1 (equal) to 21 (black and white), as WCAG has it."""
    darker, lighter = sorted((_luminance(color), _luminance(ground)))
    return (lighter + 0.05) / (darker + 0.05)


@cache
def _as_text(color: str, ground: str) -> str:
    """Return ``color``, or the nearest darker or lighter one that text on ``ground`` can have."""
    end = max((_BLACK, _WHITE), key=lambda each: contrast(each, ground))
    mixed = (_mixed(color, end, share / _SHARES) for share in range(_SHARES + 1))
    return next(each for each in mixed if contrast(each, ground) >= TEXT_CONTRAST)


def _mixed(color: str, other: str, share: float) -> str:
    pairs = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(own + share * (end - own)):02x}" for own, end in pairs)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

"""Colors, line styles and type: one place for the look of every widget and picture."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QImage,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QWidget

from linreg_gui.look.style_sheet import style_sheet
from linreg_gui.resources import resource_path

FONT_FAMILY = "LinReg Sans"
MONO_FAMILY = "LinReg Mono"
BASE_PIXELS = 14
GRID = 8
"""Every distance is a multiple of this many pixels, or half of it."""


class Mode(StrEnum):
    """What decides between light and dark."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Stroke:
    """How one quantity is drawn in every picture, so that color is never its only mark.

    Attributes
    ----------
    color : str
        As ``#rrggbb``.
    line : Qt.PenStyle
        Line style of its curve.
    width : float
        Line width in pixels.
    symbol : str
        Marker of its points, as pyqtgraph names them.
    """

    color: str
    line: Qt.PenStyle = Qt.PenStyle.SolidLine
    width: float = 2.0
    symbol: str = "o"


@dataclass(frozen=True)
class Palette:
    """One theme's colors, as ``#rrggbb``. Text on its ground has a contrast of 4.5:1 or more.

    Attributes
    ----------
    window, surface, field : str
        Grounds: of the window, of pictures and cards, of inputs.
    border, grid : str
        Hairlines between areas, and within pictures.
    text, muted : str
        For what is read first, and for what explains it.
    accent, on_accent, accent_soft : str
        The one accent, text upon it, and a ground tinted with it.
    error, warning : str
        For sentences about what is wrong and what needs attention.
    parameters : tuple of Stroke
        For each weight in turn; the bias has its own.
    bias, data, prediction, truth, least_squares : Stroke
        One for each quantity.
    batch_loss, moving_loss, corrected_loss, epoch_loss : Stroke
        The four ways in which the loss is shown.
    test_loss : Stroke
        The loss of the examples that are held out.
    path, what_if : Stroke
        The run's way through the landscape, and what a run with other settings would give.
    minibatch, full_gradient : Stroke
        The minibatch of a step that is looked into, and the gradient over all the examples.
    contour : str
        For the landscape's contours.
    literal : str
        For numbers and strings in code.
    safe, risky, unsafe : str
        For learning rates that train, may train, and do not.
    runs : tuple of str
        A color for each run that is compared.
    """

    dark: bool
    window: str
    surface: str
    field: str
    border: str
    grid: str
    text: str
    muted: str
    accent: str
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
    minibatch: Stroke
    full_gradient: Stroke
    contour: str
    literal: str
    safe: str
    risky: str
    unsafe: str
    runs: tuple[str, ...]

    def parameter(self, index: int, dimension: int) -> Stroke:
        """Return the stroke of weight ``index``, or of the bias where ``index == dimension``."""
        return self.bias if index == dimension else self.parameters[index % len(self.parameters)]

    def run(self, index: int) -> Stroke:
        """Return the stroke of the compared run with this ``color_index``."""
        line = _RUN_LINES[index // len(self.runs) % len(_RUN_LINES)]
        return Stroke(self.runs[index % len(self.runs)], line, 1.5)


_DASH, _DOT = Qt.PenStyle.DashLine, Qt.PenStyle.DotLine
_DASH_DOT = Qt.PenStyle.DashDotLine
_RUN_LINES = (Qt.PenStyle.SolidLine, _DASH_DOT, _DOT)  # dashes say: what if

# The quantities' hues are Okabe and Ito's, darkened on white until they reach 3:1.
LIGHT = Palette(
    dark=False,
    window="#f5f6f8",
    surface="#ffffff",
    field="#ffffff",
    border="#d9dde4",
    grid="#eceff3",
    text="#1a1e26",
    muted="#59616f",
    accent="#5448c8",
    on_accent="#ffffff",
    accent_soft="#ebe9fa",
    error="#b3261e",
    warning="#8a5200",
    parameters=(
        Stroke("#0072b2", symbol="o"),
        Stroke("#d55e00", symbol="s"),
        Stroke("#7d3c98", symbol="t2"),
        Stroke("#7a5c00", symbol="p"),
        Stroke("#007a87", symbol="h"),
        Stroke("#b8336a", symbol="star"),
        Stroke("#5d6d00", symbol="t3"),
        Stroke("#3d4ea8", symbol="t"),
        Stroke("#8c3a1f", symbol="arrow_up"),
        Stroke("#4a6572", symbol="arrow_right"),
    ),
    bias=Stroke("#00805d", symbol="t1"),
    data=Stroke("#7d8694", symbol="o"),
    prediction=Stroke("#bf7800", symbol="d"),
    truth=Stroke("#1a1e26", _DOT, 2.0, "+"),
    least_squares=Stroke("#a24b82", _DASH_DOT, 1.0, "x"),
    batch_loss=Stroke("#98a1ae", width=1.0),
    moving_loss=Stroke("#1a1e26", width=2.0),
    corrected_loss=Stroke("#2a8fc9", _DASH, 2.0),
    epoch_loss=Stroke("#d55e00", _DOT, 1.0, "d"),
    test_loss=Stroke("#00805d", width=2.0),
    path=Stroke("#1a1e26", width=1.5),
    what_if=Stroke("#5448c8", _DASH, 2.0),
    minibatch=Stroke("#d6003c"),
    full_gradient=Stroke("#007c91", _DASH),
    contour="#6f7b8c",
    literal="#8a5200",
    safe="#00805d",
    risky="#b07300",
    unsafe="#b3261e",
    runs=("#c22fc2", "#3f9a2a", "#5f4a10", "#e05299", "#4d367d", "#c27e70", "#174f4f", "#8a1a4a"),
)

DARK = Palette(
    dark=True,
    window="#13161b",
    surface="#1a1e25",
    field="#20252e",
    border="#303743",
    grid="#262c36",
    text="#e9ecf1",
    muted="#a0a9b7",
    accent="#a79cff",
    on_accent="#14121f",
    accent_soft="#2a2847",
    error="#ff9a8f",
    warning="#f0b64a",
    parameters=(
        Stroke("#56b4e9", symbol="o"),
        Stroke("#f28a3c", symbol="s"),
        Stroke("#c58fe0", symbol="t2"),
        Stroke("#d3b04d", symbol="p"),
        Stroke("#4fc3d0", symbol="h"),
        Stroke("#f08bb4", symbol="star"),
        Stroke("#b5c94a", symbol="t3"),
        Stroke("#93a4f4", symbol="t"),
        Stroke("#e0a58c", symbol="arrow_up"),
        Stroke("#a9c1cc", symbol="arrow_right"),
    ),
    bias=Stroke("#2fc79a", symbol="t1"),
    data=Stroke("#7f8a9a", symbol="o"),
    prediction=Stroke("#f0c03c", symbol="d"),
    truth=Stroke("#e9ecf1", _DOT, 2.0, "+"),
    least_squares=Stroke("#e08fbe", _DASH_DOT, 1.0, "x"),
    batch_loss=Stroke("#667184", width=1.0),
    moving_loss=Stroke("#f3f5f8", width=2.0),
    corrected_loss=Stroke("#56b4e9", _DASH, 2.0),
    epoch_loss=Stroke("#f28a3c", _DOT, 1.0, "d"),
    test_loss=Stroke("#2fc79a", width=2.0),
    path=Stroke("#f3f5f8", width=1.5),
    what_if=Stroke("#a79cff", _DASH, 2.0),
    minibatch=Stroke("#ff4f6d"),
    full_gradient=Stroke("#4fd6e4", _DASH),
    contour="#8290a3",
    literal="#f0b64a",
    safe="#2fc79a",
    risky="#f0b64a",
    unsafe="#ff9a8f",
    runs=("#e65ce6", "#62d962", "#a8802a", "#f2b8a0", "#609f95", "#e0426e", "#d3f0a0", "#8f6fb0"),
)


class Theme(QObject):
    """The look that is in force, and the one place that changes it.

    Signals
    -------
    changed()
        `palette` is another; draw anew.
    """

    changed = Signal()

    def __init__(self, application: QApplication, mode: Mode = Mode.SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        self.mode = mode
        self.palette = LIGHT
        self._pixmaps: dict[tuple[str, str], QPixmap] = {}
        application.setStyle("Fusion")
        _load_fonts()
        application.setFont(base_font())
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_scheme_changed)
        self._apply()

    def set_mode(self, mode: Mode) -> None:
        """Choose light, dark, or what the system says."""
        self.mode = mode
        self._apply()

    @contextmanager
    def dressing_last(self) -> Iterator[None]:
        """Leave the style sheet out while a window is put together, and apply it once at the end.

        Qt goes through it for all that is within a widget each time the widget gets a parent.
        """
        sheet = self._application.styleSheet()
        self._application.setStyleSheet("")
        try:
            yield
        finally:
            self._application.setStyleSheet(sheet)

    def icon(self, name: str, color: str | None = None, *, fades: bool = False) -> QIcon:
        """Return one of our icons in ``color``, the text's color by default.

        One that ``fades`` looks so while its button is disabled.
        """
        icon = QIcon(self._drawn(name, color or self.palette.text))
        if fades:
            faded = _mixed(self.palette.muted, self.palette.window, 0.5)
            icon.addPixmap(self._drawn(name, faded), QIcon.Mode.Disabled)
        return icon

    def _drawn(self, name: str, color: str) -> QPixmap:
        if (name, color) not in self._pixmaps:
            self._pixmaps[name, color] = _icon_pixmap(name, color)
        return self._pixmaps[name, color]

    def _apply(self) -> None:
        scheme = {
            Mode.SYSTEM: Qt.ColorScheme.Unknown,
            Mode.LIGHT: Qt.ColorScheme.Light,
            Mode.DARK: Qt.ColorScheme.Dark,
        }[self.mode]
        hints = QGuiApplication.styleHints()
        hints.setColorScheme(scheme)
        dark = self.mode is Mode.DARK or (
            self.mode is Mode.SYSTEM and hints.colorScheme() is Qt.ColorScheme.Dark
        )
        self.palette = DARK if dark else LIGHT
        self._application.setPalette(_qt_palette(self.palette))
        self._application.setStyleSheet(style_sheet(self.palette))
        self.changed.emit()

    @Slot()
    def _on_system_scheme_changed(self) -> None:
        if self.mode is Mode.SYSTEM:
            self._apply()


def set_style_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet selects by, and have the sheet look again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def base_font(pixels: int = BASE_PIXELS, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return our typeface, with figures of one width: numbers hold still while they change."""
    font = QFont(FONT_FAMILY)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def mono_font(pixels: int = BASE_PIXELS) -> QFont:
    """Return the typeface of code."""
    _load_mono_fonts()
    font = QFont(MONO_FAMILY)
    font.setPixelSize(pixels)
    return font


def _load_fonts(name: str = "LinRegSans") -> None:
    for style in ("Regular", "SemiBold"):
        QFontDatabase.addApplicationFont(str(resource_path("fonts", f"{name}-{style}.ttf")))


@cache
def _load_mono_fonts() -> None:
    """Load it once, when code is first shown: the first paint does not wait for it."""
    _load_fonts("LinRegMono")


def _icon_pixmap(name: str, color: str) -> QPixmap:
    pixmap = QPixmap.fromImage(_icon_shape(name))
    painter = QPainter(pixmap)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(pixmap.rect(), QColor(color))
    painter.end()
    return pixmap


@cache
def _icon_shape(name: str) -> QImage:
    """Return the drawing in any color: to read and render one takes longer than to tint it."""
    return QImage.fromData(resource_path("icons", f"{name}.svg").read_bytes())


def _mixed(first: str, second: str, share: float) -> str:
    """Return the color ``share`` of the way from ``first`` to ``second``."""
    a, b = QColor(first), QColor(second)
    return QColor.fromRgbF(
        a.redF() + (b.redF() - a.redF()) * share,
        a.greenF() + (b.greenF() - a.greenF()) * share,
        a.blueF() + (b.blueF() - a.blueF()) * share,
    ).name()


def _qt_palette(palette: Palette) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: palette.window,
        QPalette.ColorRole.Base: palette.field,
        QPalette.ColorRole.AlternateBase: palette.window,
        QPalette.ColorRole.Button: palette.field,
        QPalette.ColorRole.WindowText: palette.text,
        QPalette.ColorRole.Text: palette.text,
        QPalette.ColorRole.ButtonText: palette.text,
        QPalette.ColorRole.PlaceholderText: palette.muted,
        QPalette.ColorRole.ToolTipBase: palette.surface,
        QPalette.ColorRole.ToolTipText: palette.text,
        QPalette.ColorRole.Highlight: palette.accent,
        QPalette.ColorRole.HighlightedText: palette.on_accent,
        QPalette.ColorRole.Link: palette.accent,
    }
    qt_palette = QPalette()
    for role, color in roles.items():
        qt_palette.setColor(role, QColor(color))
    faded = QColor(_mixed(palette.muted, palette.window, 0.35))
    for role in (
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
        QPalette.ColorRole.WindowText,
    ):
        qt_palette.setColor(QPalette.ColorGroup.Disabled, role, faded)
    return qt_palette

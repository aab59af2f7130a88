"""Fonts, icons and the theme: one place decides how every widget and picture looks."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from itertools import islice
from string import Template

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QImage,
    QImageReader,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QWidget

from linreg_gui.languages import language
from linreg_gui.look.palette import DARK, LIGHT, Palette
from linreg_gui.look.scale import SCALES, px, rescale, scale_factor, scale_for, set_scale
from linreg_gui.resources import resource_path

FONT_FAMILY = "LinReg Sans"
MONO_FAMILY = "LinReg Mono"
_HAN_FAMILIES = {
    "ja": ("Yu Gothic UI", "Hiragino Sans", "Noto Sans CJK JP", "Noto Sans JP"),
    "zh_CN": ("Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC"),
}
"""Typefaces of Windows, macOS and Linux that write Han characters as a language does.

Qt by itself takes one for the system's language, and many characters and signs differ: Japanese
直 in a Chinese text, say.
"""
BASE_PIXELS = 14
GRID = 8
"""Every distance is a multiple of this many pixels, or half of it."""
_ICON_PIXELS = 24


class Mode(StrEnum):
    """Which theme to use; ``SYSTEM`` follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


_COLOR_SCHEMES = {
    Mode.SYSTEM: Qt.ColorScheme.Unknown,
    Mode.LIGHT: Qt.ColorScheme.Light,
    Mode.DARK: Qt.ColorScheme.Dark,
}


class Theme(QObject):
    """The look of the application.

    Attributes
    ----------
    mode : Mode
        What the user chose.
    palette : Palette
        The colors and strokes in use.

    Signals
    -------
    changed()
        `palette` or the scale has changed; draw again.
    """

    changed = Signal()

    def __init__(self, application: QApplication, mode: Mode = Mode.SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        self.mode = mode
        self.palette = LIGHT
        self._pixmap = cache(_icon_pixmap)
        application.setStyle("Fusion")
        _load_fonts("LinRegSans")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_scheme_changed)
        self._apply()

    def set_mode(self, mode: Mode) -> None:
        """Use the light theme, the dark theme, or the one of the system."""
        self.mode = mode
        self._apply()

    @property
    def scale(self) -> float:
        """Return the size of text, strokes and points; 1 is 100 %."""
        return scale_factor()

    @property
    def default_scale(self) -> float:
        """Return the scale that suits the screen."""
        return scale_for(self._application.primaryScreen().size().height())

    def set_scale(self, scale: float) -> None:
        """Change the size of text, strokes and points."""
        if scale != self.scale:
            set_scale(scale)
            self._apply()

    def step_scale(self, direction: int) -> None:
        """Go to the next larger scale (1) or the next smaller one (-1), if there is one."""
        others = [each for each in SCALES if (each - self.scale) * direction > 0]
        if others:
            self.set_scale(min(others, key=lambda each: abs(each - self.scale)))

    def take_language(self) -> None:
        """Write in the typefaces of the language that is spoken now."""
        font = base_font()
        if font.families() != self._application.font().families():
            # Qt keeps which other family goes with ours until the fonts of the application change.
            QFontDatabase.removeAllApplicationFonts()
            _load_fonts.cache_clear()
            _load_fonts("LinRegSans")
            self._application.setFont(font)

    @contextmanager
    def dressing_last(self) -> Iterator[None]:
        """Build a window without the style sheet, and apply the sheet once at the end.

        With a style sheet set, Qt styles a widget and all its children again each time the widget
        gets a parent.
        """
        sheet = self._application.styleSheet()
        self._application.setStyleSheet("")
        try:
            yield
        finally:
            self._application.setStyleSheet(sheet)

    def icon(self, name: str, color: str | None = None) -> QIcon:
        """Return the icon ``name`` in ``color``, by default the color of text.

        It turns gray while its button is disabled.
        """
        side = px(_ICON_PIXELS)
        icon = QIcon(self._pixmap(name, color or self.palette.text, side))
        icon.addPixmap(self._pixmap(name, self.palette.disabled, side), QIcon.Mode.Disabled)
        return icon

    def _apply(self) -> None:
        hints = QGuiApplication.styleHints()
        hints.setColorScheme(_COLOR_SCHEMES[self.mode])
        dark = self.mode is Mode.DARK or (
            self.mode is Mode.SYSTEM and hints.colorScheme() is Qt.ColorScheme.Dark
        )
        self.palette = (DARK if dark else LIGHT).scaled(self.scale)
        # Where a sheet replaces another, Qt styles a widget once for each widget around it, too.
        self._application.setStyleSheet("")
        self._application.setFont(base_font())
        self._application.setPalette(_qt_palette(self.palette))
        self._application.setStyleSheet(_style_sheet(self.palette))
        rescale()
        self.changed.emit()

    @Slot()
    def _on_system_scheme_changed(self) -> None:
        if self.mode is Mode.SYSTEM:
            self._apply()


def set_style_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet selects by, and style ``widget`` again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def base_font(pixels: int = BASE_PIXELS, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the font of text, ``pixels`` high at 100 %.

    Its digits have equal width, so changing numbers stand still.
    """
    font = QFont(_families(FONT_FAMILY, language()))
    font.setPixelSize(px(pixels))
    font.setWeight(weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def mono_font(pixels: int = BASE_PIXELS) -> QFont:
    """Return the font of code, ``pixels`` high at 100 %."""
    _load_fonts("LinRegMono")  # not at startup: the first paint does not need it
    font = QFont(_families(MONO_FAMILY, language()))
    font.setPixelSize(px(pixels))
    return font


@cache
def _families(own: str, code: str) -> list[str]:
    """Return our family, and one for the Han characters of a language if the system has it."""
    installed = filter(QFontDatabase.hasFamily, _HAN_FAMILIES.get(code, ()))
    return [own, *islice(installed, 1)]


@cache
def _load_fonts(name: str) -> None:
    for style in ("Regular", "SemiBold"):
        QFontDatabase.addApplicationFont(str(resource_path("fonts", f"{name}-{style}.ttf")))


def _icon_pixmap(name: str, color: str, side: int) -> QPixmap:
    # A copy: the pixmap would share the memory of the cached shape, and be painted into it.
    pixmap = QPixmap.fromImage(_icon_shape(name, side).copy())
    painter = QPainter(pixmap)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(pixmap.rect(), QColor(color))
    painter.end()
    return pixmap


@cache
def _icon_shape(name: str, side: int) -> QImage:
    """Return the shape of an icon. Reading and rendering it takes longer than coloring it."""
    reader = QImageReader(str(resource_path("icons", f"{name}.svg")))
    reader.setScaledSize(QSize(side, side))
    return reader.read()


def _style_sheet(palette: Palette) -> str:
    tick = resource_path("icons", f"tick-{'dark' if palette.dark else 'light'}.svg").as_posix()
    template = Template(resource_path("style.qss").read_text(encoding="utf-8"))
    sheet = template.substitute(vars(palette), tick=tick)
    return re.sub(r"(\d+)px", lambda length: f"{px(int(length[1]))}px", sheet)


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
    for role in (
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
        QPalette.ColorRole.WindowText,
    ):
        qt_palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(palette.disabled))
    return qt_palette

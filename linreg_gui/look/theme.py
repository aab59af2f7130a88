"""Fonts, icons and the theme: one place decides how every widget and picture looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from string import Template

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

from linreg_gui.look.palette import DARK, LIGHT, Palette
from linreg_gui.resources import resource_path

FONT_FAMILY = "LinReg Sans"
MONO_FAMILY = "LinReg Mono"
BASE_PIXELS = 14
GRID = 8
"""Every distance is a multiple of this many pixels, or half of it."""


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
        The colors in use.

    Signals
    -------
    changed()
        `palette` has changed; draw again.
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
        application.setFont(base_font())
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_scheme_changed)
        self._apply()

    def set_mode(self, mode: Mode) -> None:
        """Use the light theme, the dark theme, or the one of the system."""
        self.mode = mode
        self._apply()

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
        icon = QIcon(self._pixmap(name, color or self.palette.text))
        icon.addPixmap(self._pixmap(name, self.palette.disabled), QIcon.Mode.Disabled)
        return icon

    def _apply(self) -> None:
        hints = QGuiApplication.styleHints()
        hints.setColorScheme(_COLOR_SCHEMES[self.mode])
        dark = self.mode is Mode.DARK or (
            self.mode is Mode.SYSTEM and hints.colorScheme() is Qt.ColorScheme.Dark
        )
        self.palette = DARK if dark else LIGHT
        self._application.setPalette(_qt_palette(self.palette))
        self._application.setStyleSheet(_style_sheet(self.palette))
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
    """Return the font of text. Its digits have equal width, so changing numbers stand still."""
    font = QFont(FONT_FAMILY)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def mono_font(pixels: int = BASE_PIXELS) -> QFont:
    """Return the font of code."""
    _load_fonts("LinRegMono")  # not at startup: the first paint does not need it
    font = QFont(MONO_FAMILY)
    font.setPixelSize(pixels)
    return font


@cache
def _load_fonts(name: str) -> None:
    for style in ("Regular", "SemiBold"):
        QFontDatabase.addApplicationFont(str(resource_path("fonts", f"{name}-{style}.ttf")))


def _icon_pixmap(name: str, color: str) -> QPixmap:
    pixmap = QPixmap.fromImage(_icon_shape(name))
    painter = QPainter(pixmap)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(pixmap.rect(), QColor(color))
    painter.end()
    return pixmap


@cache
def _icon_shape(name: str) -> QImage:
    """Return the shape of an icon. Reading and rendering it takes longer than coloring it."""
    return QImage.fromData(resource_path("icons", f"{name}.svg").read_bytes())


def _style_sheet(palette: Palette) -> str:
    tick = resource_path("icons", f"tick-{'dark' if palette.dark else 'light'}.svg").as_posix()
    template = Template(resource_path("style.qss").read_text(encoding="utf-8"))
    return template.substitute(vars(palette), tick=tick)


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

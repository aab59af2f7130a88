"""What a person's desk looks like, from one start to the next: geometry, theme, scale, settings.

It belongs to the person and the screen. What belongs to a session is in `view_state`.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings

from linreg_gui.look.scale import px

if TYPE_CHECKING:
    from linreg_gui.widgets.window.main_window import MainWindow

_WIDTH_FOR_SETTINGS = 1600
"""The first window shows the settings if it is at least this wide."""


def restore_desk(window: "MainWindow", store: QSettings) -> None:
    """Give ``window`` the place and the settings that it had; the theme has its own already."""
    value = store.value("window")
    if isinstance(value, QByteArray):
        window.restoreGeometry(value)
    shown = store.value("settings")
    if shown == "true" or (shown is None and window.width() >= px(_WIDTH_FOR_SETTINGS)):
        window.actions_of.settings.setChecked(True)


def remember_desk(window: "MainWindow", store: QSettings) -> None:
    """Store them, as they are in the usual window."""
    window.presentation.end()
    theme = window.session.theme
    store.setValue("theme", str(theme.mode))
    store.setValue("scale", theme.scale)
    store.setValue("window", window.saveGeometry())
    store.setValue("settings", window.actions_of.settings.isChecked())

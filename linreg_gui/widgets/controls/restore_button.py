"""The mark that a setting differs from the lesson's, which also returns it."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QToolButton

from linreg_gui.widgets.theme import Theme

SIDE_PIXELS = 26


class RestoreButton(QToolButton):
    """A small button that keeps its place while it is hidden."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("mini")
        self.setFixedSize(SIDE_PIXELS, SIDE_PIXELS)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self._theme = theme
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setIcon(self._theme.icon("restore", self._theme.palette.accent))

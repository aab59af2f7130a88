"""The menus of the pictures, and the keys of the active one."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Slot

from linreg_gui.plots.run_plot import RunPlot

if TYPE_CHECKING:
    from linreg_gui.widgets.window.main_window import MainWindow


class PictureMenus(QObject):
    """Does what `picture_menu` can do. It is loaded when somebody first wants it."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    @Slot(object, object)
    def show_menu(self, picture: RunPlot, place: QPoint) -> None:
        """Show what can be done with ``picture`` at ``place`` on the screen."""
        from linreg_gui.widgets.window.picture_menu import picture_menu  # noqa: PLC0415 - seldom

        picture_menu(picture, self._window).popup(place)

    @Slot()
    def copy(self) -> None:
        """Put the active picture on the clipboard."""
        from linreg_gui.widgets.exports.pictures import copy_picture  # noqa: PLC0415 - seldom

        copy_picture(self._window.stage.active)

    @Slot()
    def copy_stage(self) -> None:
        """Put what is on the stage on the clipboard."""
        from linreg_gui.widgets.exports.pictures import copy_stage  # noqa: PLC0415 - seldom

        copy_stage(self._window)

    @Slot()
    def copy_window(self) -> None:
        """Put the whole window on the clipboard."""
        from linreg_gui.widgets.exports.pictures import copy_window  # noqa: PLC0415 - seldom

        copy_window(self._window)

    @Slot()
    def save(self) -> None:
        """Save the active picture in a file."""
        from linreg_gui.widgets.window.picture_menu import save_picture  # noqa: PLC0415 - seldom

        save_picture(self._window.stage.active, self._window)

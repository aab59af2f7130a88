"""A picture as a file."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QPixmap

from linreg_gui.files import write_whole


def write_picture(picture: QPixmap, file: Path) -> None:
    """Write ``picture`` as PNG. Qt itself cannot write to every name that a file can have.

    Raises
    ------
    OSError
        If the file cannot be written. An old one stays.
    """
    content = QBuffer()
    content.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(content, "PNG")
    write_whole(file, bytes(content.data().data()))

"""Files that come with the program: icons, typeface, desktop entry, lock files."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "_resources"
_CHECKOUT = _PACKAGE.parent / "resources"
_FOLDER = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def resource_path(*parts: str) -> Path:
    """Return the path of a file or folder in ``resources/``, in a checkout as in an installation.

    Parameters
    ----------
    *parts : str
        Names of the folders and the file below ``resources/``.
    """
    return _FOLDER.joinpath(*parts)

"""Finds the files that come with the program: icons, typefaces, desktop entry, lock files."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "_resources"
_CHECKOUT = _PACKAGE.parent / "resources"
_FOLDER = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def resource_path(*parts: str) -> Path:
    """Return the path of a file or folder in ``resources/``, in a checkout or an installation.

    Parameters
    ----------
    *parts : str
        Its folders below ``resources/``, then its name.
    """
    return _FOLDER.joinpath(*parts)


def locked_packages(name: str) -> "list[str]":
    """Return what a lock file asks for: of each package ``name==version``, and `` ; `` a marker."""
    lines = resource_path("locks", name + ".txt").read_text(encoding="utf-8").splitlines()
    return [line.rstrip(" \\") for line in lines if not line.startswith((" ", "#"))]

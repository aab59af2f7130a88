"""How this copy was installed: beside a Python, or as a package that has its own."""

import sys
from pathlib import Path

from linreg_gui.environment import ROOT, how_to_renew
from linreg_gui.texts import tr

IS_PACKAGED = getattr(sys, "frozen", False)
"""Whether PyInstaller has made it, so that ``sys.executable`` is the program, and no Python."""


def own_command(*arguments: str) -> list[str]:
    """Return the command that starts this copy once more, with these arguments."""
    python = [] if IS_PACKAGED else ["-m", "linreg_gui"]
    return [sys.executable, *python, *arguments]


def is_in_the_system() -> bool:
    """Return whether the system's package manager has installed it, with its menu entry."""
    return IS_PACKAGED and Path(sys.executable).resolve().is_relative_to("/usr/lib/linreg-gui")


def how_to_repair() -> str:
    """Say in a sentence what to do if a part of the program cannot be loaded."""
    if IS_PACKAGED or not Path(ROOT, "app.py").exists():
        return tr("A part of LinReg is missing or damaged: install it again.")
    return how_to_renew()

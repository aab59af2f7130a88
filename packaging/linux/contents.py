"""What a package holds, and what it leaves out. Standard library only.

The whole program and its resources are in it, and of the packages that it needs what PyInstaller
finds. Left out are parts of Qt that no window of ours uses, and all that the system has.
"""

import os
import re
from pathlib import Path, PurePosixPath
from typing import Final

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = "linreg-gui"

LOCK = Path(__file__).with_name("pyinstaller.txt")
"""The exact versions of PyInstaller and what it needs, with hashes."""

COMPRESSION: Final = 3
"""The level of xz. The usual one, 6, takes minutes longer."""

START = ROOT / "linreg_gui" / "__main__.py"
DATA = [(str(ROOT / "resources"), "linreg_gui/_resources")]
"""Folders, and where `linreg_gui.resources` looks for what is in them."""

KEPT_AS_SOURCE = {"linreg_gui.lesson": "py"}
"""The program shows the text of this module, and follows its lines as they run."""

MXNET_LIBRARIES = "lib*.so*"
"""What the wheel has beside its modules. It is loaded by name, so PyInstaller cannot see it."""

LEFT_OUT_MODULES = [
    "PIL.AvifImagePlugin", "PIL._avif",  # no export writes AVIF, and its library takes 5 MB
    "PIL.ImageTk", "PIL._imagingtk",
    "PySide6.QtNetwork", "PySide6.QtTest",
    "_curses", "_sqlite3", "curses", "readline", "sqlite3", "tkinter",
    "_hashlib", "_ssl", "ssl",  # no connection is made, and an old OpenSSL would be a danger
    "IPython", "matplotlib", "numpy.tests", "pandas.tests", "pytest", "scipy",
]  # fmt: skip

QT_PLUGINS = {
    "iconengines": {"libqsvgicon.so"},
    "imageformats": {"libqjpeg.so", "libqsvg.so"},
    "platforminputcontexts": {
        "libcomposeplatforminputcontextplugin.so",
        "libibusplatforminputcontextplugin.so",
    },
    "platforms": {"libqoffscreen.so", "libqwayland-generic.so", "libqxcb.so"},
    "platformthemes": {"libqgtk3.so", "libqxdgdesktopportal.so"},
    "wayland-decoration-client": {"libadwaita.so", "libbradient.so"},
    "wayland-shell-integration": {"libxdg-shell.so"},
}
"""The plugins that are kept, by folder. Nothing is drawn by OpenGL."""

OPTIONAL_PLUGINS = {"libqgtk3.so"}
"""Plugins that Qt does without where the system lacks their libraries."""

_QT_LIBRARIES = re.compile(
    r"lib(Qt6(Core|DBus|Gui|OpenGL(Widgets)?|Svg|WaylandClient|Widgets|WlShellIntegration|XcbQpa)"
    r"|icu\w+)\.so.*"
)
PYTHONS_LIBRARIES = re.compile(r"lib(bz2|expat|ffi|lzma|mpdec|python3|uuid|z)[.\d].*")
"""What Python itself is linked with. All other libraries of the system stay there."""

ON_EVERY_SYSTEM = re.compile(r"ld-linux.*|lib(c|dl|gcc_s|m|pthread|rt|stdc\+\+|util)\.so\.\d+")


def locked_packages() -> list[str]:
    """Return the names of all packages in the lock file of the program."""
    lock = (ROOT / "resources" / "locks" / "app.txt").read_text(encoding="utf-8")
    return sorted(set(re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)))


def hidden_modules() -> list[str]:
    """Return the modules that PyInstaller cannot all see: the program's own, and two of Qt's.

    pyqtgraph imports these by names that it puts together.
    """
    files = (file.relative_to(ROOT) for file in (ROOT / "linreg_gui").rglob("*.py"))
    modules = (".".join(file.with_suffix("").parts) for file in files)
    own = {name.removesuffix(".__init__") for name in modules if "__main__" not in name}
    return [*sorted(own), "PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"]


def is_run(script: str) -> bool:
    """Return whether a script that PyInstaller would run at the start is needed.

    Of its own only the one for Qt is. The others import much, and delay the first paint by a tenth.
    """
    return not script.startswith("pyi_rth") or script == "pyi_rth_pyside6"


def is_wanted(place: str, source: str) -> bool:
    """Return whether a file that PyInstaller has found belongs into the package.

    Parameters
    ----------
    place : str
        Where it would be, below the program's folder.
    source : str
        Where it is now, or, of a link, where that leads to.
    """
    path = PurePosixPath(place)
    if path.parts[:3] == ("PySide6", "Qt", "plugins"):
        return path.name in QT_PLUGINS.get(path.parent.name, ())
    if path.parts[:3] == ("PySide6", "Qt", "translations"):
        return path.name.startswith("qtbase_")  # the words of its widgets
    if path.parts[:3] == ("PySide6", "Qt", "lib") or path.name.startswith("libQt6"):
        return bool(_QT_LIBRARIES.fullmatch(path.name))
    if os.path.isabs(source) and Path(source).parts[1] in {"lib", "lib64", "usr"}:
        return bool(PYTHONS_LIBRARIES.fullmatch(path.name)) or "lib-dynload" in path.parts
    return True

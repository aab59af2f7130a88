"""Writes and removes the desktop entry: LinReg in the desktop's menu, which opens its files."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from linreg_gui.files import write_whole
from linreg_gui.installation import is_in_the_system, own_command
from linreg_gui.resources import resource_path
from linreg_gui.texts import complain, reason_of, tr


def install_desktop_entry() -> int:
    """Write the entry for this user, say where, and return the exit code."""
    if sys.platform != "linux":
        complain(tr("Only Linux has desktop entries. Double-click app.py instead."))
        return 1
    if is_in_the_system():
        print(tr("LinReg is in the desktop's menu already: its package has put it there."))
        return 0
    entry, kinds_of_files = _files()
    template = resource_path("desktop", "linreg-gui.desktop.in").read_text(encoding="utf-8")
    text = template.replace("@EXEC@", _command()).replace(
        "@ICON@", str(resource_path("icons", "linreg.svg").resolve())
    )
    try:
        kinds = resource_path("desktop", "linreg-gui.xml").read_bytes()
        for file, content in (
            (kinds_of_files, kinds),
            (entry, text.encode("utf-8", "surrogateescape")),
        ):
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, content)
    except OSError as error:
        complain(
            tr("The desktop entry could not be written ({reason}).").format(reason=reason_of(error))
        )
        return 1
    _tell_the_desktop()
    print(tr("LinReg is now in the desktop's menu: {file}").format(file=entry))
    return 0


def remove_desktop_entry() -> int:
    """Remove what `install_desktop_entry` has written, say so, and return the exit code."""
    try:
        for file in _files():
            file.unlink(missing_ok=True)
    except OSError as error:
        complain(
            tr("The desktop entry could not be removed ({reason}).").format(reason=reason_of(error))
        )
        return 1
    _tell_the_desktop()
    print(tr("LinReg is no longer in the desktop's menu."))
    return 0


def _files() -> tuple[Path, Path]:
    """Return the files of the entry, and of the types of our files."""
    folder = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return (
        folder / "applications" / "linreg-gui.desktop",
        folder / "mime" / "packages" / "linreg-gui.xml",
    )


def _tell_the_desktop() -> None:
    """Let the desktop read its folders again; where a command is missing, it does so by itself."""
    entry, kinds_of_files = _files()
    for command, folder in (
        ("update-mime-database", kinds_of_files.parent.parent),
        ("update-desktop-database", entry.parent),
    ):
        found = shutil.which(command)
        if found and folder.is_dir():
            subprocess.run([found, folder], check=False, capture_output=True)


def _command() -> str:
    """Return the command that starts this copy, quoted as desktop entries quote."""
    starter = Path(__file__).resolve().parent.parent / "app.py"
    if starter.exists():
        return _quoted(str(starter))
    return " ".join(map(_quoted, own_command()))


def _quoted(path: str) -> str:
    if shlex.quote(path) == path:
        return path
    escaped = "".join(f"\\{letter}" if letter in '"`$\\' else letter for letter in path)
    # The rules for strings in an entry take one level of backslashes, those for commands another.
    return '"' + escaped.replace("\\", "\\\\").replace("%", "%%") + '"'

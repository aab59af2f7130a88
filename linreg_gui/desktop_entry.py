"""Writes the desktop entry, which adds LinReg to the desktop's menu."""

import os
import shlex
import sys
from pathlib import Path

from linreg_gui.files import write_whole
from linreg_gui.resources import resource_path
from linreg_gui.texts import complain, reason_of, tr


def install_desktop_entry() -> int:
    """Write the entry for this user, say where, and return the exit code."""
    if sys.platform != "linux":
        complain(tr("Only Linux has desktop entries. Double-click app.py instead."))
        return 1
    entry = _applications_folder() / "linreg-gui.desktop"
    template = resource_path("desktop", "linreg-gui.desktop.in").read_text(encoding="utf-8")
    text = template.replace("@EXEC@", _command()).replace(
        "@ICON@", str(resource_path("icons", "linreg.svg").resolve())
    )
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        write_whole(entry, text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        complain(
            tr("The desktop entry could not be written ({reason}).").format(reason=reason_of(error))
        )
        return 1
    print(tr("LinReg is now in the desktop's menu: {file}").format(file=entry))
    return 0


def _applications_folder() -> Path:
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "applications"


def _command() -> str:
    """Return the command that starts this copy, quoted as desktop entries quote."""
    starter = Path(__file__).resolve().parent.parent / "app.py"
    if starter.exists():
        return _quoted(str(starter))
    return f"{_quoted(sys.executable)} -m linreg_gui"


def _quoted(path: str) -> str:
    if shlex.quote(path) == path:
        return path
    escaped = "".join(f"\\{letter}" if letter in '"`$\\' else letter for letter in path)
    # The rules for strings in an entry take one level of backslashes, those for commands another.
    return '"' + escaped.replace("\\", "\\\\").replace("%", "%%") + '"'

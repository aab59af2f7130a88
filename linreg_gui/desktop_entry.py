"""Writes and removes the desktop entry: LinReg in the desktop's menu, which opens its files."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import escape

from linreg_gui.files import write_whole
from linreg_gui.installation import is_in_the_system, own_command
from linreg_gui.languages import NAMES, catalogue_of
from linreg_gui.resources import resource_path
from linreg_gui.texts import complain, reason_of, tr

_ENTRY_TEXT = re.compile(r"^(?P<name>GenericName|Comment|Keywords)=(?P<words>.+)\n", re.MULTILINE)
_XML_TEXT = re.compile(
    r"^(?P<indent> *)<(?P<name>comment|summary|p|li)>(?P<words>[^<]+)</(?P=name)>\n", re.MULTILINE
)
"""Texts that are translated, in the two kinds of files."""


def install_desktop_entry() -> int:
    """Write the entry for this user, say where, and return the exit code."""
    if sys.platform != "linux":
        complain(tr("Only Linux has desktop entries. Double-click app.py instead."))
        return 1
    if is_in_the_system():
        print(tr("LinReg is in the desktop's menu already: its package has put it there."))
        return 0
    entry, kinds_of_files = _files()
    icon = str(resource_path("icons", "linreg.svg").resolve())
    try:
        for file, text in (
            (kinds_of_files, file_types()),
            (entry, desktop_entry(_command(), icon)),
        ):
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, text.encode("utf-8", "surrogateescape"))
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


def desktop_entry(command: str, icon: str) -> str:
    """Return the text of an entry for the command that starts the program, in all languages."""
    text = resource_path("desktop", "linreg-gui.desktop.in").read_text(encoding="utf-8")
    return in_all_languages(text).replace("@EXEC@", command).replace("@ICON@", icon)


def file_types() -> str:
    """Return the text that tells a desktop the types of our files, in all languages."""
    return in_all_languages(resource_path("desktop", "linreg-gui.xml").read_text(encoding="utf-8"))


def texts_in(text: str) -> list[str]:
    """Return what is to be translated in a file for desktops: an entry, or XML."""
    return [" ".join(found["words"].split()) for found in _pattern_of(text).finditer(text)]


def in_all_languages(text: str) -> str:
    """Return such a file with each of these texts in all languages, below the English one."""
    catalogues = {code: catalogue_of(code).texts for code in NAMES}

    def with_others(found: "re.Match[str]") -> str:
        name, words = found["name"], " ".join(found["words"].split())
        lines = [found[0]]
        for code, texts in catalogues.items():
            if words in texts and found.re is _ENTRY_TEXT:
                lines.append(f"{name}[{code}]={texts[words]}\n")
            elif words in texts:
                start = f'{found["indent"]}<{name} xml:lang="{code}">'
                lines.append(f"{start}{escape(texts[words])}</{name}>\n")
        return "".join(lines)

    return _pattern_of(text).sub(with_others, text)


def _pattern_of(text: str) -> "re.Pattern[str]":
    return _XML_TEXT if text.startswith("<?xml") else _ENTRY_TEXT


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

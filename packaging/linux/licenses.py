"""Puts the texts of the licenses into the folder, as far as Python's packages do not bring them."""

import shutil
import subprocess
import sysconfig
from pathlib import Path

from linux import contents

OVERVIEW = Path(__file__).with_name("licenses.txt")
_COMMON = Path("/usr/share/common-licenses")


def collect(folder: Path) -> None:
    """Copy the texts into a folder ``licenses`` beside the libraries.

    Raises
    ------
    FileNotFoundError
        If this system lacks one.
    """
    inside = folder / "_internal"
    target = inside / "licenses"
    target.mkdir()
    texts = {name: _COMMON / name for name in ("Apache-2.0", "GPL-3", "LGPL-3")}
    texts["Python"] = Path(sysconfig.get_path("stdlib"), "LICENSE.txt")
    texts["ICU"] = next(Path("/usr/share/doc").glob("libicu[0-9]*/copyright"), Path("libicu"))
    texts["README.txt"] = OVERVIEW
    for library in inside.glob("lib*.so*"):
        if package := _owner(library.name):
            texts[package] = Path("/usr/share/doc", package, "copyright")
    for name, text in texts.items():
        if not text.exists():
            words = f"This system has no text of the license {name}, as Debian's packages have"
            raise FileNotFoundError(words)
        shutil.copy(text, target / name)


def _owner(library: str) -> str:
    """Return Debian's package of a library of the system that Python needs; empty for others."""
    if not contents.PYTHONS_LIBRARIES.fullmatch(library) or library.startswith("libpython"):
        return ""
    query = ["dpkg-query", "--search", f"*/{library}"]
    found = subprocess.run(query, check=True, capture_output=True, text=True).stdout
    return found.partition(":")[0]

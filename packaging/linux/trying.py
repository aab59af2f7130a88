"""Tries the packages in clean systems that have no Python, made by debootstrap.

Everything that is mounted is so in a namespace of its own, and is gone when the trial ends.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import TextIO

from linux import building

SYSTEMS = {"bookworm": "Debian 12", "trixie": "Debian 13", "noble": "Ubuntu 24.04"}
_TOOLS = {
    "debootstrap": "debootstrap",
    "unshare": "util-linux",
    "xvfb-run": "xvfb",
    "xwininfo": "x11-utils",
}
_KEYS = Path("/usr/share/keyrings")
_ROOTS = building.DIST / "roots"
_LOG = building.DIST / "try.log"


def try_packages(systems: list[str], mirror: str) -> int:
    """Try the packages in these systems, or in all; print what happens, keep it in a log.

    Parameters
    ----------
    systems : list of str
        Keys of `SYSTEMS`; none for all of them.
    mirror : str
        Where Ubuntu is fetched from; empty for where debootstrap knows.

    Returns
    -------
    int
        0 if everything works in every system that could be made, otherwise 1.

    Raises
    ------
    BuildError
        If nothing can be tried here.
    """
    if unknown := set(systems) - SYSTEMS.keys():
        raise building.BuildError(f"Unknown: {', '.join(unknown)}. Known: {', '.join(SYSTEMS)}")
    for tool, package in _TOOLS.items():
        if not shutil.which(tool):
            words = f"{tool} is missing. Install it: sudo apt-get install {package}"
            raise building.BuildError(words)
    if os.geteuid() != 0:
        raise building.BuildError("Only root can make clean systems.")
    packages = [*building.DIST.glob("*.deb"), *building.DIST.glob("*.tar.xz")]
    if [file.suffix for file in packages] != [".deb", ".xz"]:
        raise building.BuildError(
            "dist/ has not one package of each kind. Build: python3 packaging"
        )
    with _LOG.open("w", encoding="utf-8") as log:
        verdicts = {name: _try(name, mirror, packages, log) for name in systems or SYSTEMS}
        for name, verdict in verdicts.items():
            _tell(f"{SYSTEMS[name]}: {verdict}", log)
    print(f"The log: {_LOG}")
    return int("FAILED" in verdicts.values())


def _try(name: str, mirror: str, packages: list[Path], log: TextIO) -> str:
    _tell(f"== {SYSTEMS[name]} ({name})", log)
    if lack := lacking_keys(name):
        return f"not tried: {lack}"
    root = _ROOTS / name
    if not _make_root(name, mirror, root, log):
        return "not tried: debootstrap cannot make it"
    for file in packages:
        shutil.copy(file, root / "tmp")
    try:
        trial = Path(__file__).with_name("trial.sh")
        screen = ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 1280x800x24 -noreset"]
        picture = _ROOTS / f"{name}.png"
        is_well = _run(log, "unshare", "--mount", *screen, "sh", trial, root, picture)
        return "all is well" if is_well else "FAILED"
    finally:
        shutil.rmtree(root)


def lacking_keys(name: str, folder: Path = _KEYS) -> str:
    """Return what is missing to check the signatures of a system; empty if nothing is."""
    keys, package = "debian-archive-keyring.gpg", "debian-archive-keyring"
    if name == "noble":
        keys, package = "ubuntu-archive-keyring.gpg", "ubuntu-keyring"
    file = folder / keys
    return "" if file.exists() else f"{file} is missing. Install the package {package}"


def _make_root(name: str, mirror: str, root: Path, log: TextIO) -> bool:
    if root.exists():
        shutil.rmtree(root)
    root.mkdir(parents=True)
    components, more = "main", []
    if name == "noble":  # which Debian 12's debootstrap does not know, but it knows older ones
        components += ",universe"
        more = [mirror, "/usr/share/debootstrap/scripts/gutsy"]
    # Otherwise debootstrap only warns of signatures that it cannot check.
    options = ["--force-check-gpg", "--variant=minbase", f"--components={components}"]
    return _run(log, "unshare", "--mount", "debootstrap", *options, name, str(root), *more)


def _run(log: TextIO, *command: str | Path) -> bool:
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            _tell(line.rstrip("\n"), log)
    return process.returncode == 0


def _tell(line: str, log: TextIO) -> None:
    print(line, flush=True)
    print(line, file=log, flush=True)

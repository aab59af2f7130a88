"""Builds the folder with PyInstaller, checks it, and makes the packages from it."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
from collections.abc import Iterator
from pathlib import Path

from linux import contents, debian, licenses

import linreg_gui
from linreg_gui.environment import lock_path, system

DIST = contents.ROOT / "dist"
FOLDER = DIST / contents.PROGRAM
ENVIRONMENT = DIST / "environment"

_LOCKS = [Path(lock_path("app")), contents.LOCK]
_TOOLS = {"objdump": "binutils", "dpkg-deb": "dpkg"}


class BuildError(Exception):
    """Why nothing can be built or tried, and what to do, in one line."""


def build() -> None:
    """Build everything in ``dist/``, and tell what is there.

    Raises
    ------
    BuildError
        If something is missing, or does not work.
    """
    for tool, package in _TOOLS.items():
        if not shutil.which(tool):
            raise BuildError(f"{tool} is missing. Install it: sudo apt-get install {package}")
    _make_environment()
    pyinstaller = ["-m", "PyInstaller", "--noconfirm", "--log-level=WARN"]
    places = [f"--distpath={DIST}", f"--workpath={DIST / 'work'}"]
    _run(_python(), *pyinstaller, *places, Path(__file__).with_name("linreg.spec"))
    licenses.collect(FOLDER)
    outside = needed_libraries(FOLDER)
    if unknown := outside.keys() - set(system.wanted_libraries()):
        words = ", ".join(f"{name} (for {outside[name]})" for name in sorted(unknown))
        raise BuildError(f"Neither the package nor the list of the system has {words}")
    _run(FOLDER / contents.PROGRAM, "--self-test", QT_QPA_PLATFORM="offscreen")
    floor = glibc_floor(FOLDER)
    made = [debian.make_package(FOLDER, DIST, floor), _make_archive()]
    size = sum(file.lstat().st_size for file in FOLDER.rglob("*")) / 1e6
    print(f"\n{FOLDER}: {size:.0f} MB; needs glibc {floor}")
    for file in made:
        print(f"{file}: {file.stat().st_size / 1e6:.0f} MB")


def needed_libraries(folder: Path) -> dict[str, str]:
    """Return the libraries that a folder's files load from outside, with one file that does.

    Those that every system has are left out.
    """
    inside = {file.name for file in folder.rglob("*")}
    needed: dict[str, str] = {}
    for file, listing in _listings(folder, "--private-headers"):
        if file.name not in contents.OPTIONAL_PLUGINS:
            needed.update(dict.fromkeys(re.findall(r"NEEDED +(\S+)", listing), file.name))
    return {
        name: file
        for name, file in needed.items()
        if name not in inside and not contents.ON_EVERY_SYSTEM.fullmatch(name)
    }


def glibc_floor(folder: Path) -> str:
    """Return the oldest version of glibc that has all that a folder's files need of it."""
    versions = {
        tuple(map(int, version.split(".")))
        for _, listing in _listings(folder, "--private-headers")
        for version in re.findall(r" GLIBC_([\d.]+)", listing)
    }
    return ".".join(map(str, max(versions)))


def _listings(folder: Path, option: str) -> Iterator[tuple[Path, str]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink() and file.open("rb").read(4) == b"\x7fELF":
            command = ["objdump", option, str(file)]
            yield file, subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _make_environment() -> None:
    """Make the environment to build in, unless the one that is there is current."""
    stamp = ENVIRONMENT / "stamp"
    wanted = sys.version + "".join(lock.read_text(encoding="utf-8") for lock in _LOCKS)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    options = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--quiet"]
    locks = [word for lock in _LOCKS for word in ("-r", lock)]
    _run(_python(), "-I", "-m", "pip", "--disable-pip-version-check", "install", *options, *locks)
    stamp.write_text(wanted, encoding="utf-8")


def _make_archive() -> Path:
    name = f"{contents.PROGRAM}-{linreg_gui.__version__}-linux-{os.uname().machine}"
    archive = DIST / f"{name}.tar.xz"
    with tarfile.open(archive, "w:xz", preset=contents.COMPRESSION) as tar:
        tar.add(FOLDER, name)
        tar.add(Path(__file__).with_name("archive.txt"), f"{name}/README.txt")
    return archive


def _python() -> Path:
    return ENVIRONMENT / "bin" / "python"


def _run(*command: str | Path, **variables: str) -> None:
    done = subprocess.run(command, check=False, env={**os.environ, **variables})
    if done.returncode:
        raise BuildError(f"This failed: {' '.join(map(str, command))}")

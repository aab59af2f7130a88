"""Programs and packages of the operating system."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from types import MappingProxyType

from linreg_gui import interruption, platforms
from linreg_gui.environment import SetupError, interpreters, stop_if_interrupted

# The libraries that the wheels of Qt and MXNet load from the system.
_LIBRARIES = """
    libEGL.so.1 libGL.so.1 libX11-xcb.so.1 libX11.so.6 libdbus-1.so.3 libfontconfig.so.1
    libfreetype.so.6 libglib-2.0.so.0 libgomp.so.1 libgthread-2.0.so.0 libwayland-client.so.0
    libwayland-cursor.so.0 libwayland-egl.so.1 libxcb-cursor.so.0 libxcb-glx.so.0 libxcb-icccm.so.4
    libxcb-image.so.0 libxcb-keysyms.so.1 libxcb-randr.so.0 libxcb-render-util.so.0
    libxcb-render.so.0 libxcb-shape.so.0 libxcb-shm.so.0 libxcb-sync.so.1 libxcb-util.so.1
    libxcb-xfixes.so.0 libxcb-xkb.so.1 libxcb.so.1 libxkbcommon-x11.so.0 libxkbcommon.so.0
    libzstd.so.1
"""
_MORE_LIBRARIES = {"x86_64": "libquadmath.so.0", "aarch64": "libICE.so.6 libSM.so.6"}


def require_packages() -> None:
    """Check that the system has the packages that LinReg needs; as root on Debian, install them.

    Raises
    ------
    SetupError
        If something is missing and cannot be installed. It names the command that does.
    """
    libraries = [library for library in wanted_libraries() if not _loads(library)]
    packages = sorted(set(map(debian_package, libraries)))
    if find_spec("ensurepip") is None and not getattr(sys, "frozen", False):
        packages.insert(0, "python{}.{}-venv".format(*sys.version_info))
    if packages and platforms.IS_WINDOWS:
        raise SetupError("This Python lacks ensurepip. Install the one from python.org")
    if packages and not shutil.which("apt-get"):
        names = ", ".join(libraries) or "Python's ensurepip"
        raise SetupError(f"Your system lacks {names}. Install it with the system's package manager")
    if packages:
        _install(packages)
    if interpreters.platform()[1] == "aarch64" and not _loads("libarmpl_lp64_mp.so"):
        raise SetupError(
            "MXNet for aarch64 needs the Arm Performance Libraries, which only Arm distributes. "
            "Install them, add their lib folder to LD_LIBRARY_PATH, then start again"
        )


def wanted_libraries() -> list[str]:
    """Return the names of the system libraries that Qt and MXNet load on this machine."""
    if sys.platform != "linux":
        return []
    return f"{_LIBRARIES} {_MORE_LIBRARIES[interpreters.platform()[1]]}".split()


def debian_package(library: str) -> str:
    """Return Debian's package of ``library``: ``libxcb1`` for ``libxcb.so.1``.

    Newer releases have renamed some, as in libglib2.0-0t64, and still accept the old names.
    """
    name, _, version = library.lower().partition(".so.")
    if name in ("libglib-2.0", "libgthread-2.0"):
        return "libglib2.0-0"
    return f"{name}-{version}" if name[-1].isdigit() else name + version


def run(
    command: list[str],
    on_line: Callable[[str], object],
    variables: Mapping[str, str] = MappingProxyType({}),
    locks: Iterable[platforms.Lock] = (),
) -> bool:
    """Run a program, pass on what it prints line by line, and return whether it succeeded.

    A signal, or an exception, first interrupts the program and all that it has started.

    Parameters
    ----------
    command : list of str
        The program and its arguments.
    on_line : callable
        Takes each line of output and errors.
    variables : mapping of str to str, optional
        Environment variables on top of the present ones.
    locks : iterable of Lock, optional
        Locks that the program holds as well.

    Raises
    ------
    SetupError
        If a signal has come.
    """
    stop_if_interrupted()
    with (
        interruption.held() as hold,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, **variables},
            **platforms.in_background(*locks),
        ) as process,
    ):
        assert process.stdout is not None
        hold.react(lambda: platforms.interrupt(process))
        try:
            for line in process.stdout:
                on_line(line)
        except BaseException:
            platforms.interrupt(process)
            raise
    stop_if_interrupted()
    return process.returncode == 0


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _install(packages: list[str]) -> None:
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        words = "Some system packages are missing. Install them with: sudo "
        raise SetupError(words + " ".join(install))
    output: list[str] = []
    unattended = {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], install):
        if not run(command, output.append, unattended):
            errors = [line.strip() for line in output if line.startswith("E: ")]
            raise SetupError(f"`{' '.join(command)}` failed: {' '.join(errors)}")

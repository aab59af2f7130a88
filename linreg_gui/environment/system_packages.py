"""Packages of the operating system that the environment rests on, and how to get them."""

import ctypes
import os
import shutil
import sys
from importlib.util import find_spec

from linreg_gui.environment import SetupError
from linreg_gui.environment.commands import run

# What the wheels of Qt and MXNet load from the system, and Debian's package of it. Newer releases
# renamed some (libglib2.0-0t64) and still install them by the old names.
_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgomp.so.1": "libgomp1",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}
_MORE_LIBRARIES = {
    "x86_64": {"libquadmath.so.0": "libquadmath0"},
    "aarch64": {"libICE.so.6": "libice6", "libSM.so.6": "libsm6"},
}


def require() -> None:
    """Make sure that the system has what the environment needs; root on Debian gets it installed.

    Raises
    ------
    SetupError
        If something is missing and cannot be installed; names the command that does.
    """
    wanted = wanted_libraries()
    libraries = {name: package for name, package in wanted.items() if not _loads(name)}
    packages = sorted(set(libraries.values()))
    if find_spec("ensurepip") is None:
        packages.insert(0, "python{}.{}-venv".format(*sys.version_info))
    if packages and not shutil.which("apt-get"):
        names = ", ".join(libraries) or "Python's ensurepip"
        raise SetupError(f"the system lacks {names}; install it with your package manager")
    if packages:
        _install(packages)
    if os.uname().machine == "aarch64" and not _loads("libarmpl_lp64_mp.so"):
        raise SetupError(
            "MXNet for aarch64 needs the Arm Performance Libraries, which only Arm gives out: "
            "install them, add their lib folder to LD_LIBRARY_PATH and start again"
        )


def wanted_libraries() -> dict[str, str]:
    """Return the system libraries that Qt and MXNet load here, each with Debian's package."""
    return _LIBRARIES | _MORE_LIBRARIES[os.uname().machine] if sys.platform == "linux" else {}


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _install(packages: list[str]) -> None:
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        raise SetupError("system packages are missing; get them with: sudo " + " ".join(install))
    output: list[str] = []
    unattended = {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], install):
        if not run(command, output.append, unattended):
            errors = [line.strip() for line in output if line.startswith("E: ")]
            raise SetupError(f"`{' '.join(command)}` failed: {' '.join(errors)}")

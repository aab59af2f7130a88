"""Programs and packages of the operating system."""

import ctypes
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from types import MappingProxyType

from linreg_gui import interruption, platforms
from linreg_gui.environment import YES, SetupError, interpreters, stop_if_interrupted
from linreg_gui.languages import in_a_row, tr

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


_CONTAINERS = ("/.dockerenv", "/run/.containerenv", "/run/systemd/container")
_LONGEST_REASON = 200  # of apt-get, which repeats itself for every address


def require_packages() -> None:
    """Check that the system has the packages that LinReg needs; install them if that is wanted.

    Root on Debian has them installed in a container, or after ``--yes``, and is asked elsewhere.

    Raises
    ------
    SetupError
        If something is missing. It names the command that installs it.
    """
    missing = _missing_libraries()
    if find_spec("ensurepip") is None:
        missing["Python's ensurepip"] = "python{}.{}-venv".format(*sys.version_info)
    if missing and shutil.which("apt-get") and _may_install(missing):
        _install(missing)
        missing = {}
    if lack := _lack(missing):
        raise SetupError(lack)


def lacking_libraries() -> str:
    """Say which libraries of the system are missing, and how to get them; empty if none is."""
    return _lack(_missing_libraries())


def _missing_libraries() -> dict[str, str]:
    """Return each library that is missing, with the Debian package that has it."""
    return {each: debian_package(each) for each in wanted_libraries() if not _loads(each)}


def _lack(missing: Mapping[str, str]) -> str:
    if missing and platforms.IS_WINDOWS:
        return tr("This Python lacks ensurepip. Install the one from python.org")
    if missing and not shutil.which("apt-get"):
        words = tr("Your system lacks {names}. Install it with the system's package manager")
        return words.format(names=in_a_row(missing))
    if missing:
        command = " ".join(_apt_get_install(missing))
        if os.geteuid() == 0:
            return tr(
                "Some system packages are missing. Install them with: {command}, or start again "
                "with {option}, which does so"
            ).format(command=command, option=YES)
        words = tr("Some system packages are missing. Install them with: {command}")
        return words.format(command=f"sudo {command}")
    if interpreters.platform()[1] == "aarch64" and not _loads("libarmpl_lp64_mp.so"):
        return tr(
            "MXNet for aarch64 needs the Arm Performance Libraries, which only Arm distributes. "
            "Install them, add their lib folder to LD_LIBRARY_PATH, then start again"
        )
    return ""


def _may_install(missing: Mapping[str, str]) -> bool:
    if os.geteuid() != 0:
        return False
    in_container = "container" in os.environ or any(map(os.path.exists, _CONTAINERS))
    return YES in sys.argv or in_container or _agrees(" ".join(_apt_get_install(missing)))


def _agrees(command: str) -> bool:
    """Ask on the terminal whether to run ``command``; nobody there has not agreed."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty()):
        return False
    words = tr("Some system packages are missing. Run {command}? [y/N]")
    sys.stderr.write("\r\033[K" + words.format(command=f"`{command}`") + " ")
    sys.stderr.flush()
    while not select.select([sys.stdin], [], [], 0.1)[0]:  # a signal would not end a plain wait
        stop_if_interrupted()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


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


def _apt_get_install(missing: Mapping[str, str]) -> list[str]:
    packages = sorted(set(missing.values()))
    return ["apt-get", "install", "-y", "--no-install-recommends", *packages]


def _install(missing: Mapping[str, str]) -> None:
    """Let apt-get install packages; a list that it cannot renew may still do."""
    output: list[str] = []
    unattended = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update"], output.append, unattended)
    install = _apt_get_install(missing)
    if not run(install, output.append, unattended):
        errors = [line[3:].strip() for line in output if line.startswith("E: ")]
        reason = errors[0][:_LONGEST_REASON] if errors else tr("it does not say why")
        words = tr(
            "The system's package manager failed: {reason}. See what {command} says, then start "
            "again"
        )
        raise SetupError(words.format(reason=reason, command=f"`{' '.join(install)}`"))

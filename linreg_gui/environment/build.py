"""Makes the environment: one start at a time, and completely or not at all."""

import contextlib
import errno
import os
import shlex
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from typing import TextIO

from linreg_gui import platforms
from linreg_gui.environment import (
    PYTHON,
    ROOT,
    STAMP,
    VENV,
    SetupError,
    is_current,
    lock_path,
    stamp,
    stop_if_interrupted,
)
from linreg_gui.environment.progress import progress
from linreg_gui.environment.system import require_packages, run

LOG = os.path.join(VENV, "setup.log")
_ISOLATED = ("-I", "-X", "utf8")  # from the user's modules, and from the encodings of Windows
NEEDED_SPACE = 1_000_000_000  # bytes; enough for the tests' packages

TEMPORARY = os.path.join(VENV, "tmp")  # pip unpacks there: many systems keep /tmp small

# What pip prints, and what the user can do about it; the first that is found counts.
_REMEDIES = {
    "No space left on device": "The disk is full. Free some space",
    "Disk quota exceeded": "Your disk quota is used up. Free some space",
    "Windows Long Path support": (
        "Windows finds no file with so long a path. Move LinReg nearer to the top, to C:\\LinReg"
    ),
    "DO NOT MATCH THE HASHES": "A package is damaged or was altered. Use another network or mirror",
    "TLS CA certificate bundle": (
        "pip's file of certificates is not there. Correct or unset PIP_CERT, or pip's setting cert"
    ),
    "SSLError": (
        "pip distrusts this network. Ask who runs it for its certificate, and give that to pip: "
        + platforms.command_line([PYTHON, "-m", "pip", "config", "set", "global.cert", "FILE"])
    ),
    "after connection broken by": "pip cannot reach its package index. Connect to the network",
    "(from versions: none)": (
        "pip cannot reach its package index. Connect to the network, or correct pip's settings"
    ),
    "No matching distribution": "pip's index lacks a package for this system. Check pip's settings",
}


def build(packages: str) -> None:
    """Make the environment with a set of packages, "app" or "tests".

    The last step stamps it as current, so a half-made one is never used. Of several starts at once
    the first makes it and the others wait.

    Raises
    ------
    SetupError
        If it cannot be made. It says why and what to do.
    """
    try:
        with progress() as say, _one_at_a_time(say) as locks:
            if not is_current(packages):
                say(
                    "LinReg is being set up, once: about 170 MB from pip's package index. This "
                    "takes a minute, and longer if the network is slow"
                )
                require_packages()
                _make(packages, say, locks)
    except OSError as error:
        raise SetupError(_explain(error)) from error


@contextlib.contextmanager
def _one_at_a_time(say: Callable[[str], None]) -> Iterator[list[platforms.Lock]]:
    """Lock the project's folder; yield the lock, for children to inherit, if there can be one.

    If a start is killed, the lock then lasts until the pip that it left behind has ended.
    """
    locks = []
    try:
        try:
            locks.append(platforms.lock(ROOT))
        except BlockingIOError:
            say("Another start is setting up LinReg; waiting for it")
            locks.append(_wait_for_lock())
        except OSError:  # NFS cannot lock folders
            pass
        yield locks
    finally:
        for lock in locks:
            lock.close()


def _wait_for_lock() -> platforms.Lock:
    """Try again and again: a signal would not end one long wait."""
    while True:
        stop_if_interrupted()
        time.sleep(0.1)
        with contextlib.suppress(BlockingIOError):
            return platforms.lock(ROOT)


def _make(packages: str, say: Callable[[str], None], locks: list[platforms.Lock]) -> None:
    _remove_old()
    _check_space()
    os.makedirs(TEMPORARY)

    with open(LOG, "w", buffering=1, encoding="utf-8") as log:
        # The file itself, not a link to it: the environment needs it as long as it exists.
        python = os.path.realpath(sys.executable)
        made = run([python, *_ISOLATED, "-m", "venv", VENV], log.write, locks=locks)
        made = made and run(
            _pip_install(packages),
            _follow_pip(packages, log, say),
            {"PIP_USER": "0", "TMPDIR": TEMPORARY},
            locks=locks,
        )
    if not made:
        raise SetupError(_explain_log())

    shutil.rmtree(TEMPORARY)
    with open(STAMP + ".new", "wb") as file:
        file.write(stamp(packages))
    os.replace(STAMP + ".new", STAMP)


def _remove_old() -> None:
    """Remove the old environment; of a link, what it leads to belongs to somebody else."""
    if os.path.islink(VENV):
        os.unlink(VENV)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(STAMP)
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(VENV)


def _pip_install(packages: str) -> list[str]:
    options = ["--no-deps", "--only-binary=:all:", "--progress-bar=off", "--no-input"]
    return [
        *[PYTHON, *_ISOLATED, "-m", "pip", "--disable-pip-version-check", "install"],
        *["--require-hashes", "-r", lock_path(packages)],
        *options,
    ]


def _follow_pip(packages: str, log: TextIO, say: Callable[[str], None]) -> Callable[[str], None]:
    """Return a function that takes what pip prints, and shows what is fetched, and for how long."""
    with open(lock_path(packages), encoding="utf-8") as lock_file:
        left = sum(not line.startswith((" ", "#")) for line in lock_file)
    began, name, number = time.monotonic(), "", 0

    def follow(line: str) -> None:
        nonlocal left, name, number
        log.write(line)
        words = line.split()
        if line.startswith("Ignoring "):  # it is for another Python or platform
            left -= 1
        elif line.startswith("Collecting "):
            name, number = words[1].replace("==", " "), number + 1
            _say(f"getting {name}")
        elif words[:1] == ["Downloading"] and line.rstrip().endswith("B)"):
            _say(f"getting {name}, {line[line.rindex('(') + 1 : line.rindex(')')]}")
        elif line.startswith("Installing "):
            say("LinReg is being set up: installing, which takes some seconds")

    def _say(words: str) -> None:
        seconds = time.monotonic() - began
        say(f"LinReg is being set up: {words} ({number} of {left}, {seconds:.0f} s so far)")

    return follow


def _check_space() -> None:
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_SPACE:
        raise SetupError(
            f"Setup needs {NEEDED_SPACE / 1e9:.1f} GB of disk space, and {free / 1e9:.1f} GB is "
            f"free. Free some space in {ROOT}, then start again: {_same_command()}"
        )


def _explain_log() -> str:
    with open(LOG, encoding="utf-8") as log:
        words = log.read()
    remedies = (remedy for sign, remedy in _REMEDIES.items() if sign in words)
    remedy = next(remedies, "Setup failed. See the details")
    return f"{remedy}, then start again: {_same_command()} (details: {LOG})"


def _explain(error: OSError) -> str:
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        words = f"{error.filename}: {error.strerror}. Copy the project to a folder of yours"
        if platforms.IS_WINDOWS:
            return f"{words}, then start app.py there"
        return f"{words}: cp -r {shlex.quote(ROOT)} ~/linreg && python3 ~/linreg/app.py"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full. Free some space, then start again: {_same_command()}"
    return f"{error.strerror}: {error.filename}"


def _same_command() -> str:
    return platforms.command_line([platforms.USUAL_PYTHON, *sys.argv])

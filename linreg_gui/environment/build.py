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
    how_to_renew,
    is_current,
    lock_path,
    stamp,
    stop_if_interrupted,
)
from linreg_gui.environment.progress import progress
from linreg_gui.environment.system import require_packages, run
from linreg_gui.languages import decimal_mark, tr
from linreg_gui.resources import locked_packages

LOG = os.path.join(VENV, "setup.log")
_ISOLATED = ("-I", "-X", "utf8")  # from the user's modules, and from the encodings of Windows
NEEDED_SPACE = 1_000_000_000  # bytes; enough for the tests' packages

TEMPORARY = os.path.join(VENV, "tmp")  # pip unpacks there: many systems keep /tmp small


# What pip prints, and what the user can do about it; the first that is found counts.
def _remedies() -> dict[str, str]:
    certify = [PYTHON, "-m", "pip", "config", "set", "global.cert", "FILE"]
    return {
        "No space left on device": tr("The disk is full. Free some space"),
        "Disk quota exceeded": tr("Your disk quota is used up. Free some space"),
        "Windows Long Path support": tr(
            "Windows finds no file with so long a path. Move LinReg nearer to the top, to {folder}"
        ).format(folder="C:\\LinReg"),
        "DO NOT MATCH THE HASHES": tr(
            "A package is damaged or was altered. Use another network or mirror"
        ),
        "TLS CA certificate bundle": tr(
            "pip's file of certificates is not there. Correct or unset PIP_CERT, or pip's setting "
            "cert"
        ),
        "SSLError": tr(
            "pip distrusts this network. Ask who runs it for its certificate, and give that to "
            "pip: {command}"
        ).format(command=platforms.command_line(certify)),
        "after connection broken by": tr(
            "pip cannot reach its package index. Connect to the network"
        ),
        "(from versions: none)": tr(
            "pip cannot reach its package index. Connect to the network, or correct pip's settings"
        ),
        "No matching distribution": tr(
            "pip's index lacks a package for this system. Check pip's settings"
        ),
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
                    tr(
                        "LinReg is being set up, once: about 170 MB from pip's package index. This "
                        "takes a minute, and longer if the network is slow"
                    )
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
            say(tr("Another start is setting up LinReg; waiting for it"))
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
    python = platforms.python_in(VENV)
    # Windows deletes no program that runs. So they come first: if one is in use, the rest stays.
    for file in (platforms.without_console(python), python, STAMP):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(file)
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
    left = len(locked_packages(packages))
    began, name, number = time.monotonic(), "", 0

    def follow(line: str) -> None:
        nonlocal left, name, number
        log.write(line)
        words = line.split()
        if line.startswith("Ignoring "):  # it is for another Python or platform
            left -= 1
        elif line.startswith("Collecting "):
            name, number = words[1].replace("==", " "), number + 1
            _say(tr("getting {package}").format(package=name))
        elif words[:1] == ["Downloading"] and line.rstrip().endswith("B)"):
            size = line[line.rindex("(") + 1 : line.rindex(")")]
            _say(tr("getting {package}, {size}").format(package=name, size=size))
        elif line.startswith("Installing "):
            say(tr("LinReg is being set up: installing, which takes some seconds"))

    def _say(words: str) -> None:
        seconds = time.monotonic() - began
        told = tr("LinReg is being set up: {words} ({number} of {all}, {seconds} s so far)")
        say(told.format(words=words, number=number, all=left, seconds=round(seconds)))

    return follow


def _gigabytes(size: float) -> str:
    return f"{size / 1e9:.1f}".replace(".", decimal_mark())


def _check_space() -> None:
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_SPACE:
        raise SetupError(
            tr(
                "Setup needs {needed} GB of disk space, and {free} GB is free. Free some space in "
                "{folder}, then start again: {command}"
            ).format(
                needed=_gigabytes(NEEDED_SPACE),
                free=_gigabytes(free),
                folder=ROOT,
                command=_same_command(),
            )
        )


def _explain_log() -> str:
    with open(LOG, encoding="utf-8") as log:
        words = log.read()
    remedies = (remedy for sign, remedy in _remedies().items() if sign in words)
    remedy = next(remedies, tr("Setup failed. See the details"))
    words = tr("{remedy}, then start again: {command} (details: {file})")
    return words.format(remedy=remedy, command=_same_command(), file=LOG)


def _explain(error: OSError) -> str:
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        if platforms.IS_WINDOWS and f"{error.filename}".startswith(VENV + os.sep):  # it is in use
            return f"{error.filename}: {error.strerror}. {how_to_renew()}"
        words = tr("{file}: {reason}. Copy the project to a folder of yours: {command}")
        command = f"cp -r {shlex.quote(ROOT)} ~/linreg && python3 ~/linreg/app.py"
        if platforms.IS_WINDOWS:
            words = tr(
                "{file}: {reason}. Copy the project to a folder of yours, then start app.py there"
            )
        return words.format(file=error.filename, reason=error.strerror, command=command)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        words = tr("The disk is full. Free some space, then start again: {command}")
        return words.format(command=_same_command())
    return f"{error.strerror}: {error.filename}"


def _same_command() -> str:
    return platforms.command_line([platforms.USUAL_PYTHON, *sys.argv])

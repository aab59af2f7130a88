"""The project's own Python environment, ``.venv``: entered when it is current, made when it is not.

A script that needs it begins with ``environment.enter("app")``, or ``enter("tests")`` for what the
tests need on top. That works on whatever Python was at hand: this file, ``interpreters`` and
``progress`` keep to the syntax and library of Python 3.6, and a start that finds everything current
reads nothing else.
"""

import os
import sys

from linreg_gui.environment import interpreters

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "linreg.stamp")

_SERVED_BY = {"app": ("app", "tests"), "tests": ("tests",)}


class SetupError(Exception):
    """Why the environment cannot be made and what to do, in one sentence."""


def enter(packages: str) -> None:
    """Continue this script inside the environment, which is made first when it is not current.

    Returns at once inside a current environment; anywhere else the script starts again there, with
    the same arguments. A failure or an interrupt ends the program with one line on stderr.

    Parameters
    ----------
    packages : {"app", "tests"}
        The lock file in ``resources/locks`` that the environment must hold; "tests" includes "app".
    """
    try:
        if not is_current(packages):
            _make(packages)
        elif os.path.realpath(sys.prefix) == os.path.realpath(VENV):
            return
        _restart(PYTHON)
    except SetupError as error:
        from linreg_gui.environment.progress import show_failure

        show_failure(str(error))
        sys.exit("linreg-gui: {}".format(error))
    except KeyboardInterrupt:
        sys.stderr.write("linreg-gui: setting up was interrupted; the next start does it.\n")
        sys.exit(130)


def is_current(packages: str) -> bool:
    """Tell whether the environment is complete and made from the lock files as they are now.

    The app is content with any supported Python; the tests want the one they were started with.
    """
    try:
        with open(STAMP, "rb") as file:
            version, _, lock = file.read().partition(b"\n")
    except OSError:
        return False
    if packages == "tests" and interpreters.is_supported():
        right_python = version.decode() == interpreters.running_version()
    else:
        right_python = version.decode() in interpreters.VERSIONS
    right_packages = lock in [_read(lock_path(name)) for name in _SERVED_BY[packages]]
    return right_python and right_packages and os.access(PYTHON, os.X_OK)


def stamp(packages: str) -> bytes:
    """Return what marks an environment as made by this Python from the present lock file."""
    return interpreters.running_version().encode() + b"\n" + _read(lock_path(packages))


def lock_path(packages: str) -> str:
    """Return the path of a lock file."""
    return os.path.join(ROOT, "resources", "locks", packages + ".txt")


def _make(packages: str) -> None:
    if not interpreters.is_supported():
        _restart(_supported_python())

    from linreg_gui.environment.build import build

    build(packages)


def _supported_python() -> str:
    obstacle = interpreters.obstacle()
    python = None if obstacle else interpreters.find()
    if python is None:
        raise SetupError(obstacle or interpreters.advice())
    return python


def _restart(python: str) -> None:
    # What PYTHONPATH adds, as ROS has it do, would come before the environment's own packages.
    variables = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH")}
    os.execve(python, [python, *sys.argv], variables)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()

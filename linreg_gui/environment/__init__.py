"""The project's Python environment, ``.venv``. It is made when it is missing or out of date.

A script that needs it begins with ``environment.enter("app")``, or with ``enter("tests")`` if it
needs the packages for the tests too. Any Python can start the script: this file, ``interpreters``,
``progress``, ``interruption`` and ``platforms`` use only the syntax and library of Python 3.6. If
the environment is current, a start reads nothing of the program but these, without ``progress``.
"""

import os
import sys

from linreg_gui import interruption, platforms
from linreg_gui.environment import interpreters

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
VENV = os.path.join(ROOT, ".venv")
PYTHON = platforms.python_in(VENV)
STAMP = os.path.join(VENV, "linreg.stamp")

_SERVED_BY = {"app": ("app", "tests"), "tests": ("tests",)}


class SetupError(Exception):
    """Why the environment cannot be made, and what to do, in one line."""


def enter(packages: str) -> None:
    """Go on inside the environment; make it first if it is not current.

    Inside a current environment this returns at once. Anywhere else the script starts again there
    with the same arguments. A failure or a signal ends the program with one line on stderr.

    Parameters
    ----------
    packages : {"app", "tests"}
        The lock file in ``resources/locks`` to install; "tests" includes "app".
    """
    with interruption.held():
        try:
            if not is_current(packages):
                _make(packages)
            elif _is_inside() and interpreters.is_supported():
                return
            is_seen = packages != "app" or platforms.is_seen()
            _restart(PYTHON if is_seen else platforms.without_console(PYTHON))
        except SetupError as error:
            if sys.stderr is not None:
                sys.stderr.write("linreg-gui: {}\n".format(error))
            if not interruption.asked_exit_code():
                from linreg_gui.environment.progress import show_failure

                show_failure(str(error))
            sys.exit(1)


def stop_if_interrupted() -> None:
    """End setup with an error if a signal has come."""
    if interruption.asked_exit_code():
        raise SetupError("Setup was interrupted. The next start will do it.")


def is_current(packages: str) -> bool:
    """Return whether the environment is complete and made from the present lock files.

    The app runs with any supported Python, the tests only with the one that started them.
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
    """Return the contents of `STAMP` after this Python has installed the present lock file."""
    return interpreters.running_version().encode() + b"\n" + _read(lock_path(packages))


def lock_path(packages: str) -> str:
    """Return the path of a lock file."""
    return os.path.join(ROOT, "resources", "locks", packages + ".txt")


def _is_inside() -> bool:
    return os.path.realpath(sys.prefix) == os.path.realpath(VENV)


def _make(packages: str) -> None:
    if not interpreters.is_supported():
        obstacle = interpreters.obstacle()
        python = None if obstacle else interpreters.find()
        stop_if_interrupted()
        if python is None:
            raise SetupError(obstacle or interpreters.advice())
        _restart(python)

    from linreg_gui.environment.build import build

    build(packages)


def _restart(python: str) -> None:
    # Folders on PYTHONPATH, as ROS sets it, would come before the environment's packages.
    variables = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH")}
    command = interpreters.starting(python) + sys.argv
    interruption.execute(command[0], command, variables)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()

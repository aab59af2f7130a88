"""The project's Python environment, ``.venv``. It is made when it is missing or out of date.

A script that needs it begins with ``environment.enter("app")``, or with ``enter("tests")`` if it
needs the packages for the tests too. Any Python can start the script: this file, ``interpreters``,
``progress``, ``interruption``, ``languages``, ``platforms`` and ``resources`` use only the syntax
and library of Python 3.6. If the environment is current, a start reads nothing of the program but
this file, ``interpreters``, ``interruption`` and ``platforms``.
"""

import os
import sys

from linreg_gui import interruption, platforms
from linreg_gui.environment import interpreters

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
VENV = os.path.join(ROOT, ".venv")
PYTHON = platforms.python_in(VENV)
STAMP = os.path.join(VENV, "linreg.stamp")

YES = "--yes"
"""The argument that agrees to what setup would ask; nobody but setup gets it."""

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
            elif is_inside() and interpreters.is_supported():
                sys.argv[1:] = [each for each in sys.argv[1:] if each != YES]
                return
            is_seen = packages != "app" or not platforms.IS_WINDOWS or platforms.is_seen()
            _restart(PYTHON if is_seen else platforms.without_console(PYTHON))
        except (SetupError, OSError) as error:
            give_up(str(error))
            sys.exit(1)


def give_up(sentence: str) -> None:
    """Say why the program cannot start: on stderr, and in a window if nobody would read it there.

    After a signal nobody waits for a window.
    """
    from linreg_gui.environment.progress import show_failure

    platforms.print_line(sentence)
    if not interruption.asked_exit_code():
        show_failure(sentence)


def stop_if_interrupted() -> None:
    """End setup with an error if a signal has come."""
    if interruption.asked_exit_code():
        from linreg_gui.languages import tr

        raise SetupError(tr("Setup was interrupted. The next start will do it."))


def how_to_renew() -> str:
    """Say in a sentence how a person gets a new environment."""
    from linreg_gui.languages import tr

    return tr("Delete the folder .venv and start LinReg again; it then sets up a new one.")


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


def is_inside() -> bool:
    """Return whether the environment's Python runs."""
    return os.path.realpath(sys.prefix) == os.path.realpath(VENV)


def _make(packages: str) -> None:
    from linreg_gui import languages

    languages.begin(sys.argv[1:])
    if not interpreters.is_supported():
        obstacle = interpreters.obstacle()
        if obstacle:
            raise SetupError(obstacle)
        _restart(_other_python())

    from linreg_gui.environment.build import build

    build(packages)


def _other_python() -> str:
    from linreg_gui.environment.progress import progress

    with progress() as say:
        python, reason = interpreters.find(say.once)
    stop_if_interrupted()
    if python is None:
        raise SetupError(interpreters.advice(reason))
    return python


def _restart(python: str) -> None:
    # Folders on PYTHONPATH, as ROS sets it, would come before the environment's packages.
    variables = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH")}
    command = interpreters.starting(python) + sys.argv
    interruption.execute(command[0], command, variables)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()

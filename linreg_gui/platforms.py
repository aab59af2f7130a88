"""Where Windows differs from Linux and macOS: paths, locks, consoles, programs that are started.

Standard library of Python 3.6 only, as in ``environment``.
"""

import contextlib
import os
import sys
import time

TYPE_CHECKING = False  # typing takes as long as all of this
if TYPE_CHECKING:
    import subprocess
    from typing import Any

IS_WINDOWS = sys.platform == "win32"

USUAL_PYTHON = "py" if IS_WINDOWS else "python3"
"""What a person types to start a Python."""

_WINDOWS_LAUNCHERS = ("py.exe", "pyw.exe", "python.exe", "pythonw.exe")


def python_in(environment: str, windows: bool = IS_WINDOWS) -> str:
    """Return the path of the Python of a virtual environment."""
    return os.path.join(environment, *(("Scripts", "python.exe") if windows else ("bin", "python")))


def without_console(python: str) -> str:
    """Return the path of the same Python that opens no console; only Windows has one."""
    return os.path.join(os.path.dirname(python), "pythonw.exe")


def command_line(words: "list[str]", windows: bool = IS_WINDOWS) -> str:
    """Return a command as a person types it."""
    if windows:
        import subprocess

        return subprocess.list2cmdline(words)
    import shlex

    return " ".join(map(shlex.quote, words))


def open_standard_streams() -> None:
    """Lead streams that whoever started us has closed to nowhere.

    Otherwise the next file that is opened would take the place of stderr, and what libraries print
    there would get into it.
    """
    for stream in range(3):
        try:
            os.fstat(stream)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the first place that is free
            os.set_inheritable(stream, True)


def is_seen() -> bool:
    """Return whether anybody sees what is printed on stderr.

    A double click opens a console for us alone on Windows, which closes when we end.
    """
    if sys.stderr is None:
        return False
    return not sys.stderr.isatty() or not _has_console_alone()


def _has_console_alone() -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    kernel = ctypes.WinDLL("kernel32")
    kernel.OpenProcess.restype = ctypes.c_void_p
    processes = (ctypes.c_uint32 * 64)()
    for process in processes[: kernel.GetConsoleProcessList(processes, len(processes))]:
        handle = ctypes.c_void_p(kernel.OpenProcess(0x1000, False, process))  # limited questions
        path = ctypes.create_unicode_buffer(1024)
        kernel.QueryFullProcessImageNameW(handle, 0, path, ctypes.byref(ctypes.c_uint32(len(path))))
        kernel.CloseHandle(handle)
        if os.path.basename(path.value).lower() not in _WINDOWS_LAUNCHERS:
            return False
    return True


def show_message(sentence: str) -> None:
    """Show a sentence in a box until it is closed, if this is Windows."""
    if sys.platform == "win32":
        import ctypes

        ctypes.WinDLL("user32").MessageBoxW(None, sentence, "LinReg", 0x30)  # Ctrl-C copies it


def print_line(sentence: str) -> None:
    """Print a sentence on stderr, after the program's name, if there is a stderr."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):  # closed by whoever started us
            sys.stderr.write("linreg-gui: {}\n".format(sentence))
            sys.stderr.flush()


def understand_codes() -> None:
    """Let the terminal of stderr understand codes, as all others do without being asked."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.WinDLL("kernel32")
        kernel.GetStdHandle.restype = ctypes.c_void_p
        terminal = ctypes.c_void_p(kernel.GetStdHandle(-12))
        mode = ctypes.c_uint32()
        if kernel.GetConsoleMode(terminal, ctypes.byref(mode)):
            kernel.SetConsoleMode(terminal, mode.value | 4)


def lead_to_fonts() -> None:
    """Let Qt's platform "offscreen" find the fonts of Windows; others find them by themselves."""
    if IS_WINDOWS:
        fonts = os.path.join(os.environ.get("WINDIR", "C:\\Windows"), "Fonts")
        os.environ.setdefault("QT_QPA_FONTDIR", fonts)


class Lock:
    """A lock on a file or folder. It ends when it is closed, or with the process.

    Windows locks no folders, and a locked file cannot be replaced. So a name in the system stands
    for the file there: other computers do not see it.
    """

    def __init__(self, handle: int) -> None:
        self.handle = handle

    def close(self) -> None:
        """Unlock."""
        if sys.platform == "win32":
            import _winapi

            _winapi.CloseHandle(self.handle)
        else:
            os.close(self.handle)


def lock(path: "str | os.PathLike[str]", waits: bool = False) -> Lock:
    """Lock a file or folder, but not what a link leads to.

    Parameters
    ----------
    path : path
        It exists.
    waits : bool, optional
        Wait while somebody else has locked it.

    Raises
    ------
    BlockingIOError
        If somebody has locked it.
    OSError
        If it cannot be locked.
    """
    if sys.platform == "win32":
        while True:
            try:
                return Lock(_named_mutex(path))
            except BlockingIOError:
                if not waits:
                    raise
                time.sleep(0.01)
    import fcntl

    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
    except OSError:
        os.close(descriptor)
        raise
    return Lock(descriptor)


def _named_mutex(path: "str | os.PathLike[str]") -> int:
    """Return the handle of a mutex that is named after a file: only one can be made at a time."""
    if sys.platform != "win32":
        raise NotImplementedError
    import ctypes

    place = os.lstat(path)
    # Versions of Python tell more or less of the volume's number.
    name = "Global\\linreg-gui-{:x}-{:x}".format(place.st_dev & 0xFFFFFFFF, place.st_ino)
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.CreateMutexW.restype = ctypes.c_void_p
    handle = kernel.CreateMutexW(None, False, name)
    error = ctypes.get_last_error()
    if handle and not error:
        return int(handle)
    if handle:
        Lock(handle).close()
    if handle or error == 5:  # access is denied to another user's
        raise BlockingIOError("locked by another process")
    raise ctypes.WinError(error)


def in_background(*locks: Lock) -> "dict[str, Any]":
    """Return what `subprocess.Popen` needs for a process that a Ctrl-C does not reach.

    It holds ``locks`` as well, and opens no console.
    """
    handles = [lock.handle for lock in locks]
    if sys.platform != "win32":
        return {"start_new_session": True, "pass_fds": handles}
    import subprocess

    for handle in handles:
        os.set_handle_inheritable(handle, True)
    startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": handles})
    flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    return {"startupinfo": startup, "creationflags": flags}


def interrupt(process: "subprocess.Popen[Any]") -> None:
    """End a process that is `in_background`, with all that it has started."""
    if sys.platform == "win32":
        import subprocess

        end = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
        subprocess.call(end, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return
    import contextlib
    import signal

    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)


def go_on_as(command: "list[str]", variables: "dict[str, str]") -> None:
    """End this process with the exit code of another one, or at once if that has no console.

    This is for Windows, where `os.execve` returns to the shell before the new program has ended.
    """
    import subprocess

    process = subprocess.Popen(command, env=variables)
    os._exit(0 if command[0] == without_console(command[0]) else process.wait())


def flush(path: "str | os.PathLike[str]") -> None:
    """Wait until the contents of a file or folder are on the disk; Windows sees to its folders."""
    if IS_WINDOWS and os.path.isdir(path):
        return
    descriptor = os.open(path, os.O_RDWR if IS_WINDOWS else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

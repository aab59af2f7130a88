"""A Debian in a folder that has Wine, a screen, and the tools that make a package. Needs root."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RELEASE = "trixie"  # Wine 10; Debian 12 has Wine 8, in which Qt does not start
TOOLS = [
    *(
        "wine",
        "wine64",
        "xvfb",
        "x11-utils",
        "xdotool",
        "imagemagick",
        "fonts-dejavu-core",
        "openssl",
    ),
    *("ca-certificates", "gcc-mingw-w64-x86-64-win32", "librsvg2-bin", "icoutils", "nsis"),
]
PREFIX = "/wine"
DRIVE_C = f"{PREFIX}/drive_c"
_WINE = "/usr/lib/wine/wine64"
_DISPLAY = ":77"

# Proc and devices are mounted for each program anew, in a namespace that ends with it.
_ENTER = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"'


class Wine:
    """Runs programs of Debian and of Windows in a folder.

    Parameters
    ----------
    folder : Path
        Where Debian is, or will be. What is in it is ``Z:`` for Windows.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Install Debian and Wine, unless they are there already."""
        ready = self.folder / "ready"
        if ready.exists():
            return
        if not shutil.which("debootstrap"):
            sys.exit("debootstrap is missing. Install it with: apt-get install debootstrap")
        shutil.rmtree(self.folder, ignore_errors=True)
        debootstrap = ["debootstrap", "--force-check-gpg", "--variant=minbase", RELEASE]
        command = ["unshare", "--mount", *debootstrap, str(self.folder)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *TOOLS]
        for step in (["apt-get", "update", "-qq"], install):
            self.run(*step).check_returncode()
        self.windows("wineboot", "-i").check_returncode()
        ready.touch()

    def path(self, windows: str) -> Path:
        """Return where a file of Windows is outside."""
        drive, _, rest = windows.replace("\\", "/").partition(":/")
        return self.folder / (DRIVE_C.strip("/") if drive == "C" else "") / rest

    def command(self, *words: str, **variables: str) -> list[str]:
        """Return the command that runs a program of Debian inside."""
        clean = {
            "HOME": PREFIX, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive", "DISPLAY": _DISPLAY,
            "WINEPREFIX": PREFIX, "WINEARCH": "win64", "WINEDEBUG": "-all",
            # Neither .NET nor HTML, nor a debugger: with that, a crash would never end.
            "WINEDLLOVERRIDES": "mscoree,mshtml,winedbg.exe=", **variables,
        }  # fmt: skip
        settings = [f"{name}={value}" for name, value in clean.items()]
        enter = ["unshare", "--mount", "sh", "-c", _ENTER, str(self.folder)]
        return [*enter, "env", "-i", *settings, *words]

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a program of Debian inside, and return what it has printed."""
        return _run(self.command(*words))

    def windows(self, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """Run a program of Windows inside, and return what it has printed."""
        return _run(self.windows_command(*words, **variables))

    def windows_command(self, *words: str, **variables: str) -> list[str]:
        """Return the command that runs a program of Windows inside."""
        return self.command(_WINE, *words, **variables)

    @contextmanager
    def screen(self) -> Iterator[None]:
        """Have a screen while this lasts, and end all programs of Windows after it."""
        screen = ["Xvfb", _DISPLAY, "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
        server = subprocess.Popen(self.command(*screen), stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            self.end_all()
            server.terminate()
            server.wait()

    def end_all(self) -> None:
        """End all programs of Windows."""
        self.run("/usr/lib/wine/wineserver64", "-k")


def _run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    # Into a file: what a program has left running would keep a pipe open.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as printed:
        code = subprocess.call(
            command, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT
        )
        printed.seek(0)
        return subprocess.CompletedProcess(command, code, printed.read())

"""Make and try LinReg for Windows on Linux, with Wine: ``python3 packaging/windows``.

Everything comes from the package registries: Debian with Wine, the official Python, the wheels in
the lock files. It stays in a folder, ~/.cache/linreg-windows by default, and is used again.

    python3 packaging/windows tests [PATHS]   run the tests, or some of them
    python3 packaging/windows package         make a zip file and an installer in dist
    python3 packaging/windows trial           install that, start it, test it, uninstall it

Without a word it does all three. The last line is the verdict, and the exit code is 0 if all is
well. It needs Linux, root, debootstrap with Debian's keys, and Python 3.11 or newer.
"""

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:1] = [str(HERE), str(HERE.parent.parent)]

import package  # noqa: E402
import parts  # noqa: E402
import trial  # noqa: E402
from wine import Wine  # noqa: E402

from linreg_gui import __version__  # noqa: E402

DIST = parts.ROOT / "dist"


def main() -> int:
    """Do what the command line says; return the exit code."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=Path("~/.cache/linreg-windows").expanduser())
    parser.add_argument("step", nargs="?", choices=("tests", "package", "trial"))
    options, more = parser.parse_known_args()
    if os.geteuid():
        sys.exit("Only root can run a Debian in a folder. Start it in a container, or with sudo.")
    wine = Wine(options.cache.resolve() / "debian")
    wine.prepare()
    inside = wine.folder / "linreg"
    inside.mkdir(exist_ok=True)
    parts.get_python(inside / "python")
    DIST.mkdir(exist_ok=True)
    zipped, installer = (
        DIST / f"LinReg-{__version__}{ending}" for ending in (".zip", "-setup.exe")
    )
    verdicts = {}
    with wine.screen():
        if options.step in (None, "tests"):
            wheels = inside / "wheels"
            parts.get_wheels("tests", wheels)
            verdicts["tests"] = trial.run_tests(wine, wheels, more, say)
        if options.step in (None, "package"):
            folder = inside / "LinReg"
            wheels = parts.get_wheels("app", inside / "wheels")
            package.lay_out(wine, inside / "python", wheels, folder)
            package.make_zip(folder, zipped)
            package.make_installer(wine, folder, installer)
            verdicts["package"] = True
            sizes = [
                _megabytes(folder),
                *(file.stat().st_size / 1e6 for file in (zipped, installer)),
            ]
            say("unpacked {:.0f} MB, zip file {:.0f} MB, installer {:.0f} MB".format(*sizes))
        if options.step in (None, "trial"):
            verdicts["trial"] = trial.try_installer(wine, installer, DIST, say)
    say(", ".join(f"{name} {'passed' if good else 'FAILED'}" for name, good in verdicts.items()))
    return 0 if all(verdicts.values()) else 1


def say(words: str) -> None:
    """Print, and write into the log beside the packages."""
    print(words, flush=True)
    with (DIST / "windows.log").open("a", encoding="utf-8") as log:
        log.write(words + "\n")


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


if __name__ == "__main__":
    sys.exit(main())

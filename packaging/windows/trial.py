"""Tries the program under Wine: its tests from a checkout, and what the installer installs."""

import math
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

from parts import ROOT
from wine import Wine

CHECKOUT = "linreg/Übung 1"  # an umlaut and a blank, as a person's folder may have
PLACE = "C:\\users\\root\\AppData\\Local\\Programs\\LinReg"
PATIENCE = 180  # seconds for a window, an installation or its end

_OPEN_FILE = """
import os, subprocess, sys, winreg
def value(key): return winreg.QueryValue(winreg.HKEY_CURRENT_USER, "Software\\\\Classes\\\\" + key)
name = value(os.path.splitext(sys.argv[1])[1])
command = value(name + "\\\\shell\\\\open\\\\command").replace("%1", sys.argv[1])
nothing = subprocess.DEVNULL
subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing)
"""
_CLOSE = ["taskkill", "/IM", "LinReg.exe"]  # as a click on the cross does

Say = Callable[[str], None]


def run_tests(wine: Wine, wheels: Path, choice: list[str], say: Say) -> bool:
    """Run the tests as on Windows, from a fresh checkout; say what failed and was skipped."""
    checkout = wine.folder / CHECKOUT
    _check_out(checkout)
    results = checkout / "results.xml"
    windows = "Z:\\" + CHECKOUT.replace("/", "\\")
    command = [
        "Z:\\linreg\\python\\python.exe", "-X", "utf8", f"{windows}\\tests",
        *("-q", "-rfE", "--tb=short", "--junitxml", f"{windows}\\results.xml"),
        *("-o", "faulthandler_timeout=300", "-o", "faulthandler_exit_on_timeout=true"),
        *(choice or ["-n", "2", "--dist", "loadfile", "tests"]),
    ]  # fmt: skip
    packages = f"Z:\\{wheels.relative_to(wine.folder)}".replace("/", "\\")
    done = wine.windows(*command, PIP_NO_INDEX="1", PIP_FIND_LINKS=packages)
    say(done.stdout)
    if not results.exists():
        say("The tests have not run to their end.")
        return False
    counts: Counter[str] = Counter()
    for case in ET.parse(results).iter("testcase"):  # noqa: S314 - our own
        ending = next((each for each in case if each.tag in {"failure", "error", "skipped"}), None)
        counts["passed" if ending is None else ending.tag] += 1
        if ending is not None:
            say(f"{ending.tag}: {case.get('classname')}::{case.get('name')}: {_first_line(ending)}")
    say(", ".join(f"{count} {kind}" for kind, count in counts.items()))
    return not counts["failure"] + counts["error"]


def _first_line(ending: ET.Element) -> str:
    return (ending.get("message") or "").partition("\n")[0][:160]


def _check_out(folder: Path) -> None:
    """Copy the files that git would clone, but keep the environment of an earlier trial."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.name != ".venv":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    for name in filter(None, names.split("\0")):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


def try_installer(wine: Wine, installer: Path, folder: Path, say: Say) -> bool:
    """Install, start, test and uninstall; say what was found, and return whether all is well."""
    shutil.copy(installer, wine.path("C:\\installer.exe"))
    before = _state(wine)
    results = [
        _report(say, "it installs without a question", _install(wine)),
        _report(say, "its file types are known", _knows_types(wine)),
        _report(say, "a window appears", _shows_window(wine, say, folder)),
        _report(say, "what a double click runs opens a lesson", _opens_lesson(wine)),
        _report(say, "it tests itself", _tests_itself(wine, say)),
        _report(say, "it trains without a window", _trains(wine)),
        _report(say, "it uninstalls", _uninstall(wine)),
    ]
    after = _state(wine)
    left = sorted(after - before)
    for each in left:
        say(f"left: {each}")
    strangers = [each for each in left if "AppData\\Local\\linreg-gui" not in each]
    return all([*results, _report(say, "only the user's own is left", not strangers)])


def _report(say: Say, what: str, is_so: bool) -> bool:
    say(f"{'ok    ' if is_so else 'FAILED'}  {what}")
    return is_so


def _install(wine: Wine) -> bool:
    wine.windows("C:\\installer.exe", "/S")
    return _comes(lambda: wine.path(f"{PLACE}\\uninstall.exe").exists())


def _uninstall(wine: Wine) -> bool:
    wine.windows(f"{PLACE}\\uninstall.exe", "/S")  # it goes on after this; its entry goes last
    entry = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\LinReg"
    return _comes(lambda: wine.windows("reg", "query", entry).returncode != 0)


def _knows_types(wine: Wine) -> bool:
    """Return whether Windows would start the program with the right option."""
    for suffix, name, option in (
        (".linreg", "LinReg.Session", "--open"),
        (".linreg-lesson", "LinReg.Lesson", "--lesson"),
    ):
        if name not in _value(wine, f"Software\\Classes\\{suffix}"):
            return False
        command = _value(wine, f"Software\\Classes\\{name}\\shell\\open\\command")
        if f'"{PLACE}\\LinReg.exe" {option} "%1"' not in command:
            return False
    return True


def _value(wine: Wine, key: str) -> str:
    return wine.windows("reg", "query", f"HKCU\\{key}", "/ve").stdout


def _shows_window(wine: Wine, say: Say, folder: Path) -> bool:
    starts = [_start(wine, f"{PLACE}\\LinReg.exe") for _ in range(3)]
    said = (f"{seconds:.1f} (exit code {code})" for seconds, code in starts)
    say("seconds to the first window: " + ", ".join(said))
    shutil.copy(wine.folder / "build" / "window.png", folder)
    return all(code == 0 and seconds < PATIENCE for seconds, code in starts)


def _opens_lesson(wine: Wine) -> bool:
    """Run the registered command as the Explorer does; Wine opens no file by its type itself."""
    lesson = "C:\\users\\root\\Übung 1.linreg-lesson"
    shutil.copy(next((ROOT / "resources" / "lessons").glob("01-*.md")), wine.path(lesson))
    wine.windows("Z:\\linreg\\python\\python.exe", "-c", _OPEN_FILE, lesson)
    is_open = _comes(lambda: _has_window(wine))
    wine.windows(*_CLOSE)
    is_closed = _comes(lambda: not _has_window(wine))
    wine.path(lesson).unlink()
    return is_open and is_closed


def _start(wine: Wine, *command: str) -> tuple[float, int]:
    """Start the program, wait for its window, and close that.

    Returns the seconds until it was there, infinite if it never was, and the exit code.
    """
    begun = time.monotonic()
    process = subprocess.Popen(wine.windows_command(*command), stdin=subprocess.DEVNULL)
    _comes(lambda: _has_window(wine) or process.poll() is not None)
    seconds = time.monotonic() - begun if _has_window(wine) else math.inf
    time.sleep(5)  # until it is painted
    wine.run("import", "-window", "root", "/build/window.png")
    wine.windows(*_CLOSE)
    try:
        return seconds, process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        wine.end_all()
        return seconds, process.wait()


def _has_window(wine: Wine) -> bool:
    search = ["xdotool", "search", "--onlyvisible", "--name", "LinReg"]
    return bool(wine.run(*search).stdout.strip())


def _tests_itself(wine: Wine, say: Say) -> bool:
    done = wine.windows(f"{PLACE}\\linreg-gui.exe", "--self-test")
    say(done.stdout)
    return done.returncode == 0


def _trains(wine: Wine) -> bool:
    done = wine.windows(f"{PLACE}\\linreg-gui.exe", "--batch", "C:\\Übung 1", "--engine", "instant")
    folder = wine.path("C:\\Übung 1")
    made = {file.name for file in folder.glob("*")}
    shutil.rmtree(folder, ignore_errors=True)
    return done.returncode == 0 and made == {"summary.json", "trajectory.csv", "window.png"}


def _state(wine: Wine) -> set[str]:
    """Return all files and keys of the user."""
    user = wine.path("C:\\users\\root")
    files = {str(file.relative_to(user)).replace("/", "\\") for file in user.rglob("*")}
    keys = wine.windows("reg", "query", "HKCU\\Software", "/s").stdout
    lines = (line.strip() for line in keys.splitlines() if "wine" not in line.lower())
    ours = {line for line in lines if "linreg" in line.lower()}
    return {file for file in files if "\\Temp\\" not in file} | ours


def _comes(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True

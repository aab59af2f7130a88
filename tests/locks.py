"""Whom the lock files are for, and what each of them gets.

``python3 tests --locks`` asks pip's index whether all of it is there as wheels with these hashes.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.requirements import Requirement

from linreg_gui import environment
from linreg_gui.environment import interpreters
from linreg_gui.resources import locked_packages


@cache
def lines_of(packages: str) -> list[Requirement]:
    return list(map(Requirement, locked_packages(packages)))


def pins(packages: str, target: Mapping[str, str]) -> dict[str, str]:
    """Return the version of each package that a Python on a platform gets."""
    found: dict[str, str] = {}
    for line in lines_of(packages):
        if line.marker is None or line.marker.evaluate(dict(target)):
            assert line.name not in found, f"two versions of {line.name}"
            found[line.name] = str(line.specifier).removeprefix("==")
    return found


TARGETS = {
    f"{python}-{system}-{machine}": {
        "python_version": python,
        "python_full_version": f"{python}.1",
        "sys_platform": system,
        "platform_machine": machine,
        "platform_system": {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[system],
        "os_name": "nt" if system == "win32" else "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }
    for python in interpreters.VERSIONS
    for system, machine in interpreters.PLATFORMS
}


_GLIBC_2 = [f"_2_{minor}" for minor in range(40)]
_TAGS = {  # what pip calls the platforms: those of Linux by the oldest glibc that will do
    ("linux", "x86_64"): ["manylinux2014_x86_64", *(f"manylinux_2_{n}_x86_64" for n in range(37))],
    ("linux", "aarch64"): [
        "manylinux2014_aarch64",
        *(f"manylinux_2_{n}_aarch64" for n in range(40)),
    ],
    ("darwin", "x86_64"): ["macosx_14_0_x86_64"],
    ("win32", "x86_64"): ["win_amd64"],
}


def main() -> int:
    """Ask about every Python and platform; return the exit code."""
    wrong = [words for name, target in TARGETS.items() for words in _wrong_with(name, target)]
    print(*wrong, f"{len(wrong)} wrong", sep="\n")
    return int(bool(wrong))


def _wrong_with(name: str, target: Mapping[str, str]) -> list[str]:
    """Say for which packages there is no wheel, or one with another hash."""
    text = Path(environment.lock_path("tests")).read_text(encoding="utf-8")
    tags = _TAGS[target["sys_platform"], target["platform_machine"]]
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            *[sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--ignore-installed"],
            *["--no-deps", "--only-binary=:all:", "--python-version", target["python_version"]],
            "--ignore-requires-python",  # it would compare with the Python that runs this
            *[word for tag in tags for word in ("--platform", tag)],
            *["--target", folder, "--report", str(report)],
            *[f"{package}=={version}" for package, version in pins("tests", target).items()],
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            return [f"{name}: {done.stderr.strip().splitlines()[-1]}"]
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    print(f"{name}: {len(found)} wheels", flush=True)
    return [
        f"{name}: {each['download_info']['url']} has another hash"
        for each in found
        if f"sha256:{each['download_info']['archive_info']['hashes']['sha256']}" not in text
    ]


if __name__ == "__main__":
    sys.exit(main())

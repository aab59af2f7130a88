"""Which Pythons can run LinReg, and where to find one."""

import os
import sys

TYPE_CHECKING = False  # typing takes long to import
if TYPE_CHECKING:
    from collections.abc import Callable

VERSIONS = ("3.12", "3.11", "3.13", "3.14")  # first: with the NumPy that MXNet was made for
PLATFORMS = (  # of MXNet's wheels
    ("linux", "x86_64"),
    ("linux", "aarch64"),
    ("darwin", "x86_64"),
    ("win32", "x86_64"),
)
_APPLE_SILICON = ("darwin", "arm64")
_UV_SYSTEMS = {"darwin": "macos", "win32": "windows"}  # which run x86_64 on other processors, too
FOLDERS = (
    "/usr/local/bin",
    "/usr/bin",
    "/Library/Frameworks/Python.framework/Versions/{version}/bin",
    "~/.local/bin",
    "~/.local/share/uv/python/cpython-{version}*/bin",
    "~/.pyenv/versions/{version}*/bin",
    "~/AppData/Local/Programs/Python/Python{digits}",
    "~/AppData/Local/Python/pythoncore-{version}-64",
    "~/AppData/Roaming/uv/python/cpython-{version}*",
    "C:/Program Files/Python{digits}",
)
_LONGEST_REASON = 200
_PROGRAMS = ["python{version}"]
if sys.platform == "win32":
    _PROGRAMS = ["python{version}.exe", "python.exe"]


def running_version() -> str:
    """Return major and minor version of the running Python."""
    return "{}.{}".format(*sys.version_info[:2])


def is_supported() -> bool:
    """Return whether the running Python can run LinReg."""
    return (
        running_version() in VERSIONS
        and sys.implementation.name == "cpython"
        and sys.maxsize > 2**32
        and platform() in PLATFORMS
    )


def obstacle() -> str:
    """Return why no Python on this machine can run LinReg; empty if one may."""
    system, machine = platform()
    if (system, machine) not in PLATFORMS and system not in _UV_SYSTEMS:
        from linreg_gui.languages import tr

        words = tr("MXNet has no version for {system} on {processor}. Use a 64-bit PC or Mac.")
        return words.format(system=system, processor=machine)
    return ""


def find(tell: "Callable[[str], None]") -> "tuple[str | None, str]":
    """Look for a Python that can run LinReg. If there is none, let uv install one.

    Parameters
    ----------
    tell : callable
        Takes the sentence that says what will be fetched from where, before it is.

    Returns
    -------
    str or None
        Its path.
    str
        If there is none, why uv could not install one.
    """
    python, reason = _search(), ""
    if python is None:
        reason = _install_with_uv(tell)
        python = _search()
    return python, reason


def advice(reason: str) -> str:
    """Return what to do if no such Python can be found, and ``reason`` is why uv did not help."""
    import shutil

    from linreg_gui.languages import either, paragraph, tr

    uv = "uv python install " + _uv_request()
    if sys.platform == "win32":
        command = "winget install --id Python.Python." + VERSIONS[0]
    elif sys.platform == "linux" and shutil.which("apt-get"):
        known = (v for v in VERSIONS if _run(["apt-cache", "show", "python" + v])[0])
        packages = ["python{0} python{0}-venv".format(version) for version in known]
        command = "sudo apt-get install -y " + (packages or ["pipx && pipx run " + uv])[0]
    elif shutil.which("dnf"):
        command = "sudo dnf install -y python" + VERSIONS[0]
    else:
        command = uv
    words = tr("LinReg needs a 64-bit Python, {versions}, and this is {version}.")
    said = [words.format(versions=either(sorted(VERSIONS)), version=running_version())]
    if reason:
        said.append(tr("LinReg could not fetch one itself ({reason}).").format(reason=reason))
    said.append(tr("Install one with: {command}").format(command=command))
    return paragraph(*said)


def platform() -> "tuple[str, str]":
    """Return the system, and the processor that this Python is made for."""
    if sys.platform != "win32":
        return (sys.platform, os.uname().machine)
    known = {"AMD64": "x86_64", "ARM64": "arm64"}
    return (sys.platform, next((known[word] for word in known if word in sys.version), "x86"))


def starting(python: str) -> "list[str]":
    """Return the command that starts ``python``: on Apple silicon as a program for Intel.

    Many Pythons there are for both, and MXNet is not.
    """
    return ["/usr/bin/arch", "-x86_64", python] if platform() == _APPLE_SILICON else [python]


def _search() -> "str | None":
    import glob

    on_path = os.environ.get("PATH", "").split(os.pathsep)
    for version in VERSIONS:
        words = {"version": version, "digits": version.replace(".", "")}
        usual = [os.path.expanduser(folder.format(**words)) for folder in FOLDERS]
        for folder in on_path + [found for pattern in usual for found in glob.glob(pattern)]:
            for name in _PROGRAMS:
                python = os.path.join(folder, name.format(version=version))
                # pyenv leaves shims for versions that are switched off, so try it.
                if os.access(python, os.X_OK) and _run([*starting(python), __file__])[0]:
                    return python
    return None


def _install_with_uv(tell: "Callable[[str], None]") -> str:
    """Install a Python for this user; return why that failed, or nothing."""
    import shutil
    import tempfile

    from linreg_gui.environment import ROOT, lock_path
    from linreg_gui.languages import either, tr

    uv = shutil.which("uv")
    words = tr(
        "LinReg needs Python {versions}, and this is {version}. So it now fetches Python {wanted}, "
        "for you alone: about 30 MB from the uv project on GitHub."
    )
    if uv is None:
        words = tr(
            "LinReg needs Python {versions}, and this is {version}. So it now fetches Python "
            "{wanted}, for you alone: about 30 MB from the uv project on GitHub, and its "
            "installer, uv, about 25 MB from pip's package index."
        )
    tell(
        words.format(
            versions=either(sorted(VERSIONS)), version=running_version(), wanted=VERSIONS[0]
        )
    )
    # There is room in the project's folder, and often little in the one for temporary files.
    with tempfile.TemporaryDirectory(dir=ROOT if os.access(ROOT, os.W_OK) else None) as folder:
        if uv is None:
            uv = os.path.join(folder, "bin", "uv.exe" if sys.platform == "win32" else "uv")
            pip_install = [sys.executable, "-m", "pip", "install", "--target", folder]
            locked = ["--only-binary=:all:", "--require-hashes", "-r", lock_path("uv")]
            fetched, reason = _run(pip_install + locked, TMPDIR=folder)
            if not fetched:
                return reason
        installed, reason = _run([uv, "python", "install", _uv_request()])
        return "" if installed else reason


def _uv_request() -> str:
    system = platform()[0]
    if system in _UV_SYSTEMS:
        return "cpython-{}-{}-x86_64".format(VERSIONS[0], _UV_SYSTEMS[system])
    return VERSIONS[0]


def _run(command: "list[str]", **variables: str) -> "tuple[bool, str]":
    """Run a command, and return whether it succeeded, and its last words."""
    import subprocess

    from linreg_gui import interruption
    from linreg_gui.languages import tr

    with interruption.held() as hold:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=dict(os.environ, **variables),
            )
        except OSError as error:
            return False, str(error)
        hold.react(process.terminate)
        output = process.communicate()[0].decode("utf-8", "replace").split("\n")
    lines = [" ".join(line.split()) for line in output if line.strip()]
    last = lines[-1] if lines else tr("it ended without a word")
    return process.returncode == 0, last[:_LONGEST_REASON]


if __name__ == "__main__":
    sys.exit(not is_supported())

"""Which Pythons can run LinReg, and where to find one."""

import os
import sys

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
        return "MXNet has no version for {} on {}. Use a 64-bit PC or Mac.".format(system, machine)
    return ""


def find() -> "str | None":
    """Return the path of a Python that can run LinReg. If there is none, uv installs one."""
    python = _search()
    if python is None and _install_with_uv():
        python = _search()
    return python


def advice() -> str:
    """Return what to do if no such Python can be found."""
    import shutil

    command = "uv python install " + _uv_request()
    if sys.platform == "win32":
        command = "winget install --id Python.Python." + VERSIONS[0]
    elif not shutil.which("uv") and shutil.which("apt-get"):
        command = "sudo apt-get install -y pipx && pipx run " + command
    return "LinReg needs a 64-bit Python, {}, and this is {}. Install one with: {}".format(
        " or ".join(sorted(VERSIONS)), running_version(), command
    )


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
                if os.access(python, os.X_OK) and _succeeds([*starting(python), __file__]):
                    return python
    return None


def _install_with_uv() -> bool:
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        uv = shutil.which("uv")
        if uv is None:
            uv = os.path.join(folder, "bin", "uv.exe" if sys.platform == "win32" else "uv")
            pip_install = [sys.executable, "-m", "pip", "install", "--target", folder, "uv"]
            if not _succeeds(pip_install):
                return False
        return _succeeds([uv, "python", "install", _uv_request()])


def _uv_request() -> str:
    system = platform()[0]
    if system in _UV_SYSTEMS:
        return "cpython-{}-{}-x86_64".format(VERSIONS[0], _UV_SYSTEMS[system])
    return VERSIONS[0]


def _succeeds(command: "list[str]") -> bool:
    import subprocess

    from linreg_gui import interruption

    null = subprocess.DEVNULL
    with interruption.held() as hold:
        process = subprocess.Popen(command, stdout=null, stderr=null)
        hold.react(process.terminate)
        return process.wait() == 0


if __name__ == "__main__":
    sys.exit(not is_supported())

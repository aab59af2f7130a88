"""Makes a Debian package from the folder."""

import gzip
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from linux import contents, licenses

import linreg_gui
from linreg_gui.desktop_entry import desktop_entry, file_types, in_all_languages
from linreg_gui.environment import system

SHARE = Path(__file__).with_name("share")
_RESOURCES = contents.ROOT / "resources"
PROGRAM = Path("usr/lib") / contents.PROGRAM
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def make_package(folder: Path, target: Path, glibc: str) -> Path:
    """Write the package of ``folder`` into the folder ``target``, and return its path.

    It needs no scripts: the system's own triggers see to the menu, the file types and the icons.
    """
    architecture = _ARCHITECTURES[os.uname().machine]
    package = target / f"{contents.PROGRAM}_{linreg_gui.__version__}_{architecture}.deb"
    with tempfile.TemporaryDirectory(dir=target) as name:
        root = Path(name) / "root"
        lay_out(root)
        shutil.copytree(folder, root / PROGRAM, symlinks=True)
        (root / "usr/bin").mkdir()
        (root / "usr/bin" / contents.PROGRAM).symlink_to(
            ".." / PROGRAM.relative_to("usr") / contents.PROGRAM
        )
        size = sum(file.lstat().st_size for file in root.rglob("*")) // 1024
        (root / "DEBIAN").mkdir()
        text = control(architecture, size, glibc)
        (root / "DEBIAN/control").write_text(text, encoding="utf-8")
        _set_modes(root)
        command = ["dpkg-deb", "--root-owner-group", f"-z{contents.COMPRESSION}", "-Zxz", "--build"]
        subprocess.run([*command, str(root), str(package)], check=True, stdout=subprocess.DEVNULL)
    return package


def lay_out(root: Path) -> None:
    """Write all that is not the program itself: menu entry, icons, file types, documents."""
    share = root / "usr/share"
    shutil.copytree(SHARE, share)
    for file in share.rglob("*.in"):
        text = file.read_text(encoding="utf-8").replace("@VERSION@", linreg_gui.__version__)
        file.with_suffix("").write_text(text, encoding="utf-8")
        file.unlink()
    metainfo = share / "metainfo/linreg-gui.metainfo.xml"
    for file, text in (
        (share / "applications/linreg-gui.desktop", desktop_entry(*[contents.PROGRAM] * 2)),
        (share / "mime/packages/linreg-gui.xml", file_types()),
        (metainfo, in_all_languages(metainfo.read_text(encoding="utf-8"))),
    ):
        _write(file, text.encode())
    icon = (_RESOURCES / "icons/linreg.svg").read_bytes()
    _write(share / "icons/hicolor/scalable/apps/linreg-gui.svg", icon)
    documents = share / "doc" / contents.PROGRAM
    _write(documents / "copyright", licenses.OVERVIEW.read_bytes())
    changes = (contents.ROOT / "CHANGELOG.md").read_bytes()
    _write(documents / "CHANGELOG.md.gz", gzip.compress(changes, mtime=0))
    manual = share / "man/man1/linreg-gui.1"
    _write(manual.with_suffix(".1.gz"), gzip.compress(manual.read_bytes(), mtime=0))
    manual.unlink()


def control(architecture: str, size: int, glibc: str) -> str:
    """Return what the package says of itself.

    Parameters
    ----------
    architecture : str
        In Debian's words.
    size : int
        What is installed, in units of 1,024 bytes.
    glibc : str
        The oldest version that will do.
    """
    return f"""\
Package: {contents.PROGRAM}
Version: {linreg_gui.__version__}
Architecture: {architecture}
Maintainer: LinReg maintainers <linreg-gui@localhost>
Installed-Size: {size}
Depends: {", ".join(depends(glibc))}
Recommends: desktop-file-utils, hicolor-icon-theme, shared-mime-info
Section: education
Priority: optional
Description: linear regression from scratch, on a teacher's screen
 A window trains a linear model by minibatch stochastic gradient descent, with
 nothing but NDArray and autograd of Apache MXNet under it. It shows the data,
 the loss and each parameter on its way to the true value, live.
 .
 This package brings its own Python, Qt and MXNet, and needs no network.
"""


def depends(glibc: str) -> list[str]:
    """Return the packages that must be there: those of the libraries that Qt and MXNet load."""
    libraries = {system.debian_package(library) for library in system.wanted_libraries()}
    return [f"libc6 (>= {glibc})", "libgcc-s1", "libstdc++6", "zlib1g", *sorted(libraries)]


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _set_modes(root: Path) -> None:
    """Let everybody read and nobody else write; only the program can be executed."""
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            is_program = path.relative_to(root) == PROGRAM / contents.PROGRAM
            path.chmod(0o755 if path.is_dir() or is_program else 0o644)

"""Lays out the folder that runs without Python, and makes a zip file and an installer of it."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path, PurePosixPath

import parts
from parts import ROOT
from wine import Wine

from linreg_gui import __version__
from linreg_gui.languages import catalogue_of

HERE = Path(__file__).resolve().parent
PROGRAM = "LinReg"

_LIBRARY = "python311.zip"
_PATHS = f"{_LIBRARY}\n.\npackages\n"
"""Where Python looks for modules, and nowhere else; see "Finding modules" in its documentation."""

_PYSIDE = {
    "QtCore", "QtGui", "QtWidgets", "QtSvg", "QtOpenGL", "QtOpenGLWidgets", "QtPrintSupport",
}  # fmt: skip
_PLUGINS = {"platforms", "styles", "imageformats", "iconengines"}

_LANGUAGES = {
    "en": "English", "de": "German", "es": "Spanish", "fr": "French", "pt_BR": "PortugueseBR",
    "uk": "Ukrainian", "ja": "Japanese", "zh_CN": "SimpChinese",
}  # fmt: skip
"""How NSIS names our languages. It takes that of the user, or else the first."""


def lay_out(wine: Wine, python: Path, wheels: list[Path], folder: Path) -> None:
    """Make the folder; ``folder`` lies in the one of ``wine``, whose Python compiles it."""
    shutil.rmtree(folder, ignore_errors=True)
    inside = folder / "python"
    packages = inside / "packages"
    packages.mkdir(parents=True)
    for file in parts.signed_programs(python):
        shutil.copy(file, inside)
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as content:
            for name in filter(is_wanted, content.namelist()):
                content.extract(name, packages)
    for name in ("vcruntime140.dll", "vcruntime140_1.dll"):
        shutil.copy(packages / "shiboken6" / name, inside)
    shutil.copytree(
        ROOT / "linreg_gui", packages / "linreg_gui", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(ROOT / "resources", packages / "resources")
    (inside / "python311._pth").write_text(_PATHS, encoding="utf-8")
    shutil.copy(HERE / "start.py", inside)
    shutil.copy(python / "LICENSE.txt", inside / "PYTHON-LICENSE.txt")
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE.txt")
    shutil.copy(ROOT / "README.md", folder / "README.md")
    _make_programs(wine, folder)
    _compile(wine, python, folder)


def is_wanted(name: str) -> bool:
    """Return whether a file of a wheel belongs into the package. Licenses do."""
    path = PurePosixPath(name)
    if name.endswith("/") or path.parts[0].endswith(".data") or path.suffix in {".pyi", ".lib"}:
        return False
    if path.parts[0] == "PySide6":
        return _is_wanted_of_qt(path)
    if "tests" in path.parts and path.parts[0] in {"numpy", "pandas"}:
        return False
    # The wheel has a link of MXNet's sources as a file, which Python cannot compile.
    return path.parts[:2] not in {("mxnet", "include"), ("mxnet", "space.py")}


def _is_wanted_of_qt(path: PurePosixPath) -> bool:
    if path.parts[1] == "plugins":
        return path.parts[2] in _PLUGINS
    if path.parts[1] == "translations":
        return path.name.startswith("qtbase_")  # the words of its widgets
    if path.suffix == ".pyd":
        return path.stem in _PYSIDE
    if path.name.startswith("Qt6"):
        return "Qt" + path.stem.removeprefix("Qt6") in _PYSIDE
    if path.parent.name == "PySide6":
        return path.suffix == ".py" or (path.suffix == ".dll" and path.stem != "opengl32sw")
    return path.parts[1] == "support"


def _make_programs(wine: Wine, folder: Path) -> None:
    """Compile the two programs, with icon and version."""
    build = wine.folder / "build"
    shutil.rmtree(build, ignore_errors=True)
    build.mkdir()
    shutil.copy(HERE / "launcher.c", build)
    shutil.copy(ROOT / "resources" / "icons" / "linreg.svg", build)
    pictures = []
    for size in (16, 24, 32, 48, 64, 128, 256):
        pictures.append(f"/build/{size}.png")
        _done(
            wine, "rsvg-convert", f"-w{size}", f"-h{size}", "/build/linreg.svg", "-o", pictures[-1]
        )
    _done(wine, "icotool", "-c", "-o", "/build/linreg.ico", *pictures)
    (build / "linreg.rc").write_text(_resources(), encoding="utf-8")
    _done(wine, "x86_64-w64-mingw32-windres", "-I/build", "/build/linreg.rc", "/build/linreg.o")
    for program, kind in ((PROGRAM, "-mwindows"), ("linreg-gui", "-mconsole")):
        compiler = ["x86_64-w64-mingw32-gcc", "-O2", "-s", "-municode", "-static", kind]
        out = f"/build/{program}.exe"
        _done(wine, *compiler, "/build/launcher.c", "/build/linreg.o", "-o", out)
        shutil.copy(build / f"{program}.exe", folder)


def _resources() -> str:
    numbers = ",".join([*re.findall(r"\d+", __version__), "0", "0", "0"][:4])
    values = {"ProductName": PROGRAM, "FileDescription": PROGRAM, "ProductVersion": __version__}
    lines = "\n".join(f'VALUE "{name}", "{value}"' for name, value in values.items())
    return f"""1 ICON "linreg.ico"
1 VERSIONINFO
FILEVERSION {numbers}
PRODUCTVERSION {numbers}
BEGIN
BLOCK "StringFileInfo" BEGIN BLOCK "040904B0" BEGIN
{lines}
END END
BLOCK "VarFileInfo" BEGIN VALUE "Translation", 0x0409, 0x04B0 END
END
"""


def _compile(wine: Wine, python: Path, folder: Path) -> None:
    """Compile all modules: the library into one file, the packages beside their texts."""
    library = wine.folder / "build" / "Lib"
    for file in parts.modules(python):
        place = library / file.relative_to(python / "Lib")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)
    program = f"Z:\\{python.relative_to(wine.folder)}\\python.exe".replace("/", "\\")
    compiling = [program, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    packages = f"Z:\\{folder.relative_to(wine.folder)}\\python\\packages".replace("/", "\\")
    for more in (["-b", "Z:\\build\\Lib"], [packages]):
        _check(wine.windows(*compiling, *more))
    with zipfile.ZipFile(folder / "python" / _LIBRARY, "w", zipfile.ZIP_STORED) as made:
        for file in sorted(library.rglob("*.pyc")):
            made.write(file, file.relative_to(library))


def make_zip(folder: Path, result: Path) -> None:
    """Pack the folder."""
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for file in _files(folder):
            made.write(file, PurePosixPath(PROGRAM, file.relative_to(folder)))


def make_installer(wine: Wine, folder: Path, result: Path) -> None:
    """Make the installer; ``folder`` lies in the one of ``wine``."""
    build = wine.folder / "build"
    shutil.copy(HERE / "linreg.nsi", build)
    (build / "files.nsh").write_text(_removing(folder), encoding="utf-8-sig")
    (build / "languages.nsh").write_text(installer_languages(), encoding="utf-8-sig")
    kilobytes = sum(file.stat().st_size for file in _files(folder)) // 1024
    values = {
        "VERSION": __version__, "SOURCE": f"/{folder.relative_to(wine.folder)}",
        "RESULT": "/build/installer.exe", "KILOBYTES": kilobytes,
    }  # fmt: skip
    defines = [f"-D{name}={value}" for name, value in values.items()]
    _done(wine, "makensis", "-V2", *defines, "/build/linreg.nsi")
    shutil.copy(build / "installer.exe", result)


def installer_languages() -> str:
    """Return the lines that make the installer speak our languages, with the names of our files."""
    lines = [f'!insertmacro MUI_LANGUAGE "{name}"' for name in _LANGUAGES.values()]
    for key, english in (("SESSION", "LinReg session"), ("LESSON", "LinReg lesson")):
        for code, name in _LANGUAGES.items():
            words = catalogue_of(code).texts.get(english, english)
            lines.append(f'LangString {key} ${{LANG_{name.upper()}}} "{words}"')
    return "\n".join(lines) + "\n"


def _removing(folder: Path) -> str:
    """Return the macro that removes the files of the package, and folders that are empty then."""
    files = [file.relative_to(folder) for file in _files(folder)]
    folders = sorted({up for file in files for up in file.parents if up.name}, reverse=True)
    lines = [f'Delete "$INSTDIR\\{file}"' for file in files]
    lines += [f'RMDir "$INSTDIR\\{place}"' for place in folders]
    text = "\n".join(line.replace("/", "\\") for line in lines)
    return f"!macro RemoveFiles\n{text}\n!macroend\n"


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _done(wine: Wine, *words: str) -> None:
    _check(wine.run(*words))


def _check(done: "subprocess.CompletedProcess[str]") -> None:
    if done.returncode:
        raise SystemExit(f"This failed: {' '.join(done.args)}\n{done.stdout}")

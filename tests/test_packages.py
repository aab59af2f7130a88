"""What `packaging` puts into packages without a Python; that they work, only a build can show."""

import gzip
import hashlib
import importlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import PySide6
import pytest
from linux import contents, debian, trying

import linreg_gui
from linreg_gui import installation
from linreg_gui.environment import system
from linreg_gui.languages import NAMES

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="packages are made on Linux")


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what a package adds to the system beside the program."""
    root = tmp_path_factory.mktemp("package")
    debian.lay_out(root)
    return root / "usr/share"


def entry_of(share: Path) -> dict[str, str]:
    text = (share / "applications/linreg-gui.desktop").read_text(encoding="utf-8")
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


class TestDesktop:
    def test_the_entry_starts_the_program_under_its_icon(self, share: Path) -> None:
        entry = entry_of(share)
        assert entry["Exec"] == "linreg-gui %f"
        assert (share / f"icons/hicolor/scalable/apps/{entry['Icon']}.svg").is_file()
        if validator := shutil.which("desktop-file-validate"):
            file = share / "applications/linreg-gui.desktop"
            subprocess.run([validator, file], check=True)

    def test_each_type_of_file_is_opened_and_has_an_icon(self, share: Path) -> None:
        kinds = ET.parse(share / "mime/packages/linreg-gui.xml").getroot()
        types = [str(kind.get("type")) for kind in kinds]
        assert types == entry_of(share)["MimeType"].strip(";").split(";")
        for each in types:
            icon = f"icons/hicolor/scalable/mimetypes/{each.replace('/', '-')}.svg"
            assert ET.parse(share / icon).getroot().get("viewBox")

    def test_the_description_for_stores_is_valid(self, share: Path) -> None:
        file = share / "metainfo/linreg-gui.metainfo.xml"
        component = ET.parse(file).getroot()
        for tag, count in (("summary", 1), ("p", 1), ("li", 5)):
            assert len({each.text for each in component.iter(tag)}) == count * len(NAMES)
        types = [element.text for element in component.iter("mediatype")]
        assert types == entry_of(share)["MimeType"].strip(";").split(";")
        if validator := shutil.which("appstreamcli"):
            # A better name would need a domain.
            override = "--override=cid-desktopapp-is-not-rdns=info"
            subprocess.run([validator, "validate", "--no-net", override, file], check=True)

    def test_documents_name_the_version(self, share: Path) -> None:
        manual = gzip.decompress((share / "man/man1/linreg-gui.1.gz").read_bytes()).decode()
        assert f"LinReg {linreg_gui.__version__}" in manual
        assert not [file for file in share.rglob("*") if file.suffix == ".in"]


def test_the_debian_package_has_the_version_and_needs_each_library_that_the_program_names() -> None:
    text = debian.control("amd64", 1, "2.36")
    fields = dict(line.split(": ", 1) for line in text.splitlines() if not line.startswith(" "))
    assert fields["Version"] == linreg_gui.__version__
    packages = set(fields["Depends"].split(", "))
    libraries = {system.debian_package(library) for library in system.wanted_libraries()}
    assert packages - libraries == {"libc6 (>= 2.36)", "libgcc-s1", "libstdc++6", "zlib1g"}
    assert libraries <= packages


@pytest.mark.parametrize(
    ("folder", "is_packaged", "is_systems"),
    [
        (Path("/", debian.PROGRAM), True, True),
        (Path("/usr/local/lib/linreg-gui"), True, False),
        (Path("/usr/bin"), False, False),
    ],
)
def test_only_what_the_debian_package_installs_is_the_systems(
    folder: Path, is_packaged: bool, is_systems: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "IS_PACKAGED", is_packaged)
    monkeypatch.setattr(sys, "executable", str(folder / "linreg-gui"))
    assert installation.is_in_the_system() is is_systems


def test_a_trial_says_which_keys_of_a_system_are_missing(tmp_path: Path) -> None:
    (tmp_path / "debian-archive-keyring.gpg").touch()
    lacks = {name: trying.lacking_keys(name, tmp_path) for name in trying.SYSTEMS}
    assert {name for name, lack in lacks.items() if lack} == {"noble"}
    assert "Install the package ubuntu-keyring" in lacks["noble"]


def test_a_trial_in_an_unknown_system_is_refused_in_one_sentence() -> None:
    done = subprocess.run(
        [sys.executable, contents.ROOT / "packaging", "--try", "nowhere"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert re.fullmatch(r"packaging: Unknown: nowhere\. Known: .+\n", done.stderr)


class TestContents:
    def test_all_that_is_left_out_is_never_imported(self) -> None:
        done = subprocess.run(
            [sys.executable, "-c", IMPORT_ALL, *contents.LEFT_OUT_MODULES],
            check=False,
            cwd=contents.ROOT,
            input="\n".join(contents.hidden_modules()),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr

    def test_each_resource_and_module_is_in(self) -> None:
        ((resources, _),) = contents.DATA
        assert Path(resources) == contents.ROOT / "resources"
        assert {"linreg_gui", "linreg_gui.lesson", "linreg_gui.batch_mode"} <= {
            *contents.hidden_modules()
        }

    @pytest.mark.skipif(sys.version_info >= (3, 14), reason="another PySide has other plugins")
    def test_plugins_that_are_kept_are_there(self) -> None:
        plugins = Path(PySide6.__file__).parent / "Qt/plugins"
        for folder, names in contents.QT_PLUGINS.items():
            for name in names:
                assert (plugins / folder / name).is_file()
                assert contents.is_wanted(f"PySide6/Qt/plugins/{folder}/{name}", "any")

    @pytest.mark.parametrize(
        ("place", "source", "is_wanted"),
        [
            ("PySide6/Qt/plugins/platforms/libqvnc.so", "/env/libqvnc.so", False),
            ("PySide6/Qt/translations/qtquick_de.qm", "/env/qtquick_de.qm", False),
            ("PySide6/Qt/translations/qtbase_de.qm", "/env/qtbase_de.qm", True),
            ("PySide6/Qt/lib/libQt6Core.so.6", "/env/libQt6Core.so.6", True),
            ("PySide6/Qt/lib/libQt6Quick.so.6", "/env/libQt6Quick.so.6", False),
            ("libQt6Quick.so.6", "PySide6/Qt/lib/libQt6Quick.so.6", False),
            ("libicudata.so.73", "PySide6/Qt/lib/libicudata.so.73", True),
            ("mxnet/libmxnet.so", "/env/mxnet/libmxnet.so", True),
            ("libpython3.11.so.1.0", "/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0", True),
            ("libffi.so.8", "/lib/x86_64-linux-gnu/libffi.so.8", True),
            ("libxcb-cursor.so.0", "/usr/lib/x86_64-linux-gnu/libxcb-cursor.so.0", False),
            ("libstdc++.so.6", "/usr/lib/x86_64-linux-gnu/libstdc++.so.6", False),
            ("python3.11/lib-dynload/_bz2.so", "/usr/lib/python3.11/lib-dynload/_bz2.so", True),
            ("linreg_gui/_resources/style.qss", "/home/ada/linreg/resources/style.qss", True),
        ],
    )
    def test_parts_of_qt_and_of_the_system_stay_out(
        self, place: str, source: str, is_wanted: bool
    ) -> None:
        assert contents.is_wanted(place, source) is is_wanted

    def test_pyinstaller_is_locked_and_changes_no_version_of_the_program(self) -> None:
        locks = (contents.LOCK, contents.ROOT / "resources/locks/app.txt")
        tools, app = (versions(lock.read_text(encoding="utf-8")) for lock in locks)
        assert "pyinstaller" in tools
        for name in tools.keys() & app.keys():
            assert tools[name] <= app[name]


# To import pip after MXNet makes setuptools say that it takes the place of distutils.
@pytest.mark.filterwarnings("ignore:Setuptools is replacing distutils")
class TestWindows:
    @pytest.fixture(autouse=True)
    def modules(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.syspath_prepend(contents.ROOT / "packaging/windows")

    @pytest.mark.parametrize(
        ("name", "is_wanted"),
        [
            ("PySide6/translations/qtbase_de.qm", True),
            ("PySide6/translations/qtdeclarative_de.qm", False),
            ("PySide6/plugins/platforms/qwindows.dll", True),
            ("PySide6/plugins/sqldrivers/qsqlite.dll", False),
            ("PySide6/Qt6Core.dll", True),
            ("PySide6/Qt6Quick.dll", False),
            ("PySide6/opengl32sw.dll", False),
            ("mxnet/space.py", False),
            ("mxnet/ndarray/ndarray.py", True),
        ],
    )
    def test_parts_of_qt_and_of_mxnet_stay_out(self, name: str, is_wanted: bool) -> None:
        assert importlib.import_module("package").is_wanted(name) is is_wanted

    def test_the_installer_names_our_files_in_each_language(self) -> None:
        package = importlib.import_module("package")
        lines = package.installer_languages().splitlines()
        assert lines[0] == '!insertmacro MUI_LANGUAGE "English"'
        assert 'LangString SESSION ${LANG_GERMAN} "LinReg-Sitzung"' in lines
        assert len(set(lines)) == 3 * len(NAMES)
        assert list(package._LANGUAGES) == list(NAMES)

    def test_wheels_of_other_versions_stay_out(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        parts = importlib.import_module("parts")
        monkeypatch.setattr(parts, "_pip_download", lambda *_: None)
        lock = (contents.ROOT / "resources/locks/app.txt").read_text(encoding="utf-8")
        (locked,) = versions(lock)["pygments"]
        names = {f"pygments-{version}-py3-none-any.whl" for version in (locked, "2.0")}
        for name in names | {"pytest-8.0-py3-none-any.whl"}:
            (tmp_path / name).touch()
        wheels = parts.get_wheels("app", tmp_path)
        assert [wheel.name for wheel in wheels] == [f"pygments-{locked}-py3-none-any.whl"]

    def test_nothing_of_pythons_archive_runs_before_it_is_checked(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        parts = importlib.import_module("parts")
        source, ran = tmp_path / f"{parts._NAME}-{parts._ARCHIVE}", tmp_path / "ran"
        source.mkdir()
        (source / "setup.py").write_text(f"open({str(ran)!r}, 'w')\n")
        archive = shutil.make_archive(str(source), "gztar", tmp_path, source.name)
        checksum = hashlib.sha256(Path(archive).read_bytes()).hexdigest()
        monkeypatch.setattr(parts, "_HASH", f"sha256:{checksum}")
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("PIP_NO_INDEX", "1")
        monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
        folder = tmp_path / "fetched"
        folder.mkdir()
        assert parts._download_archive(folder).read_bytes() == Path(archive).read_bytes()
        assert not ran.exists()


IMPORT_ALL = """
import importlib, sys
for name in sys.argv[1:]:
    sys.modules[name] = None
for module in sys.stdin.read().split():
    importlib.import_module(module)
"""


def versions(lock: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", lock, re.MULTILINE):
        found.setdefault(name, set()).add(version)
    assert lock.count("--hash=sha256:") >= len(found)
    return found

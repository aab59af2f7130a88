"""The environment is made once, by one start, completely or not at all. Failures say what to do."""

import ast
import contextlib
import errno
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
import tomllib
import zipfile
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import linreg_gui
from linreg_gui import __main__, environment, interruption, platforms
from linreg_gui.environment import SetupError, build, interpreters, progress, system
from tests.locks import TARGETS, pins
from tests.support import run_python

pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals in Python")

ROOT = Path(environment.ROOT)
BASE_PYTHON = os.path.realpath(sys.executable)
VERSION = f"LinReg {linreg_gui.__version__}\n"


def copy_as_cloned(target: Path) -> Path:
    """Copy what a clone would hold. Whoever has an archive instead has no git."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").split("\n")
    left_out = {".git", *(line.strip("/") for line in lines)}
    return Path(shutil.copytree(ROOT, target, ignore=lambda _, names: left_out.intersection(names)))


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a fresh clone for all tests of one life of an environment."""
    return copy_as_cloned(tmp_path_factory.mktemp("life") / "clone")


@pytest.fixture
def fresh_clone(tmp_path: Path) -> Path:
    return copy_as_cloned(tmp_path / "clone")


class Start:
    """One ``app.py --version``, with or without a terminal, and without a screen."""

    def __init__(
        self, clone: Path, *prefix: str, on_terminal: bool = False, **variables: str
    ) -> None:
        hidden = ("DISPLAY", "WAYLAND_DISPLAY", "PYTHONPATH")
        inherited = {k: v for k, v in os.environ.items() if k not in hidden}
        inherited["PIP_COMPILE"] = "no"  # this takes as long as the rest, and no start needs it
        self._terminal: int
        self._terminal, end = pty.openpty() if on_terminal else os.pipe()
        self.process = subprocess.Popen(
            [*prefix, BASE_PYTHON, clone / "app.py", "--version"],
            cwd="/",
            env=inherited | variables,
            stdout=subprocess.PIPE,
            stderr=end,
            text=True,
            # Ctrl-C is off in a shell's background jobs, and here if the tests are one.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )
        os.close(end)

    def wait_for(self, words: str) -> None:
        """Read what is told until ``words`` have come."""
        told = ""
        while words not in told:
            told += os.read(self._terminal, 65536).decode()

    def finish(self) -> tuple[int, str, str]:
        """Return exit code, standard output and stderr."""
        output, _ = self.process.communicate(timeout=120)
        told = b""
        with contextlib.suppress(OSError):  # a terminal's other end is closed
            while piece := os.read(self._terminal, 65536):
                told += piece
        os.close(self._terminal)
        return self.process.returncode, output, told.decode()


def wait_for_log(clone: Path, text: str) -> None:
    log = clone / ".venv" / "setup.log"
    deadline = time.monotonic() + 60
    while not (log.exists() and text in log.read_text()):
        assert time.monotonic() < deadline, f"{text!r} never came"
        time.sleep(0.02)


def assert_fails(start: Start, *parts: str) -> None:
    code, output, told = start.finish()
    assert (code, output) == (1, "")
    assert re.fullmatch(r"linreg-gui: .+\n", told), told
    for part in parts:
        assert part in told


def pretend_to_be(system: str, machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(machine=machine), raising=False)
    monkeypatch.setattr(sys, "version", f"3.12.9 (main) [MSC v.1942 ({machine})]")


class TestOneLife:
    """From a fresh clone through an interrupted and a killed setup to everyday starts."""

    def test_a_signal_ends_setup_and_who_waits_for_it_with_one_line(self, clone: Path) -> None:
        start = Start(clone)
        wait_for_log(clone, "Collecting")
        waiting = Start(clone, on_terminal=True)
        waiting.wait_for("waiting")
        for each, number in ((waiting, signal.SIGTERM), (start, signal.SIGINT)):
            each.process.send_signal(number)
            code, output, told = each.finish()
            assert (code, output) == (128 + number, "")
            assert re.search(r"(^|\x1b\[K)linreg-gui: .+interrupted.+\n$", told), told
        assert not (clone / ".venv" / "linreg.stamp").exists()

    def test_after_a_kill_two_starts_at_once_make_it_once(self, clone: Path) -> None:
        killed = Start(clone)
        wait_for_log(clone, "Collecting")
        killed.process.kill()
        killed.finish()

        starts = [Start(clone, on_terminal=True), Start(clone, on_terminal=True)]
        (code1, output1, told1), (code2, output2, told2) = (start.finish() for start in starts)
        assert (code1, output1) == (code2, output2) == (0, VERSION)
        assert ("being set up" in told1) + ("being set up" in told2) == 1
        assert "waiting" in told1 + told2

    def test_a_current_environment_is_used_as_it_is(self, clone: Path) -> None:
        Start(clone).finish()
        made = (clone / ".venv" / "linreg.stamp").stat()
        assert Start(clone).finish() == (0, VERSION, "")
        assert (clone / ".venv" / "linreg.stamp").stat() == made

    def test_it_needs_no_stderr_and_no_home(self, clone: Path) -> None:
        Start(clone).finish()
        closed = 'exec 2>&-; exec "$@"'
        command = ["/bin/sh", "-c", closed, "sh", BASE_PYTHON, str(clone / "app.py"), "--version"]
        variables = {k: v for k, v in os.environ.items() if k != "HOME"}
        done = subprocess.run(command, env=variables, cwd="/", stdout=subprocess.PIPE, check=False)
        assert (done.returncode, done.stdout.decode()) == (0, VERSION)
        assert not (clone / ".venv" / "tmp").exists()

    def test_packages_on_pythonpath_stay_outside(self, clone: Path, tmp_path: Path) -> None:
        (tmp_path / "argparse.py").write_text("raise SystemExit('a stranger was imported')")
        assert Start(clone, PYTHONPATH=str(tmp_path)).finish() == (0, VERSION, "")


class TestFailures:
    """Each is one sentence with the command that helps."""

    def test_no_network(self, fresh_clone: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            closed = f"http://127.0.0.1:{server.getsockname()[1]}"
        start = Start(
            fresh_clone,
            PIP_CONFIG_FILE=os.devnull,
            PIP_INDEX_URL=closed,
            PIP_FIND_LINKS="",
            PIP_RETRIES="1",
        )
        assert_fails(start, "Connect to the network", f"python3 {fresh_clone}/app.py", "setup.log")
        assert (fresh_clone / ".venv" / "setup.log").exists()

    def test_folder_that_cannot_be_written(self, fresh_clone: Path) -> None:
        as_others = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
        fresh_clone.chmod(0o555)
        start = Start(fresh_clone, *as_others)
        assert_fails(start, ".venv: Permission denied", f"cp -r {fresh_clone} ~/linreg")

    def test_missing_system_packages(self, fresh_clone: Path, tmp_path: Path) -> None:
        bin_folder = tmp_path / "bin"
        bin_folder.mkdir()
        (bin_folder / "apt-get").symlink_to("/bin/false")
        (tmp_path / "sitecustomize.py").write_text(
            "import ctypes, os, sys\n"
            "os.geteuid = lambda: 1000\n"
            "sys.modules['ensurepip'] = None\n"
            "load = ctypes.CDLL\n"
            "ctypes.CDLL = lambda name: load(name if name != 'libEGL.so.1' else 'libnone.so.1')\n"
        )
        path = f"{bin_folder}{os.pathsep}{os.environ['PATH']}"
        start = Start(fresh_clone, PYTHONPATH=str(tmp_path), PATH=path)
        venv = "python{}.{}-venv".format(*sys.version_info)
        assert_fails(start, f"sudo apt-get install -y --no-install-recommends libegl1 {venv}\n")

    def test_no_suitable_python(self, fresh_clone: Path, tmp_path: Path) -> None:
        source = fresh_clone / "linreg_gui" / "environment" / "interpreters.py"
        source.write_text(re.sub(r"(?m)^VERSIONS = .*", 'VERSIONS = ("9.9",)', source.read_text()))
        start = Start(
            fresh_clone,
            HOME=str(tmp_path),
            PIP_CONFIG_FILE=os.devnull,
            PIP_NO_INDEX="1",
            PIP_FIND_LINKS="",
        )
        code, output, told = start.finish()
        assert (code, output) == (1, "")
        announced, failed = told.splitlines()
        running = interpreters.running_version()
        assert f"needs Python 9.9, and this is {running}" in announced
        assert "fetches Python 9.9, for you alone: about 30 MB from the uv project" in announced
        assert "pip's package index" in announced
        assert f"needs a 64-bit Python, 9.9, and this is {running}" in failed
        assert re.search("No matching distribution found for uv==|No module named pip", failed)
        assert "install 9.9" in failed

    def test_no_room(self, fresh_clone: Path, tmp_path: Path) -> None:
        (tmp_path / "sitecustomize.py").write_text(
            "import shutil, types\n"
            "shutil.disk_usage = lambda _: types.SimpleNamespace(free=12_000_000)\n"
        )
        start = Start(fresh_clone, PYTHONPATH=str(tmp_path))
        assert_fails(start, "needs 1.0 GB", "0.0 GB is free. Free some space")

    @pytest.mark.parametrize(
        ("system", "machine", "sentence"),
        [
            ("win32", "AMD64", ""),
            ("win32", "Intel", ""),
            ("linux", "riscv64", "linux on riscv64"),
            ("linux", "x86_64", ""),
            ("darwin", "arm64", ""),
        ],
    )
    def test_platforms(
        self, system: str, machine: str, sentence: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pretend_to_be(system, machine, monkeypatch)
        assert sentence in interpreters.obstacle()
        assert bool(sentence) == bool(interpreters.obstacle())

    def test_apple_silicon_gets_an_intel_python(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pretend_to_be("darwin", "arm64", monkeypatch)
        assert not interpreters.is_supported()
        assert "uv python install cpython-3.12-macos-x86_64" in interpreters.advice("")

    def test_on_apple_silicon_a_python_for_both_is_started_as_one_for_intel(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        python = tmp_path / "python3.12"
        python.touch(mode=0o755)
        as_intel = ["/usr/bin/arch", "-x86_64", str(python)]
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setattr(interpreters, "_run", lambda command: (command[:3] == as_intel, ""))
        commands: list[list[str]] = []
        monkeypatch.setattr(
            interruption, "execute", lambda program, command, _: commands.append(command)
        )
        pretend_to_be("darwin", "arm64", monkeypatch)
        assert interpreters.find(print) == (str(python), "")
        environment._restart(str(python))
        pretend_to_be("darwin", "x86_64", monkeypatch)
        environment._restart(str(python))
        assert commands == [[*as_intel, *sys.argv], [str(python), *sys.argv]]

    def test_a_windows_python_for_other_processors_is_not_the_right_one(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for machine, is_right in (("AMD64", True), ("Intel", False), ("ARM64", False)):
            pretend_to_be("win32", machine, monkeypatch)
            assert (interpreters.platform() in interpreters.PLATFORMS) == is_right
        assert "winget install --id Python.Python.3.12" in interpreters.advice("")


@pytest.mark.parametrize(
    ("variables", "remedy"),
    [
        ({"PIP_INDEX_URL": "http://127.0.0.1:9"}, "cannot reach its package index. Connect"),
        ({"PIP_CERT": "/no/file.pem"}, "file of certificates is not there. Correct or unset"),
        ({"PIP_NO_INDEX": "1"}, "cannot reach its package index. Connect"),
    ],
)
def test_what_pip_says_becomes_advice(
    variables: dict[str, str], remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "LOG", str(tmp_path / "log"))
    monkeypatch.setattr(build, "PYTHON", sys.executable)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):  # these would come before PIP_CERT
        monkeypatch.delenv(name, raising=False)
    usual = {"PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": "", "PIP_RETRIES": "0"}
    with (tmp_path / "log").open("w", encoding="utf-8") as log:
        command = [*build._pip_install("app"), "--target", str(tmp_path / "packages")]
        assert not system.run(command, log.write, usual | variables)
    assert remedy in build._explain_log()


def test_pip_is_told_to_unpack_where_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("VENV", "STAMP", "LOG", "TEMPORARY"):
        monkeypatch.setattr(build, name, str(tmp_path / ".venv" / name.lower()))
    monkeypatch.setattr(build, "VENV", str(tmp_path / ".venv"))
    used: list[str] = []

    def run(command: list[str], *_: object, **__: object) -> bool:
        if "pip" in command:
            variables = _[1]
            assert isinstance(variables, dict)
            used.append(variables["TMPDIR"])
            assert Path(used[0]).is_dir()
        return True

    monkeypatch.setattr(build, "run", run)
    build._make("app", lambda _: None, [])
    assert used == [str(tmp_path / ".venv" / "temporary")]
    assert not Path(used[0]).exists()


class TestSystemPackages:
    """Nothing is installed unasked, but for root in a container."""

    MISSING: ClassVar[dict[str, str]] = {"libEGL.so.1": "libegl1"}

    @pytest.fixture(autouse=True)
    def desktop_of_root(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
        monkeypatch.setattr(system, "_CONTAINERS", ())
        monkeypatch.delenv("container", raising=False)
        monkeypatch.setattr(sys, "argv", ["app.py"])

    def test_root_on_a_desktop_is_not_taken_at_its_word(self) -> None:
        assert not system._may_install(self.MISSING)
        assert "apt-get install" in system._lack(self.MISSING)
        assert "--yes" in system._lack(self.MISSING)

    def test_a_container_and_yes_are_enough(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "argv", ["app.py", "--yes"])
        assert system._may_install(self.MISSING)
        monkeypatch.setattr(sys, "argv", ["app.py"])
        monkeypatch.setattr(system, "_CONTAINERS", (str(tmp_path),))
        assert system._may_install(self.MISSING)
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        assert not system._may_install(self.MISSING)

    def test_nobody_but_setup_gets_the_yes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(environment, "is_current", lambda _: True)
        monkeypatch.setattr(environment, "is_inside", lambda: True)
        monkeypatch.setattr(sys, "argv", ["tests", "--yes", "-k", "loss"])
        environment.enter("tests")
        assert sys.argv == ["tests", "-k", "loss"]

    @pytest.mark.skipif(sys.platform != "linux", reason="needs a pseudo-terminal")
    @pytest.mark.parametrize(("answer", "agrees"), [("y\n", True), ("\n", False), ("no\n", False)])
    def test_on_a_terminal_root_is_asked(
        self, answer: str, agrees: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        person, terminal = pty.openpty()
        os.write(person, answer.encode())
        with os.fdopen(terminal, "r") as typed, os.fdopen(os.dup(terminal), "w") as screen:
            monkeypatch.setattr(sys, "stdin", typed)
            monkeypatch.setattr(sys, "stderr", screen)
            assert system._may_install(self.MISSING) == agrees
            monkeypatch.undo()
        shown = b""
        while b"apt-get install" not in shown:  # it echoes what was typed, too
            shown += os.read(person, 4096)  # raises at the end
        os.close(person)

    def test_a_mirror_out_of_reach_makes_a_short_sentence(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        apt = tmp_path / "apt-get"
        apt.write_text(
            "#!/bin/sh\nfor i in $(seq 99); do echo E: Failed to fetch $i, $0; done; exit 9"
        )
        apt.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
        with pytest.raises(SetupError, match="failed: Failed to fetch 1, ") as raised:
            system._install(self.MISSING)
        assert len(str(raised.value)) < 500

    def test_a_broken_list_of_packages_does_not_stop_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        apt = tmp_path / "apt-get"
        apt.write_text(f'#!/bin/sh\ntest "$1" = update && exit 100\necho "$@" > {tmp_path}/done\n')
        apt.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
        system._install(self.MISSING)
        assert (tmp_path / "done").read_text().split()[-1] == "libegl1"


class TestWithoutThePackages:
    """What ``python3 -m linreg_gui`` says, and an installed ``linreg-gui``."""

    def test_a_bare_python_is_told_to_start_app_py(self) -> None:
        bare = sys._base_executable  # type: ignore[attr-defined] # typeshed lacks it
        command = [bare, "-S", "-m", "linreg_gui"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (1, "")
        assert re.fullmatch(rf"linreg-gui: .+: \S+ {re.escape(str(ROOT))}\S+app.py\n", done.stderr)

    def test_what_pip_cannot_add_by_itself_is_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(environment, "ROOT", str(tmp_path))
        monkeypatch.setattr(environment, "VENV", str(tmp_path / ".venv"))
        monkeypatch.setattr(__main__, "find_spec", lambda name: None if name == "mxnet" else name)
        assert __main__._lack().endswith(f"-m pip install --no-deps {__main__.MXNET}")
        assert __main__.MXNET.split("==")[1] == version("mxnet")

    def test_who_has_no_home_gets_one_for_a_while_and_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        __main__._have_a_home()
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        monkeypatch.setattr(tempfile, "tempdir", None)
        monkeypatch.setattr(os.path, "expanduser", lambda path: path)
        monkeypatch.delenv("HOME")
        __main__._have_a_home()
        assert Path(os.environ["HOME"]).parent == tmp_path
        assert capsys.readouterr().err.count("no home folder") == 1

    def test_an_error_that_nobody_foresaw_is_one_line_and_in_the_log(self) -> None:
        done = run_python(
            "import sys; from linreg_gui import __main__, application\n"
            "def fail(_options): application.open_error_log(); raise LookupError('no such thing')\n"
            "application.run = fail; sys.exit(__main__.main([]))"
        )
        assert (done.returncode, done.stdout) == (1, "")
        line = r"linreg-gui: LinReg had to end \(no such thing\)\. Details are in (.+)\.\n"
        found = re.fullmatch(line, done.stderr)
        assert found
        assert "Traceback" in Path(found[1]).read_text(encoding="utf-8")

    def test_qt_without_a_platform_gives_up_with_a_sentence(self) -> None:
        done = run_python("from linreg_gui.__main__ import main; main([])", QT_QPA_PLATFORM="none")
        assert done.returncode == 1
        assert re.fullmatch(r"linreg-gui: Qt cannot open a window here \(.+\)\.\n", done.stderr)


def test_a_line_of_the_terminal_is_cut_where_wide_letters_end() -> None:
    assert progress.beginning("half", 10) == "half"
    assert progress.beginning("halfway", 4) == "half"
    assert progress.beginning("環境を作る", 5) == "環境"
    assert progress.beginning("", 0) == ""


def test_help_does_not_fail_where_the_terminal_has_not_the_letters() -> None:
    command = [sys.executable, "-m", "linreg_gui", "--language", "ja", "--help"]
    variables = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, check=True)
    assert b"--learning-rate" in done.stdout
    assert not done.stderr


def test_a_link_to_an_environment_is_replaced_and_that_environment_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, link = tmp_path / "other", tmp_path / ".venv"
    other.mkdir()
    (other / "linreg.stamp").touch()
    link.symlink_to(other)
    monkeypatch.setattr(build, "VENV", str(link))
    monkeypatch.setattr(build, "STAMP", str(link / "linreg.stamp"))
    build._remove_old()
    assert not link.is_symlink()
    assert (other / "linreg.stamp").exists()


def test_an_environment_whose_program_runs_on_windows_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv = tmp_path / ".venv"
    stamp, python = venv / "linreg.stamp", venv / "bin/python"
    python.parent.mkdir(parents=True)
    python.touch()
    stamp.touch()
    delete = os.unlink

    def delete_as_windows(path: str, **named: Any) -> None:
        if path in (str(python), python.name):
            raise PermissionError(errno.EACCES, "Access is denied", path)
        delete(path, **named)

    monkeypatch.setattr(os, "unlink", delete_as_windows)
    monkeypatch.setattr(platforms, "IS_WINDOWS", True)
    monkeypatch.setattr(build, "VENV", str(venv))
    monkeypatch.setattr(build, "STAMP", str(stamp))
    with pytest.raises(PermissionError) as caught:
        build._remove_old()
    assert stamp.exists()
    assert build._explain(caught.value) == (
        f"{python}: Access is denied. "
        "Delete the folder .venv and start LinReg again; it then sets up a new one."
    )
    cannot_make = PermissionError(errno.EACCES, "Access is denied", str(venv))
    assert "Copy the project to a folder of yours" in build._explain(cannot_make)


class TestInterpreters:
    def test_a_broken_shim_is_skipped(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        running = interpreters.running_version()
        for folder, program in (("shims", "/bin/false"), ("real", BASE_PYTHON)):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / f"python{running}").symlink_to(program)
        monkeypatch.setattr(interpreters, "VERSIONS", (running,))
        monkeypatch.setenv("PATH", f"{tmp_path}/shims{os.pathsep}{tmp_path}/real")
        assert interpreters.find(print) == (f"{tmp_path}/real/python{running}", "")

    def test_it_says_what_uv_would_fetch_and_why_that_failed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        uv = tmp_path / "uv"
        uv.write_text("#!/bin/sh\necho fetching >&2\necho 'error: no route to host' >&2\nexit 2\n")
        uv.chmod(0o755)
        monkeypatch.setattr(interpreters, "VERSIONS", ("9.9",))
        monkeypatch.setenv("PATH", str(tmp_path))
        told: list[str] = []
        python, reason = interpreters.find(told.append)
        assert (python, reason) == (None, "error: no route to host")
        assert "9.9" in told[0]
        assert "pip" not in told[0]
        assert "(error: no route to host)" in interpreters.advice(reason)

    @pytest.mark.skipif(sys.platform != "linux", reason="about Debian's packages")
    def test_it_advises_the_systems_own_package_where_there_is_one(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, words in {"apt-get": "exit 0", "apt-cache": 'test "$2" = python3.11'}.items():
            (tmp_path / name).write_text(f"#!/bin/sh\n{words}\n")
            (tmp_path / name).chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        command = "sudo apt-get install -y python3.11 python3.11-venv"
        assert interpreters.advice("").endswith(command)

    def test_a_uv_that_is_not_the_locked_one_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        name = Path(environment.lock_path("uv")).read_text().split()[0].replace("==", "-")
        with zipfile.ZipFile(tmp_path / f"{name}-py3-none-any.whl", "w") as wheel:
            wheel.writestr("bin/uv", "#!/bin/sh\n")
        monkeypatch.setattr(interpreters, "VERSIONS", ("9.9",))
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("PIP_NO_INDEX", "1")
        monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
        _, reason = interpreters.find(print)
        assert reason.startswith("Got ")  # instead of the expected hash

    def test_uv_installs_one_if_none_is_found(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        running = interpreters.running_version()
        python = tmp_path / f"python{running}"
        uv = tmp_path / "uv"
        uv.write_text(
            "#!/bin/sh\n"
            f'test "$*" = "python install {running}" && exec /bin/ln -s {BASE_PYTHON} {python}\n'
        )
        uv.chmod(0o755)
        monkeypatch.setattr(interpreters, "VERSIONS", (running,))
        monkeypatch.setattr(interpreters, "FOLDERS", ())
        monkeypatch.setenv("PATH", str(tmp_path))
        assert interpreters.find(print) == (str(python), "")

    @pytest.mark.parametrize(
        "name",
        [
            "app.py",
            "linreg_gui/__main__.py",
            "tests/__main__.py",
            "benchmarks/__main__.py",
            "linreg_gui/__init__.py",
            "linreg_gui/environment/__init__.py",
            "linreg_gui/environment/interpreters.py",
            "linreg_gui/environment/progress.py",
            "linreg_gui/interruption.py",
            "linreg_gui/languages.py",
            "linreg_gui/platforms.py",
            "linreg_gui/resources.py",
        ],
    )
    def test_files_that_any_python_must_read_have_plain_syntax(self, name: str) -> None:
        ast.parse((ROOT / name).read_text(), feature_version=(3, 6))


class TestStamp:
    @pytest.fixture(autouse=True)
    def made_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(environment, "STAMP", str(tmp_path / "stamp"))
        monkeypatch.setattr(environment, "PYTHON", str(tmp_path / "python"))
        (tmp_path / "python").symlink_to(BASE_PYTHON)

    def test_the_tests_environment_serves_the_app_but_not_the_other_way_round(
        self, tmp_path: Path
    ) -> None:
        for made, serves in (("app", [True, False]), ("tests", [True, True])):
            (tmp_path / "stamp").write_bytes(environment.stamp(made))
            assert [environment.is_current(wanted) for wanted in ("app", "tests")] == serves

    def test_a_changed_lock_outdates_it(self, tmp_path: Path) -> None:
        (tmp_path / "stamp").write_bytes(environment.stamp("app") + b"six==1.17.0\n")
        assert not environment.is_current("app")

    def test_a_change_of_python_outdates_it_for_the_tests_only(self, tmp_path: Path) -> None:
        other = next(v for v in interpreters.VERSIONS if v != interpreters.running_version())
        stamp = environment.stamp("tests")
        (tmp_path / "stamp").write_bytes(other.encode() + stamp[stamp.index(b"\n") :])
        assert environment.is_current("app")
        assert not environment.is_current("tests")

    def test_it_is_outdated_without_the_python_it_was_made_from(self, tmp_path: Path) -> None:
        (tmp_path / "stamp").write_bytes(environment.stamp("app"))
        (tmp_path / "python").unlink()
        (tmp_path / "python").symlink_to(tmp_path / "uninstalled")
        assert not environment.is_current("app")


@cache
def installed(package: str) -> str | None:
    with contextlib.suppress(PackageNotFoundError):
        return version(package)
    return None


@cache
def needs(package: str) -> list[Requirement]:
    return [Requirement(text) for text in requires(package) or ()]


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
class TestLocks:
    """For every Python and platform, whichever of them runs the tests."""

    @pytest.mark.parametrize("packages", ["app", "tests"])
    def test_they_hold_one_version_of_all_that_is_needed(
        self, packages: str, target: dict[str, str]
    ) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        groups = project["dependency-groups"]
        direct = project["project"]["dependencies"] + groups["mxnet"]
        direct += groups["tests"] if packages == "tests" else []
        wanted = [("linreg-gui", Requirement(text)) for text in direct]
        locked = pins(packages, target)
        met = set()
        while wanted:
            package, needed = wanted.pop()
            if needed.marker is not None and not needed.marker.evaluate(target):
                continue
            name = canonicalize_name(needed.name)
            fits = locked[name] in needed.specifier
            # MXNet's own bounds are narrower than what works. Where another version of a package
            # is installed here, its names are right, and its bounds may not be.
            other = locked.get(package) != installed(package) or package == "mxnet"
            assert fits or other, f"{package} needs {needed}, and {locked[name]} is locked"
            if name not in met:
                met.add(name)
                if installed(name):
                    wanted += [(name, each) for each in needs(name)]
        assert met == locked.keys()

    def test_the_tests_use_the_packages_of_the_app(self, target: dict[str, str]) -> None:
        assert pins("app", target).items() <= pins("tests", target).items()


@pytest.mark.parametrize("packages", ["app", "tests"])
def test_locks_name_hashes_and_no_address(packages: str) -> None:
    text = Path(environment.lock_path(packages)).read_text(encoding="utf-8")
    assert "/" not in text
    for entry in re.split(r"(?m)^(?=\w)", text)[1:]:
        assert "--hash=sha256:" in entry


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("readelf"), reason="needs readelf")
def test_every_library_that_qt_and_mxnet_load_is_listed() -> None:
    site_packages = Path(sysconfig.get_path("platlib"))
    mxnet, qt = site_packages / "mxnet", site_packages / "PySide6"
    unread = [mxnet / "libmxnet.so", qt / "Qt/plugins/xcbglintegrations/libqxcb-glx-integration.so"]
    unread += [qt / f"Qt{part}.abi3.so" for part in ("Core", "Gui", "Widgets", "Svg", "OpenGL")]
    for platform in ("offscreen", "wayland-egl", "wayland-generic", "xcb"):
        unread.append(qt / "Qt/plugins/platforms" / f"libq{platform}.so")

    outside: set[str] = set()
    read: set[Path] = set()
    while unread:
        library = unread.pop()
        read.add(library)
        command = ["readelf", "--dynamic", str(library)]
        dynamic = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        for name in re.findall(r"\(NEEDED\).*\[(.+)\]", dynamic):
            places = [mxnet, qt, qt / "Qt/lib", site_packages / "shiboken6"]
            bundled = {place / name for place in places if (place / name).exists()}
            unread += bundled - read
            outside |= set() if bundled else {name}

    on_every_system = r"ld-linux.*|lib(c|m|dl|pthread|rt|gcc_s|stdc\+\+|z)\.so\.\d+"
    listed = set(system.wanted_libraries())
    assert {name for name in outside if not re.fullmatch(on_every_system, name)} == listed


@pytest.mark.skipif(sys.platform != "linux", reason="about the programs of Linux desktops")
class TestWithoutATerminal:
    """After a double click there is a screen, and nobody sees stderr."""

    @pytest.fixture(autouse=True)
    def desktop(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Have no program at all, but those of a test in ``tmp_path``."""
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setenv("DISPLAY", ":99")
        monkeypatch.setattr(progress, "find_spec", lambda _: None)
        monkeypatch.setattr(progress, "NOTICE", str(tmp_path / "setup.txt"))
        monkeypatch.setattr(progress, "FAILURE", str(tmp_path / "why.txt"))

    @staticmethod
    def add(tmp_path: Path, name: str, script: str) -> None:
        (tmp_path / name).write_text(f"#!/bin/sh\nexport PATH=/usr/bin:/bin\n{script}\n")
        (tmp_path / name).chmod(0o755)

    @staticmethod
    def wait_for(file: Path, text: str) -> None:
        deadline = time.monotonic() + 10
        while not (file.exists() and text in file.read_text()):
            assert time.monotonic() < deadline, f"{text!r} never came"
            time.sleep(0.01)

    def test_a_window_shows_the_progress(self, tmp_path: Path) -> None:
        self.add(tmp_path, "zenity", f'read line; echo "$line" > {tmp_path}/shown; read line')
        with progress.progress() as say:
            say("halfway")
            self.wait_for(tmp_path / "shown", "# halfway\n")

    @pytest.mark.parametrize("name", ["kdialog", "xmessage"])
    def test_a_program_that_cannot_follow_shows_how_it_begins(
        self, name: str, tmp_path: Path
    ) -> None:
        self.add(tmp_path, name, f"cat > {tmp_path}/shown; sleep 60")
        with progress.progress() as say:
            say("a minute")
            say("halfway")
            self.wait_for(tmp_path / "shown", "a minute")

    def test_with_none_of_them_a_file_tells_until_it_is_done(self, tmp_path: Path) -> None:
        self.add(tmp_path, "notify-send", f'echo "$@" > {tmp_path}/bubble')
        with progress.progress() as say:
            say("a minute")
            say("halfway")
            assert (tmp_path / "setup.txt").read_text() == "halfway\n"
            self.wait_for(tmp_path / "bubble", "a minute")
        assert not (tmp_path / "setup.txt").exists()

    def test_a_failure_stays_in_the_first_window_that_opens(self, tmp_path: Path) -> None:
        self.add(tmp_path, "zenity", "exit 1")  # as where the screen cannot be reached
        self.add(tmp_path, "xmessage", f"cat > {tmp_path}/shown; exit 0")
        progress.show_failure("no room")
        assert (tmp_path / "shown").read_text() == "no room"
        assert not (tmp_path / "why.txt").exists()

    def test_a_failure_that_no_window_shows_is_in_a_file_until_the_next_setup(
        self, tmp_path: Path
    ) -> None:
        self.add(tmp_path, "zenity", "exit 1")
        progress.show_failure("no room")
        assert (tmp_path / "why.txt").read_text() == "no room\n"
        with progress.progress():
            assert not (tmp_path / "why.txt").exists()

    @pytest.mark.parametrize("stream", [None, "closed"])
    def test_stderr_that_is_not_there_stops_nothing(
        self, stream: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = (tmp_path / "stderr").open("w", encoding="utf-8")
        file.close()
        monkeypatch.setattr(sys, "stderr", file if stream else None)
        environment.give_up("no room")
        with progress.progress() as say:
            say.once("a minute")
        assert not (tmp_path / "setup.txt").exists()
        monkeypatch.undo()

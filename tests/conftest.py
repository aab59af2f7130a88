"""What holds for every test: Qt offscreen, a home of its own, no warning overlooked.

Unexpected Qt messages, log lines and Python warnings fail a test, from whatever thread they come;
so does a thread, timer or window that outlives it.
"""

import atexit
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

_HOME = tempfile.mkdtemp(prefix="linreg-tests-")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)

# Keep compiled modules, or each of many processes would compile all again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def _move_home() -> None:
    """Keep the settings of whoever runs the tests out of reach, but not what pip needs."""
    old = Path.home()
    config = Path(os.environ.get("XDG_CONFIG_HOME") or old / ".config")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or old / ".cache")
    os.environ.setdefault("PIP_CACHE_DIR", str(cache / "pip"))
    for settings in (config / "pip" / "pip.conf", old / ".pip" / "pip.conf"):
        if settings.exists():
            os.environ.setdefault("PIP_CONFIG_FILE", str(settings))
    os.environ["HOME"] = _HOME
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        os.environ[f"XDG_{name}_HOME"] = str(Path(_HOME, name.lower()))
    os.environ["WIN_PD_OVERRIDE_LOCAL_APPDATA"] = _HOME


from linreg_gui import platforms  # noqa: E402 - Qt reads these variables once

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
platforms.lead_to_fonts()
os.environ["LANGUAGE"] = "en"  # whatever language the person who runs them speaks
os.environ["PYTHONWARNINGS"] = "error::RuntimeWarning"  # NumPy's, in processes that tests start
if platforms.IS_WINDOWS:
    os.environ["PYTHONUTF8"] = "1"  # what they print, too, is not in UTF-8 there by itself
_move_home()

# Only now: Qt reads these variables once.
import hypothesis  # noqa: E402
import pytest  # noqa: E402
from PySide6.QtCore import (  # noqa: E402
    QMessageLogContext,
    QStandardPaths,
    Qt,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402
from pytestqt.qtbot import QtBot  # noqa: E402

from linreg_gui.look.scale import scale_factor, set_scale  # noqa: E402
from linreg_gui.look.theme import Mode, Theme  # noqa: E402
from linreg_gui.runs.states import RunState  # noqa: E402
from linreg_gui.settings import DEFAULTS, Engine, TrainingConfig  # noqa: E402
from linreg_gui.threads.controller import TrainingController  # noqa: E402
from linreg_gui.threads.table_import import TableImport  # noqa: E402
from linreg_gui.widgets.window.main_window import MainWindow  # noqa: E402
from linreg_gui.widgets.window.view_state import view_state  # noqa: E402
from tests.leftovers import left_over, survivors  # noqa: E402
from tests.support import (  # noqa: E402
    PATIENCE,
    LastingThread,
    LoggedErrors,
    wait_until,
    wait_until_ready,
)
from tests.windows import begin_anew, shown_window  # noqa: E402

QStandardPaths.setTestModeEnabled(True)

# The same examples every time, and no failure because the machine was busy.
hypothesis.settings.register_profile(
    "tests", derandomize=True, deadline=None, database=None, max_examples=60
)
hypothesis.settings.load_profile("tests")

LONGEST = {"test_everything_fits", "test_languages_fit"}

_late_messages: list[str] = []


def _note_message(kind: QtMsgType, _: QMessageLogContext, text: str | None) -> None:
    if kind not in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg}:
        _late_messages.append(text or "")


def pytest_configure() -> None:
    # pytest-qt listens while a test runs; this one hears what comes before and after.
    qInstallMessageHandler(_note_message)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no worker is left alone with one.

    In each file the tests with windows of their own come first: those are styled faster while no
    other one is there.
    """
    places = {item.path: place for place, item in enumerate(items)}

    def order(item: pytest.Item) -> tuple[bool, bool, int, bool]:
        is_long, is_of_widgets = item.path.stem in LONGEST, "widgets" in item.path.parts
        names = getattr(item, "fixturenames", ())
        return not is_long, not is_of_widgets, places[item.path], _is_lent(names)

    items.sort(key=order)


def pytest_collection_finish() -> None:
    _freeze()


def pytest_sessionfinish() -> None:
    # Qt keeps it until after Python has ended, and crashes then if Python has made it.
    if QGuiApplication.instance() is not None:
        QGuiApplication.clipboard().clear()


@pytest.fixture(autouse=True)
def _nothing_overlooked(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail on log lines, and on Qt messages that come while fixtures end."""
    _late_messages.clear()
    yield
    lines = [
        record.getMessage()
        for phase in ("setup", "call", "teardown")
        for record in caplog.get_records(phase)
        if record.levelname in {"WARNING", "ERROR", "CRITICAL"}
    ]
    assert not lines, f"logged without being expected: {lines}"
    assert not _late_messages, f"Qt complained: {_late_messages}"


@pytest.fixture(autouse=True)
def _nothing_passed_on(_nothing_left_over: None) -> Iterator[None]:
    """Give the next test text of the usual size, and no pressed button of the mouse."""
    yield
    if scale_factor() != 1.0:
        set_scale(1.0)
    if QGuiApplication.mouseButtons():  # QTest does not release it after a double click
        QTest.mouseRelease(QWidget(), Qt.MouseButton.LeftButton)


@pytest.fixture
def logged_errors(caplog: pytest.LogCaptureFixture) -> LoggedErrors:
    """Return a function that returns the errors logged so far, without tracebacks.

    They are expected then, and fail no test.
    """

    def take() -> list[str]:
        sentences = [record.getMessage().split("\n")[0] for record in caplog.records]
        caplog.clear()
        return sentences

    return take


@pytest.fixture(autouse=True)
def _nothing_left_over(request: pytest.FixtureRequest, _nothing_overlooked: None) -> Iterator[None]:
    """Fail if a thread, an active timer or a top-level widget outlives the test that made it."""
    if _is_lent(request.fixturenames):
        request.getfixturevalue("_window_of_file")
    before = survivors()
    yield
    if left := left_over(before, seconds=2.0):
        pytest.fail(f"left over: {left}")
    _freeze()


def _freeze() -> None:
    """Let the collector and `survivors` look only at what is made from now on."""
    gc.collect()
    gc.freeze()


MakeController = Callable[..., TrainingController]


@pytest.fixture
def make_controller(qtbot: QtBot) -> Iterator[MakeController]:
    """Return a function that makes controllers, whose threads end with the test."""
    made: list[TrainingController] = []

    def make(config: TrainingConfig = DEFAULTS) -> TrainingController:
        made.append(TrainingController(settings=config))
        return made[-1]

    yield make
    for controller in made:
        assert controller.shut_down()
        controller.deleteLater()


@pytest.fixture
def controller(qtbot: QtBot, make_controller: MakeController) -> TrainingController:
    """Return a controller that has loaded MXNet and is ready for the lesson's run."""
    controller = make_controller()
    controller.load()
    wait_until_ready(qtbot, controller)
    return controller


@pytest.fixture
def table_import(qtbot: QtBot) -> Iterator[TableImport]:
    made = TableImport()
    yield made
    assert made.shut_down()
    made.deleteLater()


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme(qapp, Mode.LIGHT)
    yield theme
    theme.deleteLater()


@pytest.fixture(scope="session")
def lasting_thread(qapp: QApplication) -> Iterator[LastingThread]:
    """Return the training thread of all windows: MXNet keeps 5 MB for each thread.

    As it is of the session, it is there before a test looks at what must not outlive it.
    """
    thread = LastingThread()
    thread.begin()
    yield thread
    assert thread.end()


@pytest.fixture(scope="session")
def _second_thread(qapp: QApplication) -> Iterator[LastingThread]:
    """Return the training thread of shared windows, while `lasting_thread` is that of others."""
    thread = LastingThread()
    thread.begin()
    yield thread
    assert thread.end()


@pytest.fixture
def shared_window() -> None:
    """Let `window` be the same for all tests of a file.

    That is ``pytestmark = pytest.mark.usefixtures("shared_window")``. A window takes several times
    as long as the new session that begins in it after each test, and a test fails if it leaves it
    otherwise than new. What no session has, such as the page of a panel, a test must bring back, or
    use `own_window`.
    """


@pytest.fixture
def own_window() -> None:
    """Let `window` be new for a test, in a file whose other tests share one."""


@pytest.fixture
def painted() -> None:
    """Let `window` be painted, which takes as long as most tests do without it."""


def _is_lent(fixture_names: Collection[str]) -> bool:
    """Return whether a test with these fixtures shares its window."""
    names = set(fixture_names)
    return {"window", "shared_window"} <= names and "own_window" not in names


@pytest.fixture(scope="module")
def _window_of_file(qapp: QApplication, _second_thread: LastingThread) -> Iterator[MainWindow]:
    with shown_window(qapp, _second_thread) as window:
        wait_until(lambda: window.controller.current_run is not None)
        yield window


@pytest.fixture
def _lent_window(_window_of_file: MainWindow) -> Iterator[MainWindow]:
    window = _window_of_file
    first_view = view_state(window)
    window.activateWindow()  # another one may have been there
    wait_until(window.isActiveWindow)
    yield window
    begin_anew(window, first_view)


@pytest.fixture
def loading_window(qapp: QApplication, lasting_thread: LastingThread) -> Iterator[MainWindow]:
    with shown_window(qapp, lasting_thread) as window:
        yield window


@pytest.fixture
def window(
    request: pytest.FixtureRequest, wait_for: Callable[..., None], lasting_thread: LastingThread
) -> MainWindow:
    """Return a window with the lesson's run before its first step. It is not painted."""
    is_lent = _is_lent(request.fixturenames)
    window: MainWindow = request.getfixturevalue("_lent_window" if is_lent else "loading_window")
    controller = window.controller
    wait_for(lambda: controller.state is RunState.READY and controller.run is not None)
    window.setUpdatesEnabled("painted" in request.fixturenames)
    return window


@pytest.fixture
def trained(window: MainWindow, wait_for: Callable[..., None]) -> MainWindow:
    """Return the window after the lesson's whole run."""
    controller = window.controller
    controller.change_setting("engine", Engine.INSTANT)
    controller.reset()
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    return window


@pytest.fixture
def wait_for(qtbot: QtBot) -> Callable[[Callable[[], bool]], None]:
    return lambda condition: qtbot.waitUntil(condition, timeout=PATIENCE)


@pytest.fixture
def pause_at(wait_for: Callable[..., None]) -> Callable[[TrainingController, int], None]:
    def pause(controller: TrainingController, step: int) -> None:
        controller.start()
        wait_for(lambda: controller.run is not None and controller.run.history.step >= step)
        controller.pause()

    return pause

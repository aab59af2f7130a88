import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import ROOT, at_home_in, needs_full_disk, needs_posix, run_python

WITHOUT_SCREEN = {"DISPLAY": "", "WAYLAND_DISPLAY": ""}


# The program as it is, which says when its window is on screen and complete.
SAYING_WHEN_COMPLETE = """
import sys
from linreg_gui.__main__ import main
from linreg_gui.widgets.window.main_window import MainWindow
show = MainWindow.show
def show_and_tell(window):
    window.completion.ended.connect(lambda: print("complete", flush=True))
    show(window)
MainWindow.show = show_and_tell
sys.exit(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is a display")
@pytest.mark.parametrize("display", ["", ":987"])
def test_without_a_display_one_sentence_says_what_to_do(display: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [sys.executable, "-m", "linreg_gui"],
        cwd=ROOT,
        env=environment | WITHOUT_SCREEN | {"DISPLAY": display},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "no display" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LC_ALL": "", "LC_CTYPE": "nn_NN"}])
@needs_posix("locales by variables")
def test_a_locale_without_utf8_is_no_reason_to_complain(locale: dict[str, str]) -> None:
    code = """
from linreg_gui import application
app = application.create_application()
print(app.applicationName())
"""
    done = run_python(code, **locale)
    assert (done.returncode, done.stdout, done.stderr) == (0, "LinReg\n", "")


@pytest.mark.parametrize("delay", [0.0, 2.0])
@needs_posix("signals between processes")
def test_a_signal_closes_the_window_cleanly(delay: float) -> None:
    processes = {
        number: subprocess.Popen(
            [sys.executable, "-c", SAYING_WHEN_COMPLETE],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    for process in processes.values():
        assert process.stdout is not None
        assert process.stdout.readline() == "complete\n"
    time.sleep(delay)
    for number, process in processes.items():
        process.send_signal(number)
    for number, process in processes.items():
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (128 + number, "", "")


def test_modules_that_only_other_pictures_need_are_not_imported_before_the_first_paint() -> None:
    done = run_python(
        """
import sys
from linreg_gui import application
app = application.create_application()
window = application.create_window(app)
later = ("loss_plot", "step_plot", "landscape_plot", "residual_plot", "problem", "landscape")
print([name for name in sys.modules if name.startswith("linreg_gui") and name.endswith(later)])
"""
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_the_window_is_painted_before_mxnet_is_imported() -> None:
    done = run_python(
        """
import sys
from linreg_gui import application
from linreg_gui.threads.controller import TrainingController
def load(controller):
    print(window.isVisible(), "mxnet" in sys.modules)
    window.close()
TrainingController.load = load
app = application.create_application()
window = application.create_window(app)
window.show()
app.exec()
"""
    )
    assert (done.stdout, done.stderr) == ("True False\n", "")


def test_a_close_does_not_wait_until_mxnet_is_loaded(tmp_path: Path) -> None:
    package = tmp_path / "mxnet"
    package.mkdir()
    (package / "__init__.py").write_text("import time; time.sleep(600)", encoding="utf-8")
    done = run_python(
        """
import os, sys
sys.path.insert(0, os.environ["SLOW"])
from PySide6.QtCore import QTimer
from linreg_gui.__main__ import main
from linreg_gui.widgets.window.main_window import MainWindow
show = MainWindow.show
def show_and_close(window):
    window.completion.ended.connect(lambda: QTimer.singleShot(100, window.close))
    show(window)
MainWindow.show = show_and_close
sys.exit(main())
""",
        SLOW=str(tmp_path),
        **at_home_in(tmp_path),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "theme" in next(tmp_path.rglob("window.ini")).read_text(encoding="utf-8")


def test_mxnet_that_cannot_load_is_said_in_the_window(tmp_path: Path) -> None:
    package = tmp_path / "mxnet"
    package.mkdir()
    (package / "__init__.py").write_text("raise ImportError('libfoo is gone')", encoding="utf-8")
    done = run_python(
        """
import sys
import os
sys.path.insert(0, os.environ["BROKEN"])
from PySide6.QtCore import QTimer
from linreg_gui import application
application.open_error_log()
app = application.create_application()
window = application.create_window(app)
def tell():
    print(window.readout.state.text(), window.controller.state, window.isVisible())
    window.close()
window.controller.message_posted.connect(lambda: QTimer.singleShot(0, tell))
window.show()
app.exec()
""",
        BROKEN=str(tmp_path),
        **at_home_in(tmp_path),
    )
    assert done.stderr == ""
    assert "MXNet could not be loaded (libfoo is gone)" in done.stdout
    assert "libfoo" in next(tmp_path.rglob("errors.log")).read_text(encoding="utf-8")
    assert "unavailable True" in done.stdout


def test_qt_that_cannot_load_is_said_in_the_terminal() -> None:
    done = run_python(
        """
import sys
sys.modules["PySide6.QtWidgets"] = None
from linreg_gui.__main__ import main
sys.exit(main([]))
"""
    )
    assert done.returncode == 1
    assert "Qt could not be loaded" in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_unexpected_error_ends_batch_mode_with_a_sentence(tmp_path: Path) -> None:
    done = run_python(
        """
import os, sys
from linreg_gui import batch_mode
from linreg_gui.__main__ import main
def fail(*arguments):
    raise ValueError("the unforeseen")
batch_mode.write_summary = fail
sys.exit(main(["--batch", os.environ["OUT"], "--examples", "10"]))
""",
        OUT=str(tmp_path / "out"),
        **at_home_in(tmp_path),
    )
    assert done.returncode == 1
    assert "Something went wrong (the unforeseen)" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_an_unexpected_error_becomes_a_sentence_and_a_file(tmp_path: Path) -> None:
    done = run_python(
        """
from PySide6.QtCore import QTimer
from linreg_gui import application
app = application.create_application()
window = application.create_window(app)
def fail():
    QTimer.singleShot(50, window.close)
    raise RuntimeError("the unforeseen")
QTimer.singleShot(0, fail)
application.open_error_log()
errors = application.ErrorReporter(window)
errors.reported.connect(window.messages.show_message)
with errors.listening():
    window.show()
    app.exec()
print(window.messages.label.text())
""",
        **at_home_in(tmp_path),
    )
    assert done.stderr == ""
    assert "Something went wrong (the unforeseen); your run is still here." in done.stdout
    assert "RuntimeError" in next(tmp_path.rglob("errors.log")).read_text(encoding="utf-8")


def test_a_job_that_fails_names_the_file_that_has_its_traceback(tmp_path: Path) -> None:
    done = run_python(
        """
from linreg_gui import application
from linreg_gui.threads.jobs import Channel
app = application.create_application()
window = application.create_window(app)
def fail():
    yield
    raise RuntimeError("the unforeseen")
application.open_error_log()
errors = application.ErrorReporter(window)
with errors.listening():
    job = window.controller.background.start(Channel.SWEEP, fail())
    job.failed.connect(print)
    job.failed.connect(window.close)
    window.show()
    app.exec()
""",
        **at_home_in(tmp_path),
    )
    assert done.stderr == ""
    file = next(tmp_path.rglob("errors.log"))
    assert done.stdout == (f"This could not be computed: the unforeseen. Details are in {file}.\n")
    assert "in fail" in file.read_text(encoding="utf-8")


def test_an_unexpected_error_of_a_table_is_one_sentence_in_the_terminal(tmp_path: Path) -> None:
    done = run_python(
        """
import os, sys
from linreg_gui.__main__ import main
from linreg_gui.tables import reading
def fail(*arguments):
    raise RuntimeError("the unforeseen")
reading.read_columns = fail
sys.exit(main(["--batch", os.environ["OUT"], "--csv", "x.csv", "--features", "x", "--target", "y"]))
""",
        OUT=str(tmp_path / "out"),
        **at_home_in(tmp_path),
    )
    file = next(tmp_path.rglob("errors.log"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"linreg-gui: The table cannot be used: the unforeseen. Details are in {file}.\n"
    )


def test_without_a_folder_for_logs_the_sentence_names_none(tmp_path: Path) -> None:
    (tmp_path / "linreg-gui").write_text("no folder", encoding="utf-8")
    assert log_something(tmp_path) == ("It failed.\n", "")


@needs_full_disk
def test_a_log_that_cannot_be_written_is_not_named(tmp_path: Path) -> None:
    folder = tmp_path / "linreg-gui" / "log"
    folder.mkdir(parents=True)
    (folder / "errors.log").symlink_to("/dev/full")
    assert log_something(tmp_path) == ("It failed.\n", "")


def log_something(folder: Path) -> tuple[str, str]:
    """Log an error into ``folder``; return what is printed."""
    done = run_python(
        """
from linreg_gui.error_log import log_error, open_error_log
open_error_log()
print(log_error(RuntimeError("the unforeseen"), "It failed."))
""",
        **at_home_in(folder),
    )
    return done.stdout, done.stderr


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None and True are immortal there")
def test_a_thousand_updates_lose_no_reference_to_none_or_true() -> None:
    done = run_python(
        """
import sys
from linreg_gui import application
app = application.create_application()
window = application.create_window(app)
controller = window.controller
from PySide6.QtWidgets import QLabel
label = QLabel()
before = [sys.getrefcount(each) for each in (None, True)]
for number in range(1000):
    label.setText(str(number))
    controller.state_changed.emit()
    controller.message_posted.emit("x")
    window.refresher.refresh_all()
after = [sys.getrefcount(each) for each in (None, True)]
print(min(a - b for b, a in zip(before, after)))
window.close()
"""
    )
    assert done.stderr == ""
    assert int(done.stdout) > -100

"""An error in a method that Qt calls is reported once, and the program lives."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import FunctionType

import pytest
from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QGraphicsItem, QLayoutItem, QWidget
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

import linreg_gui
from linreg_gui.look.guard import Undrawable, guard_overrides
from tests.support import run_python

guard_overrides()

CALLED_BY_US_ONLY = {"__init__", "setText"}
"""Methods that have a name of Qt's, but that Qt never calls itself."""

BREAKING = """
import collections, importlib, pkgutil, sys, time
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from linreg_gui import application
from linreg_gui.look import guard
from linreg_gui.runs.states import RunState
from tests.widgets.controls import turn_wheel

def spin(seconds, until=lambda: False):
    end = time.monotonic() + seconds
    while time.monotonic() < end and not until():
        QApplication.processEvents()
        time.sleep(0.002)

broken = set()

def breakable(owner, name, method):
    def call(self, *arguments, **named):
        if (owner, name) in broken:
            raise ArithmeticError(f"{owner.__name__}.{name} of {id(self)}")
        return method(self, *arguments, **named)
    call.__qualname__ = f"{owner.__name__}.{name}"
    return guard.guarded(name, call)

def use(window):
    window.resize(1200, 760)
    spin(0.05)
    window.resize(1280, 800)
    window.update()
    window.grab()
    canvas = window.stage.active.canvas
    for turn in (120, -120):
        view = canvas.viewport()
        turn_wheel(view, turn)
    QTest.mouseMove(canvas.viewport(), QPoint(50, 50))
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    QTest.keyClick(canvas, Qt.Key.Key_F9)
    spin(0.1)

app = application.create_application()
for room in ("look", "plots", "widgets"):
    package = importlib.import_module(f"linreg_gui.{room}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
guard.guard_overrides()
every = [
    (owner, name)
    for owner in list(guard._known)
    for name, method in vars(owner).items()
    if hasattr(method, "is_guarded")
]
for owner, name in every:  # before they are used: Qt does not look for them again
    setattr(owner, name, breakable(owner, name, vars(owner)[name]))
window = application.create_window(app)
reports = []
sys.excepthook = lambda kind, error, trace: reports.append(str(error))
window.show()
spin(60, lambda: window.controller.state is RunState.READY and window.controller.run is not None)
window.controller.start()
spin(60, lambda: window.controller.run.history.step > 50)
assert not reports, reports
for names in PARTS:
    broken.update(each for each in every if each[1] in names or not names)
    reports.clear()
    use(window)
    broken.clear()
    twice = [words for words, times in collections.Counter(reports).items() if times > 1]
    assert not twice, twice
    print(len({words.split(" of ")[0] for words in reports}))
reports.clear()
words = window.findChildren(guard.Undrawable)
print("said", bool(words) and all(each.isVisible() for each in words))
use(window)
spin(10, lambda: not window.findChildren(guard.Undrawable))
print("left", len(window.findChildren(guard.Undrawable)), len(reports))
window.close()
print("alive")
"""


def overrides() -> Iterator[tuple[type, str, FunctionType]]:
    """Yield our methods that have the name of a method of Qt's."""
    for room in ("look", "plots", "widgets", "threads"):
        package = importlib.import_module(f"linreg_gui.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    waiting: list[type] = [QObject, QGraphicsItem, QLayoutItem]
    while waiting:
        owner = waiting.pop()
        waiting += type.__subclasses__(owner)
        if owner.__module__.startswith(linreg_gui.__name__):
            of_qt = [base for base in owner.__mro__ if base.__module__.startswith("PySide6")]
            for name, method in vars(owner).items():
                if isinstance(method, FunctionType) and any(name in vars(base) for base in of_qt):
                    yield owner, name, method


def test_every_override_is_guarded(qapp: QApplication) -> None:
    found = list(overrides())
    assert len(found) > 100
    unguarded = {
        f"{owner.__name__}.{name}"
        for owner, name, method in found
        if name not in CALLED_BY_US_ONLY and not hasattr(method, "is_guarded")
    }
    assert not unguarded, "look/guard.py has no answer for them"


def test_overrides_that_fail_are_reported_once_and_end_nothing() -> None:
    parts = [
        {"paint", "paintEvent", "drawForeground"},
        {"boundingRect", "shape", "sizeHint", "minimumSizeHint", "heightForWidth", "itemChange"},
        {"event", "eventFilter"},
        set(),
    ]
    done = run_python(BREAKING.replace("PARTS", repr(parts)))
    assert done.returncode == 0, done.stderr
    *counts, said, left, alive = done.stdout.split("\n")[:-1]
    assert (said, left, alive) == ("said True", "left 0 0", "alive")
    assert all(int(count) > least for count, least in zip(counts, (4, 5, 0, 8), strict=True))


class Picture(QWidget):
    fails = True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), 0)
        if self.fails:
            raise ValueError("no such place")


@pytest.mark.qt_no_exception_capture
def test_a_picture_that_cannot_be_drawn_says_so_until_it_can(qtbot: QtBot) -> None:
    picture = Picture()
    qtbot.addWidget(picture)
    picture.resize(200, 100)
    with capture_exceptions() as errors:
        picture.show()
        qtbot.waitUntil(lambda: bool(picture.findChildren(Undrawable)))
        for _ in range(3):
            picture.repaint()
        (words,) = picture.findChildren(Undrawable)
        assert words.isVisible()
        assert words.text() == "This cannot be drawn."
        assert words.geometry() == QRect(0, 0, 200, 100)
    assert [str(error) for _, error, _ in errors] == ["no such place"]
    picture.fails = False
    qtbot.waitUntil(lambda: not picture.findChildren(Undrawable))

"""What a test or a session may leave behind: threads, timers at work, windows."""

import gc
import sys
import threading
import time
import weakref
from collections.abc import Container

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QTimer


def left_over(before: Container[object], seconds: float) -> list[str]:
    """Return which of the `survivors` were not there ``before``, after some time to let go."""
    deadline = time.monotonic() + seconds
    while left := [each for each in survivors() if each not in before]:
        if time.monotonic() > deadline:
            return [_description(each) for each in left]
        left.clear()
        gc.collect()
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return []


def survivors() -> "weakref.WeakSet[object]":
    """Return the threads, the active timers and the top-level widgets that there are."""
    found: weakref.WeakSet[object] = weakref.WeakSet()
    for thread in threading.enumerate():
        # Python keeps a stand-in for every foreign thread that ever ran its code.
        if not isinstance(thread, threading._DummyThread):
            found.add(thread)
    kinds = {QThread, QTimer, *QThread.__subclasses__(), *QTimer.__subclasses__()}
    for each in [each for each in gc.get_objects() if type(each) in kinds]:
        if shiboken6.isValid(each) and _is_at_work(each):
            found.add(each)
    if widgets := sys.modules.get("PySide6.QtWidgets"):
        for widget in widgets.QApplication.topLevelWidgets():
            if widget.isVisible() or widget.parentWidget() is None:  # else it goes with its window
                found.add(widget)
    return found


def _description(survivor: object) -> str:
    """Return which one it is."""
    name = ""
    if isinstance(survivor, QObject) and shiboken6.isValid(survivor):
        name = survivor.objectName()
    return f"{survivor!r} {name}".strip()


def _is_at_work(each: object) -> bool:
    if isinstance(each, QThread):
        return each.isRunning() and not each.isCurrentThread()
    assert isinstance(each, QTimer)
    return each.isActive()

"""No error leaves a method that Qt calls: during painting the whole process would end.

`guard_overrides` wraps these methods in all classes that derive from Qt's, pyqtgraph's included,
and in each class that is made later. So no class can forget it.
"""

import sys
import traceback
from collections.abc import Callable
from functools import wraps
from types import FunctionType
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

import shiboken6
from PySide6.QtCore import QObject, QRectF, QSize, QSizeF, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsLayoutItem,
    QGraphicsScene,
    QGraphicsView,
    QGraphicsWidget,
    QLabel,
    QLayoutItem,
    QWidget,
)

from linreg_gui.texts import tr

Arguments = tuple[Any, ...]

_BASES = (QObject, QGraphicsItem, QGraphicsLayoutItem, QLayoutItem)

_HANDLERS = {"mouseClickEvent", "mouseDragEvent", "hoverEvent"} | {  # pyqtgraph's, then Qt's
    name
    for base in (QWidget, QGraphicsView, QGraphicsScene, QGraphicsWidget)
    for name in dir(base)
    if name.endswith("Event")
}
"""The methods that are called with an event."""

_PAINTING = {"paint", "paintEvent", "drawForeground", "drawBackground"}

_LOOK_AGAIN_MILLISECONDS = 1000


def _no_size(owner: Any, _arguments: Arguments) -> QSize | QSizeF:
    return QSizeF() if isinstance(owner, QGraphicsLayoutItem) else QSize()


def _always(value: Any) -> Callable[[Any, Arguments], Any]:
    return lambda _owner, _arguments: value


_ANSWERS: dict[str, Callable[[Any, Arguments], Any]] = {
    **dict.fromkeys(_HANDLERS, _always(None)),
    **dict.fromkeys(("event", "viewportEvent", "sceneEvent"), _always(True)),
    **dict.fromkeys(("paint", "drawForeground", "drawBackground", "setGeometry"), _always(None)),
    **dict.fromkeys(
        ("accept", "done", "nextCheckState", "sliderChange", "initStyleOption"), _always(None)
    ),
    **dict.fromkeys(("setVisible", "addItem", "itemAt", "takeAt"), _always(None)),
    **dict.fromkeys(("data", "headerData"), _always(None)),
    **dict.fromkeys(("count", "rowCount", "columnCount"), _always(0)),
    **dict.fromkeys(("sizeHint", "minimumSizeHint", "minimumSize"), _no_size),
    **dict.fromkeys(("hasHeightForWidth", "setData"), _always(False)),
    **dict.fromkeys(("eventFilter", "focusNextPrevChild", "editorEvent"), _always(False)),
    "sceneEventFilter": _always(False),
    "heightForWidth": _always(-1),
    "expandingDirections": _always(Qt.Orientation(0)),
    "flags": _always(Qt.ItemFlag.NoItemFlags),
    "boundingRect": lambda _owner, _arguments: QRectF(),
    "shape": lambda _owner, _arguments: QPainterPath(),
    "itemChange": lambda _owner, arguments: arguments[-1],
    "translate": lambda _owner, arguments: arguments[1],
}
"""Qt calls the methods of these names. This is what they answer when they fail."""

_known: WeakSet[type] = WeakSet()
"""The classes that are guarded already, or have nothing to guard."""

_told: WeakKeyDictionary[Any, set[tuple[str, str]]] = WeakKeyDictionary()
"""What each object has reported: it may fail sixty times a second, and is told once."""


def guard_overrides() -> None:
    """Guard every class, those that are made later as well. Once is enough."""
    for base in _BASES if not _known else ():
        _guard_later(base)
        _guard_below(base)


def _guard_later(base: Any) -> None:
    """Guard each class below ``base`` when it is made."""

    def guard(made: Any, /, **options: Any) -> None:
        super(base, made).__init_subclass__(**options)
        _guard(made)

    base.__init_subclass__ = classmethod(guard)


def _guard_below(base: type) -> None:
    below: list[type] = type.__subclasses__(base)
    for each in below:
        _guard(each)
        _guard_below(each)


def _guard(owner: type) -> None:
    """Guard the methods of a class, and those that it has from classes that know no Qt."""
    for each in owner.__mro__:
        if each in _known:
            continue
        _known.add(each)
        if each.__module__.startswith("PySide6."):  # nothing in it is Python's
            continue
        for name, method in list(vars(each).items()):
            if name in _ANSWERS and isinstance(method, FunctionType):
                setattr(each, name, guarded(name, method))


def guarded(name: str, method: FunctionType) -> Callable[..., Any]:
    """Return a function that does what ``method`` does, and that no error leaves."""
    answer, paints = _ANSWERS[name], name in _PAINTING

    @wraps(method)
    def call(self: Any, *arguments: Any, **named: Any) -> Any:
        try:
            return method(self, *arguments, **named)
        except Exception as error:  # noqa: BLE001 - that is what it is for
            _report(self, method, error)
            _end_painting(error, arguments)
            if paints:
                _say_undrawable(self)
            return answer(self, arguments)

    call.is_guarded = True  # type: ignore[attr-defined]
    return call


def _report(owner: Any, method: FunctionType, error: Exception) -> None:
    kind = method.__qualname__, type(error).__name__
    told = _told.setdefault(owner, set())
    if kind not in told:
        told.add(kind)
        sys.excepthook(type(error), error, error.__traceback__)


def _end_painting(error: Exception, arguments: Arguments) -> None:
    """End the painters that the failed method began, but not the one that Qt gave it.

    Qt itself would fail if one of them were still at work, or outlived what it paints on.
    """
    for frame, _ in traceback.walk_tb(error.__traceback__):
        for value in list(frame.f_locals.values()):
            if isinstance(value, QPainter) and value not in arguments and value.isActive():
                value.end()
    traceback.clear_frames(error.__traceback__)


def _say_undrawable(owner: Any) -> None:
    """Cover each widget in which ``owner`` is drawn with words that say so."""
    if isinstance(owner, QWidget):
        widgets = [owner]
    else:
        scene = owner.scene() if isinstance(owner, QGraphicsItem) else None
        widgets = [] if scene is None else list(scene.views())
    for widget in widgets:
        # Not now: no widget may appear while another one is painted.
        QTimer.singleShot(0, widget, lambda widget=widget: Undrawable.over(widget).note(owner))


class Undrawable(QLabel):
    """The words over a picture that cannot be drawn, until it can be drawn again.

    Parameters
    ----------
    picture : QWidget
        The widget to cover.
    """

    def __init__(self, picture: QWidget) -> None:
        super().__init__(tr("This cannot be drawn."), picture)
        self._picture = picture
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._failed: set[Any] = set()
        self._timer = QTimer(self, interval=_LOOK_AGAIN_MILLISECONDS)
        self._timer.timeout.connect(self._look_again)
        self._timer.start()

    @classmethod
    def over(cls, picture: QWidget) -> "Undrawable":
        """Return the words over ``picture``."""
        found = picture.findChild(cls, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return cls(picture) if found is None else found

    def note(self, failed: Any) -> None:
        """Stay until ``failed``, which is a widget or an item in it, has been drawn."""
        self._failed.add(failed)
        self.setGeometry(self._picture.rect())
        self.show()

    @Slot()
    def _look_again(self) -> None:
        """Let what has failed be drawn once more; go if nothing has failed since the last time."""
        failed, self._failed = self._failed, set()
        if not failed:
            self.deleteLater()
        for each in failed:
            if shiboken6.isValid(each):
                each.update()

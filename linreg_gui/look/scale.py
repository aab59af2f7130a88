"""The size of text, and of everything that is measured by it, from 100 to 250 %.

There is one scale for the whole program, as there is one application font. Only `Theme` changes it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QLabel, QLayout

SCALES = (1.0, 1.1, 1.25, 1.4, 1.5, 1.75, 2.0, 2.25, 2.5)
"""The scales that a person can choose."""

_SMALL_SCREEN, _USUAL_SCREEN = 800, 1080
_SMALL_TEXT, _USUAL_TEXT = 13, 18
"""The smallest text has this many pixels on screens of these heights."""

_KEPT = "scaled"

_factor = 1.0


def scale_factor() -> float:
    """Return the present scale; 1 is 100 %."""
    return _factor


def px(pixels: float) -> int:
    """Return a length at the present scale, from ``pixels`` at 100 %."""
    return round(pixels * _factor)


def scale_for(screen_height: int) -> float:
    """Return the scale that suits a screen: the smallest text is 13 px on 800 px, 18 on 1080."""
    share = (screen_height - _SMALL_SCREEN) / (_USUAL_SCREEN - _SMALL_SCREEN)
    wanted = 1 + max(0.0, share) * (_USUAL_TEXT / _SMALL_TEXT - 1)
    return min(SCALES, key=lambda scale: abs(scale - wanted))


def keep_scaled(target: QObject, **setters: int | tuple[int, ...]) -> None:
    """Call these setters of ``target`` with scaled pixels, now and whenever the scale changes.

    For example ``keep_scaled(button, setMinimumWidth=136)``. ``setFont`` takes the height of the
    font. ``target`` is a widget, or a layout in one.
    """
    kept = dict(target.property(_KEPT) or {})
    for name, pixels in setters.items():
        kept[name] = pixels if isinstance(pixels, tuple) else (pixels,)
        _set(target, name, kept[name])
    target.setProperty(_KEPT, kept)


def set_scale(scale: float) -> None:
    """Change the scale. For `Theme` alone, which calls `rescale` then."""
    global _factor  # noqa: PLW0603 - one scale, as there is one application font
    _factor = scale


@contextmanager
def at_full_scale() -> Iterator[None]:
    """Make and draw at 100 % what is on no screen: nothing that is on one may be drawn in here."""
    former = _factor
    set_scale(1.0)
    try:
        yield
    finally:
        set_scale(former)


def rescale() -> None:
    """Call all setters again that `keep_scaled` keeps.

    Fonts need it after each change of the style sheet, too: Qt then brings back those of before.
    """
    for widget in QApplication.allWidgets():
        outer = widget.findChildren(QLayout, options=Qt.FindChildOption.FindDirectChildrenOnly)
        inner = [layout for each in outer for layout in each.findChildren(QLayout)]
        for target in (widget, *outer, *inner):
            for name, pixels in (target.property(_KEPT) or {}).items():
                _set(target, name, pixels)


def forget_size(label: QLabel) -> None:
    """Let ``label`` compute its size again, which Qt forgets to do after a new minimum."""
    label.setIndent(label.indent())


def _set(target: Any, name: str, pixels: tuple[int, ...]) -> None:
    scaled = tuple(map(px, pixels))
    if name == "setFont":
        font = QFont(target.font())
        font.setPixelSize(*scaled)
        target.setFont(font)
    elif name == "setIconSize":
        target.setIconSize(QSize(*scaled, *scaled))
    else:
        getattr(target, name)(*scaled)
        if isinstance(target, QLabel):
            forget_size(target)

"""Tab goes through the window as one reads it, whatever was made first."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

if TYPE_CHECKING:
    from linreg_gui.widgets.window.main_window import MainWindow


def areas_of(window: "MainWindow") -> list[QWidget]:
    """Return the parts of the window in the order in which one reads it."""
    stage, *others = window.stage.visible_pictures
    settings: list[QWidget] = [window.contents.chips] if window.contents.has_chips else []
    settings += [window.panel] if window.body.has_settings else []
    pictures = [*stage.areas, window.messages, *(area for each in others for area in each.areas)]
    if window.stage.cover is not None:
        pictures = [window.stage.cover, window.messages]
    elif window.welcome.is_shown:
        pictures = [window.welcome.start_page, window.messages]
    return [window.run_bar, *settings, *pictures, window.side, window.timeline, window.readout]


def move_focus(window: QWidget, areas: Sequence[QWidget], *, forward: bool) -> bool:
    """Focus the next control of ``window``, or the previous one; return whether there is one.

    Tab goes from one of ``areas`` to the next, and through each of them in Qt's order.
    """
    focused = QApplication.focusWidget()
    chain = [each for each in _chain(window) if each is focused or _stops_at(each)]
    stops = [
        widget for area in areas for widget in chain if widget is area or area.isAncestorOf(widget)
    ]
    if not stops:
        return False
    place = stops.index(focused) if focused in stops else (-1 if forward else 0)
    chosen = stops[(place + (1 if forward else -1)) % len(stops)]
    reason = Qt.FocusReason
    chosen.setFocus(reason.TabFocusReason if forward else reason.BacktabFocusReason)
    _bring_into_view(chosen)
    return True


def _chain(window: QWidget) -> Iterator[QWidget]:
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        yield widget
        widget = widget.nextInFocusChain()


def _stops_at(widget: QWidget) -> bool:
    if not widget.isVisible():  # most are not, and the rest takes longer to tell
        return False
    takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return takes_tab and widget.isEnabled() and not widget.focusProxy()


def _bring_into_view(widget: QWidget) -> None:
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()

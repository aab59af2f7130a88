"""Labels, buttons and layouts that panels and pictures are built from."""

from collections.abc import Callable
from typing import Literal, TypeVar

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)

from linreg_gui.look.plain import set_tip
from linreg_gui.look.scale import forget_size, keep_scaled
from linreg_gui.look.theme import GRID
from linreg_gui.look.wrapping import Label, WrappingButton

Role = Literal[
    "title", "group", "muted", "fact", "error", "refusal", "pending", "state", "number", "now", ""
]
"""What a label says. The style sheet gives each role a size and a color."""

Box = TypeVar("Box", bound=QBoxLayout)

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def text_label(role: Role, text: str = "", *, wraps: bool = True) -> QLabel:
    """Return a label that looks like ``role`` and, by default, wraps long text."""
    label = Label(text)
    label.setProperty("role", role)
    label.setWordWrap(wraps)
    return label


def rich_label() -> QLabel:
    """Return a label for markup of ours; what else is in it must be escaped."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setWordWrap(True)
    return label


def set_least_width(label: QLabel, pixels: int) -> None:
    """Make ``label`` at least so wide, which may be less than before."""
    if pixels != label.minimumWidth():
        label.setMinimumWidth(pixels)
        forget_size(label)


def show_text(label: QLabel, text: str) -> None:
    """Show ``text``; hide the label if the text is empty."""
    label.setText(text)
    label.setVisible(bool(text))


def fill(
    box: Box,
    *items: QWidget | QLayout | int | None,
    margins: tuple[int, int, int, int] = (0, 0, 0, 0),
    spacing: int = GRID,
    stretch: QWidget | None = None,
) -> Box:
    """Put ``items`` into ``box`` and return it.

    An item is a widget, a layout, a number of empty pixels, or None for the empty space that is
    left. If ``stretch`` is visible, it takes that space. Margins are left, top, right, bottom. All
    of these pixels follow the scale, except empty ones.
    """
    keep_scaled(box, setContentsMargins=margins, setSpacing=spacing)
    for item in items:
        if isinstance(item, QWidget):
            box.addWidget(item)
        elif isinstance(item, QLayout):
            box.addLayout(item)
        elif item is None:
            box.addStretch()
        else:
            box.addSpacing(item)
    if stretch is not None:
        box.setStretchFactor(stretch, 1)
    return box


def push_button(
    words: str, action: Callable[..., object] | SignalInstance, tip: str = ""
) -> QPushButton:
    """Return a button that calls ``action``, or emits it if it is a signal, when clicked."""
    button = WrappingButton(words)
    set_tip(button, tip)
    button.clicked.connect(action)
    return button


def mini_button(words: str) -> QToolButton:
    """Return a small button for an icon; ``words`` say what the button does."""
    button = QToolButton()
    button.setObjectName("mini")
    keep_scaled(button, setIconSize=16)
    set_tip(button, words)
    button.setAccessibleName(words)
    return button


def area(layout: QLayout) -> QWidget:
    """Return a widget that holds ``layout``."""
    widget = QWidget()
    widget.setLayout(layout)
    return widget


def scroller(content: QWidget, *, takes_focus: bool = False) -> QScrollArea:
    """Return an area that scrolls ``content`` vertically; with ``takes_focus`` by keys, too."""
    scroll_area = QScrollArea()
    scroll_area.setObjectName("plain")
    scroll_area.setWidget(content)
    scroll_area.setWidgetResizable(True)
    scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    if not takes_focus:
        scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return scroll_area


def give_focus_back(closing: QWidget) -> None:
    """Give the focus to the window if a control in ``closing`` has it, so that keys still work."""
    focused = QApplication.focusWidget()
    if focused is not None and closing.isAncestorOf(focused):
        closing.window().setFocus()

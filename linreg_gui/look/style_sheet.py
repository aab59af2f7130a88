"""The style sheet of the window, made from a palette."""

from string import Template
from typing import TYPE_CHECKING

from linreg_gui.resources import resource_path

if TYPE_CHECKING:
    from linreg_gui.look.theme import Palette


_SHEET = Template("""
QMainWindow, QWidget#panel, QScrollArea#panel { background: $window; }
QScrollArea { border: none; }
QToolTip {
    background: $surface; color: $text; border: 1px solid $border; padding: 8px; font-size: 13px;
}
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $border; }
QToolBar {
    background: $window; border: none; border-bottom: 1px solid $border; padding: 8px; spacing: 4px;
}
QToolBar::separator { background: $border; width: 1px; margin: 4px 8px; }
QToolButton, QPushButton {
    background: transparent; color: $text; border: 1px solid transparent; border-radius: 6px;
    padding: 6px 10px;
}
QPushButton { border-color: $border; background: $field; }
QToolButton:hover, QPushButton:hover { background: $accent_soft; }
QToolButton:pressed, QPushButton:pressed { background: $border; }
QToolButton:checked { background: $accent_soft; color: $text; }
QToolButton:focus, QPushButton:focus { border-color: $accent; }
QToolButton:disabled, QPushButton:disabled { color: $disabled; }
QToolButton[compact="true"] { padding: 2px 7px; font-size: 13px; }
QToolButton[offer="true"] { border-color: $accent; padding: 4px 10px; }
QToolButton#mini { padding: 2px; border-radius: 4px; }
QToolButton#primary {
    background: $accent; color: $on_accent; font-weight: 600; padding: 6px 16px 6px 12px;
}
QToolButton#primary:hover { background: $accent_strong; }
QToolButton#primary:disabled { background: $border; color: $disabled; }
QPushButton#primary {
    background: $accent; border-color: $accent; color: $on_accent; font-weight: 600;
    padding: 6px 24px;
}
QPushButton#primary:hover { background: $accent_strong; }
QPushButton#primary:disabled { background: $border; border-color: $border; color: $disabled; }
QToolButton::menu-indicator { image: none; }
QLineEdit, QComboBox {
    background: $field; color: $text; border: 1px solid $border; border-radius: 6px;
    padding: 4px 8px; min-height: 20px; selection-background-color: $accent;
    selection-color: $on_accent;
}
QLineEdit:focus, QComboBox:focus { border-color: $accent; }
QLineEdit[invalid="true"] { border-color: $error; }
QComboBox[compact="true"] { padding: 1px 6px; font-size: 13px; min-width: 40px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox QAbstractItemView {
    background: $surface; color: $text; border: 1px solid $border;
    selection-background-color: $accent_soft; selection-color: $text; outline: none; padding: 4px;
}
QMenu { background: $surface; color: $text; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QSlider:horizontal { min-height: 22px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $border; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::sub-page:horizontal:disabled { background: $border; }
QSlider::handle:horizontal {
    width: 16px; height: 16px; margin: -7px 0; border-radius: 8px; background: $surface;
    border: 2px solid $accent;
}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus { background: $accent; }
QSlider::handle:horizontal:disabled { border-color: $border; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle {
    background: $border; border-radius: 4px; min-height: 32px; min-width: 32px; margin: 1px;
}
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QTableView {
    background: $surface; color: $text; border: 1px solid $border; gridline-color: $grid;
}
QTableView::item { padding: 2px 8px; }
QHeaderView { background: $window; border: none; border-bottom: 1px solid $border; }
QHeaderView::section {
    background: $window; color: $muted; border: none; padding: 4px 11px; font-size: 13px;
}
QProgressBar { background: $grid; border: none; border-radius: 2px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QFrame#card { background: $surface; border: 1px solid $border; border-radius: 8px; }
QFrame#entry { background: $window; border: none; border-radius: 6px; }
QFrame#plain { border: none; }
QScrollArea#plain, QScrollArea#plain > QWidget > QWidget { background: $surface; }
QLineEdit#name {
    background: transparent; border-color: transparent; font-weight: 600; padding: 2px;
}
QLineEdit#name:hover { border-color: $border; }
QLineEdit#name:focus { background: $field; border-color: $accent; }
QFrame#message { background: $accent_soft; border-radius: 8px; }
QFrame#help { background: $window; border-top: 1px solid $border; }
QCheckBox { spacing: 8px; min-height: 30px; }
QCheckBox::indicator {
    width: 14px; height: 14px; border-radius: 3px; border: 1px solid $muted; background: $field;
}
QCheckBox::indicator:checked { border-color: $accent; background: $accent; image: url("$tick"); }
QRadioButton { spacing: 8px; }
QRadioButton::indicator {
    width: 12px; height: 12px; border-radius: 7px; border: 1px solid $muted; background: $field;
}
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 4px solid $accent; }
QRadioButton:focus { color: $accent; }
QLabel { background: transparent; }
QLabel[role="title"] { font-weight: 600; }
QLabel[role="group"] { font-weight: 600; font-size: 15px; }
QLabel[role="muted"] { color: $muted; font-size: 13px; }
QLabel[role="fact"] { font-size: 13px; }
QLabel[role="error"] { color: $error; font-size: 13px; }
QLabel[role="pending"], QLabel[pending="true"] { color: $accent; }
QLabel[role="state"] { font-weight: 600; font-size: 17px; }
QLabel[role="number"] { font-size: 16px; }
QLabel[role="now"] { font-size: 20px; font-weight: 600; }
QPlainTextEdit, QTextBrowser { background: $surface; color: $text; border: none; }
QPlainTextEdit#log { font-size: 13px; padding: 8px; }
""")


def style_sheet(palette: "Palette") -> str:
    """Return the whole window's style sheet in the colors of ``palette``."""
    return _SHEET.substitute(
        vars(palette),
        disabled="#8b93a0" if not palette.dark else "#6b7482",
        tick=resource_path("icons", f"tick-{'dark' if palette.dark else 'light'}.svg").as_posix(),
        accent_strong="#453ab0" if not palette.dark else "#bdb4ff",
    )

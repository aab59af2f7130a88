"""What a random user does next."""

import random
from collections.abc import Callable

from PySide6.QtWidgets import QAbstractSlider, QApplication, QLineEdit, QPushButton

from linreg_gui.widgets.window.main_window import MainWindow
from tests.monkey.actions import Action, file_dialog
from tests.monkey.targets import Target, targets

TEXTS = (
    "0.05", "0,05", "5e-2", "3", "1", "0", "-1", "10", "1000", "1,000", "1.5", "1e6", "1e-30",
    "1e-323", "1e308", "1e999", "-0", "nan", "inf", "abc", "", " ", "0x10", "1 2", "½", "٣", "−3",
    "1" * 400, "n" * 3000, "<b>x</b>", "%s{0}", "\u202e5", "1\n2", "a\x00b", "💡", "A&B",
)  # fmt: skip
"""Good and bad values, and names."""

SIZES = ((960, 500), (1024, 640), (1280, 800), (1366, 768), (1600, 900), (1920, 1080), (640, 420))

_KEYS = (
    "Tab", "Tab", "Shift+Tab", "Return", "Return", "Escape", "Space", "Left", "Right", "Up", "Down",
    "Home", "End", "PgUp", "PgDown", "Shift+Left", "Shift+Right", "Shift+Up", "Delete", "Backspace",
    "Ctrl+A", "Ctrl+Z", "Ctrl+X", "Alt+F", "Alt+V", "F2", "F10", "Menu", "5", ".", "-", "E",
)  # fmt: skip
_ENDS = ("Return", "Return", "Tab", "Escape", "Space", "")
_MOST_FILES = 100_000
_DECISIONS = 0.08

_LEFT, _RIGHT, _MIDDLE = range(3)


class RandomUser:
    """Chooses actions in ``window``, the same ones from the same ``seed`` and the same window."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self._window = window
        self._chance = random.Random(seed)
        self._kinds: dict[Callable[[], Action], int] = {
            self._click: 30,
            self._point: 8,
            self._drag: 8,
            self._wheel: 6,
            self._key: 12,
            self._shortcut: 20,
            self._fill: 8,
            self._type: 2,
            self._table: 3,
            self._resize: 2,
            self._wait: 6,
        }

    def next_action(self) -> Action:
        """Return what to do now."""
        if file_dialog() is not None:
            return Action("answer", (self._number(),))
        if QApplication.activeModalWidget() and self._chance.random() < _DECISIONS:
            return self._decide()
        (choose,) = self._chance.choices([*self._kinds], [*self._kinds.values()])
        return choose()

    def _decide(self) -> Action:
        """Press a button of a dialog, which would be in the way too long otherwise."""
        buttons = [each for each in targets() if isinstance(each.widget, QPushButton)]
        return self._at("click", 500, 500, _LEFT, among=buttons)

    def _click(self) -> Action:
        (button,) = self._chance.choices([_LEFT, _RIGHT, _MIDDLE], [85, 12, 3])
        return self._at("click", self._place(), self._place(), button)

    def _point(self) -> Action:
        name = self._chance.choice(["double_click", "hover", "menu_of"])
        return self._at(name, *(() if name == "menu_of" else (self._place(), self._place())))

    def _drag(self) -> Action:
        sliders = [each for each in targets() if isinstance(each.widget, QAbstractSlider)]
        places = (self._place(), self._place(), self._place(-300, 1300), self._place(-300, 1300))
        return self._at("drag", *places, among=sliders if self._chance.random() < 0.5 else None)

    def _wheel(self) -> Action:
        turns = self._chance.choice([1, 3, 10, 40]) * self._chance.choice([-1, 1])
        pictures = self._window.stage.visible_pictures
        among = [each for each in targets() if any(map(each.widget.isAncestorOf, pictures))]
        return self._at("wheel", self._place(), self._place(), turns, among=among)

    def _key(self) -> Action:
        return Action("key", (self._chance.choice(_KEYS),))

    def _shortcut(self) -> Action:
        actions = [each for each in self._window.actions() if not each.shortcut().isEmpty()]
        others = [each for each in actions if each.text() != "Quit"]  # the end comes by itself
        return Action("key", (self._chance.choice(others).shortcut().toString(),))

    def _fill(self) -> Action:
        fields = [each for each in targets() if isinstance(each.widget, QLineEdit)]
        words = self._chance.choice(TEXTS)
        return self._at("fill", words, self._chance.choice(_ENDS), among=fields)

    def _type(self) -> Action:
        return Action("type", (self._chance.choice(TEXTS),))

    def _table(self) -> Action:
        return Action(
            self._chance.choice(["drop", "drop", "drop_text", "paste"]), (self._number(),)
        )

    def _resize(self) -> Action:
        return Action("resize", self._chance.choice(SIZES))

    def _wait(self) -> Action:
        return Action("wait", (self._chance.choice([20, 60, 200]),))

    def _at(self, name: str, *values: str | int, among: list[Target] | None = None) -> Action:
        """Return an action at any target, or at one of these; if there is none, another action."""
        candidates = targets() if among is None else among
        if not candidates:
            return self._key()
        return Action(name, (self._chance.choice(candidates).name, *values))

    def _place(self, first: int = 0, last: int = 999) -> int:
        return self._chance.randrange(first, last + 1)

    def _number(self) -> int:
        return self._chance.randrange(_MOST_FILES)

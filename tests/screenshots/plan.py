"""Which pictures are taken: each view in each state, size and scale, in alternating themes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from linreg_gui.look.theme import Mode

LARGE_TEXT = 1.75


class Screen(NamedTuple):
    """A size of the window in Qt's pixels, each of them ``ratio`` pixels of the screen wide."""

    width: int
    height: int
    ratio: float = 1.0


SCREENS = (
    Screen(960, 500),
    Screen(1280, 800),
    Screen(1366, 768),
    Screen(1920, 1080),
    Screen(1280, 720, 1.5),
    Screen(960, 540, 2.0),
)

_PICTURES = ("data", "loss", "parameters", "landscape")
_PANELS = (
    "panel-settings", "panel-lesson", "panel-code", "panel-data", "panel-compare", "panel-sweep",
    "panel-predict", "panel-numbers", "panel-log", "panel-scaling",
)  # fmt: skip
_ONE_SCREEN_IN_THREE = (
    "menu-file", "menu-run", "menu-view", "menu-lesson", "menu-help", "menu-picture", "menu-more",
)  # fmt: skip
"""Their size hardly depends on that of the window."""

VIEWS_IN: dict[str, tuple[str, ...]] = {
    "loading": ("data",),
    "ready": (
        "data", "import", "import-refused", "help-first-steps", "help-keys", "help-about",
        *_ONE_SCREEN_IN_THREE,
    ),
    "running": ("data",),
    "paused": (
        *_PICTURES, "grid", "maximized", "full-screen", "presentation", "legend", *_PANELS,
    ),
    "completed": ("data", "loss"),
    "kept": ("loss", "panel-compare"),
    "diverged": ("data", "landscape"),
    "what-if": ("loss",),
    "diverging-what-if": ("loss", "landscape"),
    "one-feature": ("data",),
    "three-features": ("data", "panel-numbers"),
    "ten-features": ("data", "parameters", "panel-settings", "panel-code", "panel-predict"),
    "held-out": ("data", "panel-numbers"),
}  # fmt: skip
"""What is shown in each state."""


def is_menu(view: str) -> bool:
    """Return whether ``view`` is a menu."""
    return view in _ONE_SCREEN_IN_THREE


@dataclass(frozen=True)
class Shot:
    """One picture."""

    state: str
    view: str
    screen: Screen
    mode: Mode
    scale: float

    @property
    def name(self) -> str:
        """Return what the picture shows, as the name of a file."""
        screen = f"{self.screen.width}x{self.screen.height}"
        if self.screen.ratio != 1:
            screen += f"@{self.screen.ratio:g}"
        return f"{screen}-{self.mode}-{self.scale:.0%}-{self.state}-{self.view}".replace("%", "")


def shots() -> Iterator[Shot]:
    """Yield all pictures, those of a state together.

    Themes and scales alternate, so that each view has each of them at least once.
    """
    views = [(state, view) for state, several in VIEWS_IN.items() for view in several]
    for number, (state, view) in enumerate(views):
        for place, screen in enumerate(SCREENS):
            if is_menu(view) and (number + place) % 3:
                continue
            mode = (Mode.LIGHT, Mode.DARK)[(number + place) % 2]
            scale = (1.0, LARGE_TEXT)[((place + 1) // 2 + number) % 2]
            yield Shot(state, view, screen, mode, scale)


def by_state(wanted: list[Shot]) -> Iterator[tuple[str, list[Shot]]]:
    """Yield each state with its pictures, so ordered that little changes from one to the next."""
    for state, several in groupby(wanted, lambda shot: shot.state):
        yield state, sorted(several, key=lambda shot: (shot.mode, shot.scale, shot.screen))

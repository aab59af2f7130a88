"""Which pictures are taken: each view in each state, size and scale, in alternating themes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from linreg_gui.look.theme import Mode

LARGE_TEXT = 1.75


_SCREEN_WIDTH = 1920


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

_PICTURES = ("data", "loss", "parameters", "landscape", "residuals")
_PANELS = (
    "panel-settings", "panel-tour", "panel-code", "panel-data", "panel-compare", "panel-sweep",
    "panel-predict-first", "panel-points", "panel-example", "panel-contrasts", "panel-numbers",
    "panel-log", "panel-scaling", "panel-lesson",
)  # fmt: skip
_PAGES = (
    "panel-sweep-run", "panel-predict-first-question", "panel-code-network", "panel-code-gradient",
    "panel-tour-loop", "panel-numbers-table", "contrast-rates", "contrast-scales",
    "contrast-outlier",
)  # fmt: skip
_DIALOGS = (
    "import", "import-refused", "export-table", "export-new-examples", "export-picture",
    "export-animation", "help-first-steps", "help-keys", "help-about", "help-self-test",
    "lesson-page", "lesson-composer",
)  # fmt: skip
_MENUS = (
    "menu-file", "menu-run", "menu-view", "menu-lesson", "menu-help", "menu-picture", "menu-more",
)  # fmt: skip
_FULL_SCREEN = ("full-screen", "presentation")

VIEWS_IN: dict[str, tuple[str, ...]] = {
    "loading": ("data",),
    "ready": (
        "data", "start-page", "prediction-loss", "prediction-parameters", *_DIALOGS, *_MENUS,
    ),
    "running": ("data",),
    "paused": (
        *_PICTURES, "grid", "maximized", "legend", *_FULL_SCREEN, *_PANELS, *_PAGES,
    ),
    "completed": ("data", "loss", "residuals"),
    "stopped-by-rule": ("loss", "parameters", "panel-settings", "panel-compare"),
    "kept": ("loss", "panel-compare"),
    "diverged": ("data", "landscape", "residuals"),
    "what-if": ("loss",),
    "diverging-what-if": ("loss", "landscape"),
    "one-feature": ("data",),
    "three-features": ("data", "panel-numbers"),
    "ten-features": (
        "data", "parameters", "panel-settings", "panel-numbers", "panel-code", "panel-example",
    ),
    "held-out": ("data", "panel-numbers"),
    "predicted": ("prediction-loss", "prediction-parameters", "panel-predict-first-summary"),
    "picked": ("data", "residuals", "panel-numbers-table", "panel-code"),
    "edited": ("data", "residuals", "landscape", "panel-points"),
    "guessing": ("panel-my-line", "my-line-landscape"),
    "guessed": ("panel-my-line", "my-line-landscape", "data", "loss"),
}  # fmt: skip
"""What is shown in each state."""


def is_menu(view: str) -> bool:
    """Return whether ``view`` is a menu."""
    return view in _MENUS


def is_dialog(view: str) -> bool:
    """Return whether ``view`` is a dialog."""
    return view in _DIALOGS


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


README = Shot("running", "loss", SCREENS[1], Mode.LIGHT, 1.0)
"""The picture in ``docs/``."""


def shots() -> Iterator[Shot]:
    """Yield all pictures, those of a state together.

    Themes and scales alternate, so that each view has each of them at least once.
    """
    views = [(state, view) for state, several in VIEWS_IN.items() for view in several]
    for number, (state, view) in enumerate(views):
        for place, screen in enumerate(SCREENS):
            if not _is_taken(state, view, number, place):
                continue
            mode = (Mode.LIGHT, Mode.DARK)[(number + (place + 1) // 2) % 2]
            scale = (1.0, LARGE_TEXT)[(number // 2 + place // 2 + place // 4) % 2]
            yield Shot(state, view, screen, mode, scale)
    yield README


def _every(state: str, view: str) -> int:
    """Return of how many screens one is taken: of all for what is seen most of the time."""
    if is_menu(view):
        return 3
    is_seldom = state not in {"ready", "paused"} or view in (*_PAGES, *_DIALOGS)
    return 2 if is_seldom else 1


def _is_taken(state: str, view: str, number: int, place: int) -> bool:
    """Return whether view ``number`` is taken on the screen at ``place``."""
    if view in _FULL_SCREEN:  # the size is that of the screen
        screen = SCREENS[place]
        return screen.width * screen.ratio == _SCREEN_WIDTH
    return (number + place) % _every(state, view) == 0


def by_state(wanted: list[Shot]) -> Iterator[tuple[str, list[Shot]]]:
    """Yield each state with its pictures, so ordered that little changes from one to the next."""
    for state in VIEWS_IN:
        if several := {shot for shot in wanted if shot.state == state}:
            yield state, sorted(several, key=lambda shot: (shot.mode, shot.scale, shot.screen))

"""What is on screen, as plain data that a session keeps, and back.

It is what a person looks at, not the desk it lies on: no geometry, theme or scale.
"""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from linreg_gui.plots.choices import Choice, Choices, choose_again, chosen, truth
from linreg_gui.widgets.window.speed import PACES

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from linreg_gui.widgets.window.main_window import MainWindow


_OF_A_PICTURE: dict[str, Any] = {"hidden": [], "zoom": None}
FIRST_VIEW: dict[str, Any] = {
    "panel": None,
    "lens": False,
    "standardized units": False,
    "picture": "data",
    "maximized": False,
    "grid": False,
    "pictures": {
        "data": {"view": "adjusted", "feature": 0, **_OF_A_PICTURE},
        "loss": {"logarithmic": True, "more": False, **_OF_A_PICTURE},
        "parameters": _OF_A_PICTURE,
        "landscape": {"pair": [0, 1], "held": ["optimum", 0.0], "equal": None, **_OF_A_PICTURE},
        "residuals": {"view": "prediction", **_OF_A_PICTURE},
    },
    "pace": None,
    "step": None,
}
"""What the window shows when it is new."""


def view_state(window: "MainWindow") -> dict[str, Any]:
    """Return what ``window`` shows, as plain data."""
    return chosen(_View(window).choices)


def show_view_state(window: "MainWindow", state: object) -> None:
    """Show in ``window`` what `view_state` has returned, as far as it is still possible.

    What belongs to the run needs the run: it must be there already.
    """
    choose_again(_View(window).choices, state)


class _View:
    """What a person chooses in the window."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._session = window.session
        self._stage = window.stage

    @property
    def choices(self) -> Choices:
        """Return the choices, in an order in which no later one takes an earlier one back."""
        actions, stage, playhead = self._window.actions_of, self._stage, self._session.playhead
        return {
            "settings": _switch(actions.settings),
            "panel": Choice(self._name_of_panel, self._open_panel),
            "lens": _switch(self._session.lens),
            "standardized units": _switch(actions.standardized),
            "legend": _switch(actions.legend),
            "picture": Choice(lambda: stage.current.name, self._show_picture),
            "maximized": Choice(
                lambda: stage.is_maximized, lambda wanted: stage.maximize(wanted=truth(wanted))
            ),
            "grid": Choice(
                lambda: stage.is_grid, lambda wanted: stage.show_grid(wanted=truth(wanted))
            ),
            "pictures": Choice(self._pictures, self._show_pictures),
            "pace": Choice(self._pace, self._set_pace),
            "step": Choice(lambda: playhead.step, self._go_to),
        }

    def _name_of_panel(self) -> str | None:
        spec = self._window.side.open_panel
        return None if spec is None else spec.name

    def _open_panel(self, name: str | None) -> None:
        self._window.side.shut()
        for spec, switch in self._session.switches.items():
            if spec.name == name:
                switch.setChecked(True)

    def _show_picture(self, name: str) -> None:
        named = {picture.name: picture for picture in self._stage.pictures}
        self._stage.show_picture(named[name])

    def _pictures(self) -> dict[str, Any]:
        return {picture.name: chosen(picture.choices) for picture in self._stage.pictures}

    def _show_pictures(self, states: Mapping[str, object]) -> None:
        states = dict(states)
        for picture in self._stage.pictures:
            choose_again(picture.choices, states.get(picture.name))

    def _pace(self) -> float | None:
        pace = self._session.controller.pace
        return None if math.isinf(pace) else pace

    def _set_pace(self, pace: float | None) -> None:
        slider = self._window.run_bar.speed.slider
        slider.setValue(PACES.index(math.inf if pace is None else pace))

    def _go_to(self, step: int | None) -> None:
        if step is None:
            self._session.playhead.go_live()
        else:
            self._session.playhead.go_to(int(step))


def _switch(action: "QAction") -> Choice:
    return Choice(action.isChecked, lambda wanted: action.setChecked(truth(wanted)))

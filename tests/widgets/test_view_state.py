"""What is on screen comes back from plain data; what is wrong in it is left out, one by one."""

import json
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from linreg_gui.plots.choices import Choice, choose_again
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.data_view import View
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.landscape_slice import Held
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.residual_plot import ResidualPlot
from linreg_gui.widgets.panels.registry import LOG, PANELS
from linreg_gui.widgets.window.main_window import MainWindow
from linreg_gui.widgets.window.view_state import show_view_state, view_state

pytestmark = pytest.mark.usefixtures("shared_window")


def through_a_file(state: Any) -> Any:
    return json.loads(json.dumps(state, allow_nan=False))


def arrange(window: MainWindow) -> None:
    """Make other choices than those at the start, everywhere."""
    data, loss = window.picture(DataPlot), window.picture(LossPlot)
    landscape = window.picture(LandscapePlot)
    window.session.switches[LOG].setChecked(True)
    window.session.lens.setChecked(True)
    for action in (window.actions_of.legend, window.actions_of.standardized):
        action.setChecked(True)
    window.stage.show_picture(loss)
    window.stage.maximize(wanted=True)
    window.run_bar.speed.slider.setValue(3)
    data.set_view(View.PREDICTED)
    data.set_feature(1)
    window.picture(ResidualPlot).show_view("histogram")
    loss.set_logarithmic(logarithmic=False)
    loss.more.setChecked(True)
    loss.entry_of(loss.batch).setChecked(False)
    loss.canvas.show_chosen_range((100.0, 900.0), (0.5, 7.25))
    landscape.set_pair((1, 2))
    landscape.set_held(Held.TYPED, -1.5)
    landscape.choose_equal(True)
    window.session.playhead.go_to(1234)


def test_a_view_comes_back_as_it_was(trained: MainWindow) -> None:
    begin = through_a_file(view_state(trained))
    arrange(trained)
    arranged = through_a_file(view_state(trained))
    assert arranged["pictures"]["loss"]["hidden"] == ["batch"]
    show_view_state(trained, begin)
    QApplication.processEvents()
    assert trained.side.open_panel is None
    assert trained.session.playhead.is_live
    show_view_state(trained, arranged)
    QApplication.processEvents()
    assert through_a_file(view_state(trained)) == arranged
    loss = trained.picture(LossPlot)
    assert trained.stage.current is loss
    assert trained.stage.is_maximized
    assert not loss.batch.visible
    assert loss.canvas.x_range == (100.0, 900.0)
    assert trained.controller.pace == 10
    assert trained.side.open_panel is LOG
    assert trained.session.playhead.step == 1234
    assert trained.picture(LandscapePlot).typed == -1.5


WRONG: list[Any] = [
    None,
    [],
    "view",
    {"picture": "no such", "panel": 7, "grid": "yes", "pace": 3, "step": "here"},
    {"picture": ["data"], "pictures": [1, 2], "lens": 1, "step": 1e400},
    {"pictures": {"loss": {"zoom": [[1, 1], [0, 2]], "logarithmic": 0, "hidden": ["canvas"]}}},
    {"pictures": {"loss": {"zoom": [[1, float("nan")], [0, 2]], "more": "all"}}},
    {"pictures": {"landscape": {"pair": [0, 9], "held": ["later", 1], "equal": 3}}},
    {"pictures": {"landscape": {"pair": 1, "held": ["typed", 1e300]}, "data": "raw"}},
    {"pictures": {"data": {"view": "sideways", "feature": -1, "zoom": [[0, 1]]}}},
    {"pictures": {"data": {"view": None, "feature": "x0", "zoom": "near", "hidden": 5}}},
]


def test_what_is_wrong_changes_nothing(trained: MainWindow) -> None:
    before = view_state(trained)
    for wrong in WRONG:
        show_view_state(trained, wrong)
        assert view_state(trained) == before, wrong


def test_what_is_right_counts_beside_what_is_wrong(trained: MainWindow) -> None:
    show_view_state(trained, {"later": 1, "picture": 5, "grid": True, "pace": "fast", "step": 7})
    assert trained.stage.is_grid
    assert trained.session.playhead.step == 7


def test_what_is_chosen_already_is_not_drawn_again() -> None:
    made: list[int] = []
    choices = {"one": Choice(lambda: 1, made.append), "two": Choice(lambda: 2, made.append)}
    choose_again(choices, {"one": 1, "two": 7})
    assert made == [7]


def test_each_panel_has_a_name_of_its_own() -> None:
    assert len({spec.name for spec in PANELS}) == len(PANELS)

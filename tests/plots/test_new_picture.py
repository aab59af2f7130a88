"""A new picture is one class in one module, and joins a list: the window does the rest."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from linreg_gui import plots
from linreg_gui.look.palette import DARK
from linreg_gui.look.theme import Mode, Theme
from linreg_gui.plots.run_plot import Overlay, RunPlot
from linreg_gui.plots.series import Curve, SeriesLayer
from linreg_gui.runs.run import Run
from linreg_gui.widgets.window.main_window import MainWindow


class DistancePlot(RunPlot):
    """The distance of the first weight from least squares."""

    name = "distance"

    def __init__(self, theme: Theme) -> None:
        super().__init__("Distance", "step", "distance", theme)
        self.distance = Curve(lambda palette: palette.bias, "distance of w0")
        self.canvas.add_layers(SeriesLayer(self.distance))
        self.add_to_legend(self.distance)
        self.others: Sequence[Overlay] = ()

    def begin_run(self, former: Run | None) -> None:
        self.distance.clear()

    def refresh(self) -> None:
        if self.run is not None:
            history, target = self.run.history, self.run.references.parameters[0]
            distances = np.abs(history.parameters[0] - target).astype(np.float64)
            self.distance.set_points(history.steps.astype(np.float64), distances)

    def show_overlays(self, overlays: Sequence[Overlay], note: str) -> None:
        self.others = overlays


class SilentPlot(RunPlot):
    """A picture that uses every default of the contract."""

    name = "silent"

    def __init__(self, theme: Theme) -> None:
        super().__init__("Silent", "", "", theme)


@pytest.fixture
def _more_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plots, "PICTURES", [*plots.PICTURES, DistancePlot, SilentPlot])


@pytest.fixture
def extended(_more_pictures: None, trained: MainWindow) -> MainWindow:
    """Return the window after the lesson's run, with both pictures in it."""
    trained.refresher.refresh_all()
    return trained


def test_the_window_shows_it_and_passes_it_the_run_other_runs_and_units(
    extended: MainWindow, qtbot: QtBot, wait_for: Callable[..., None]
) -> None:
    picture, run = extended.picture(DistancePlot), extended.controller.run
    assert run is not None
    assert picture.isVisibleTo(extended)
    assert len(picture.distance.x) == run.history.step
    assert [each.name for each in extended.pictures[-2:]] == ["distance", "silent"]
    extended.controller.change_setting("learning_rate", 0.05)
    wait_for(lambda: len(picture.others) == 1)
    qtbot.keyClick(extended, Qt.Key.Key_U)
    assert picture.shows_standardized


def test_its_series_is_in_the_legend_and_follows_the_theme(extended: MainWindow) -> None:
    picture = extended.picture(DistancePlot)
    entry = picture.entry_of(picture.distance)
    assert entry.accessibleName() == "distance of w0"
    entry.click()
    assert not picture.distance.visible
    extended.session.theme.set_mode(Mode.DARK)
    assert picture.distance.stroke == DARK.bias

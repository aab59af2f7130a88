"""The example that a person types under Predict is marked in the data picture."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.widgets.panels.registry import PREDICT
from linreg_gui.widgets.window.main_window import MainWindow

pytestmark = pytest.mark.usefixtures("shared_window", "painted")


def test_it_is_marked_while_the_panel_is_open(trained: MainWindow, qtbot: QtBot) -> None:
    picture, switch = trained.picture(DataPlot), trained.session.switches[PREDICT]
    assert not picture.example.visible
    switch.setChecked(True)
    field = trained.side.panel(PREDICT).rows[0].field
    field.setFocus()
    qtbot.keyClicks(field, "2.5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert picture.example.visible
    run = trained.controller.run
    assert run is not None
    slope = float(run.history.current_parameters[0])
    assert (picture.example.x, picture.example.y) == pytest.approx((2.5, 2.5 * slope))
    trained.stage.show_picture(picture)
    trained.refresher.refresh_all()
    assert any("your example" in text for text in picture.names.texts)
    switch.setChecked(False)
    assert not picture.example.visible


def test_it_goes_with_its_features(trained: MainWindow) -> None:
    picture = trained.picture(DataPlot)
    picture.show_example((1.0, 2.0))
    assert np.isfinite(picture.example.x)
    picture.show_example((1.0,))
    assert np.isnan(picture.example.x)
    assert not picture.grab().isNull()
    picture.show_example(None)

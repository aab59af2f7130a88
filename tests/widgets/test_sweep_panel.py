"""A sweep reads plain numbers, and its picture shows how each run ended."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from linreg_gui.number_text import significant
from linreg_gui.plots.sweep_plot import SweepPlot
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.states import RunState
from linreg_gui.runs.sweep import SweepPoint
from linreg_gui.settings import DEFAULTS, Engine
from linreg_gui.widgets.panels.registry import SWEEP
from linreg_gui.widgets.panels.sweep_panel import SweepPanel
from linreg_gui.widgets.window.main_window import MainWindow
from tests.saved_sessions import write
from tests.support import settle, train, wait_until_ready

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]
FEW = {"examples": 200, "engine": Engine.INSTANT}


@pytest.fixture
def panel(window: MainWindow, qtbot: QtBot) -> SweepPanel:
    window.session.switches[SWEEP].setChecked(True)
    window.controller.change_settings(**FEW)
    wait_until_ready(qtbot, window.controller)
    return window.side.panel(SWEEP)


@pytest.fixture
def run_sweep(
    window: MainWindow, panel: SweepPanel, wait_for: WaitFor, qtbot: QtBot
) -> Callable[[str, str], SweepPlot]:
    def run(name: str, text: str) -> SweepPlot:
        choose(panel, name)
        type_values(panel, qtbot, text)
        qtbot.keyClick(panel.values, Qt.Key.Key_Return)
        wait_for(lambda: not panel.sweeper.is_running)
        QApplication.processEvents()
        return panel.plot

    return run


def choose(panel: SweepPanel, name: str) -> None:
    panel.setting.set_value(name)
    panel.setting.committed.emit(name)


def type_values(panel: SweepPanel, qtbot: QtBot, text: str) -> None:
    panel.values.setFocus()
    panel.values.selectAll()
    qtbot.keyClicks(panel.values, text)


def click(qtbot: QtBot, plot: SweepPlot, x: float) -> None:
    place = plot.canvas.view.mapViewToScene(QPointF(x, sum(plot.canvas.y_range) / 2))
    pixel = plot.canvas.mapFromScene(place)
    qtbot.mouseClick(plot.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(pixel))


RunSweep = Callable[[str, str], SweepPlot]


class TestThePicture:
    def test_every_value_has_a_point_and_diverged_runs_are_at_the_top(
        self, panel: SweepPanel, run_sweep: RunSweep
    ) -> None:
        plot = run_sweep("learning_rate", "0.001, 0.01, 0.1, 2")
        points = panel.sweeper.points
        assert plot.ends.x == pytest.approx([-3, -2, -1])
        assert plot.ends.y == pytest.approx([np.log10(point.loss) for point in points[:3]])
        assert plot.diverged.x == pytest.approx([np.log10(2)])
        low, high = plot.canvas.y_range
        assert plot.diverged.y[0] > max(plot.ends.y)
        assert high - (high - low) / 10 < plot.diverged.y[0] < high

    def test_its_points_are_the_ends_of_runs_with_these_settings(
        self, window: MainWindow, panel: SweepPanel, run_sweep: RunSweep
    ) -> None:
        run_sweep("learning_rate", "0.001, 0.01, 0.1, 2")
        assert panel.sweeper.values == (0.001, 0.01, 0.1, 2.0)
        for value, point in zip(panel.sweeper.values, panel.sweeper.points, strict=True):
            config = window.controller.settings.with_value("learning_rate", value)
            run, engine = prepare_run(1, config)
            run.history.append(train(engine, run.planned_steps))
            assert (point.steps, point.diverged) == (run.history.step, engine.diverged)
            assert point.loss == pytest.approx(run.history.recent_epoch_loss, rel=1e-9)

    def test_the_axis_is_logarithmic_if_the_values_span_more_than_a_decade(
        self, run_sweep: RunSweep
    ) -> None:
        assert run_sweep("epochs", "1 ... 4").canvas.x_axis.logarithmic is False
        assert run_sweep("epochs", "1, 20").canvas.x_axis.logarithmic is True
        assert run_sweep("noise_std", "0, 1, 20").canvas.x_axis.logarithmic is False

    def test_least_squares_is_a_level_if_all_runs_have_the_same_data(
        self, window: MainWindow, run_sweep: RunSweep
    ) -> None:
        plot = run_sweep("learning_rate", "0.01, 0.1")
        assert window.controller.run is not None
        floor = window.controller.run.references.loss
        assert plot.least_squares.y == pytest.approx(np.log10(floor))
        assert not plot.entry_of(plot.least_squares).isHidden()
        plot = run_sweep("seed", "1, 2")
        assert np.isnan(plot.least_squares.y)
        assert plot.entry_of(plot.least_squares).isHidden()

    def test_a_loss_of_0_is_drawn_at_the_bottom(self, panel: SweepPanel) -> None:
        point = SweepPoint(0, 10, 0.0, 0.0, 0.0, diverged=False)
        points = [point, replace(point, index=1, loss=0.5)]
        panel.plot.show_points("Noise", (0.0, 1.0), points)
        assert list(panel.plot.ends.y) == [-np.inf, np.log10(0.5)]
        assert panel.plot.lines()[0] == "0: loss 0, 0 to least squares"

    def test_rounding_below_a_perfect_fit_does_not_stretch_the_axis(
        self, window: MainWindow, panel: SweepPanel, run_sweep: RunSweep
    ) -> None:
        window.controller.change_settings(examples=3, batch_size=3)
        plot = run_sweep("epochs", "1, 2, 3")
        assert panel.sweeper.points[0].least_squares_loss < 1e-12
        assert plot.canvas.y_range[0] >= min(plot.ends.y) - 5

    def test_the_legend_hides_a_series(self, run_sweep: RunSweep) -> None:
        plot = run_sweep("learning_rate", "0.01, 2")
        for series in (plot.ends, plot.diverged, plot.least_squares):
            plot.entry_of(series).click()
            assert not series.visible

    def test_nothing_is_cut_off(self, panel: SweepPanel, run_sweep: RunSweep) -> None:
        plot = run_sweep("learning_rate", "0.001 ... 2")
        assert panel.rect().contains(plot.geometry())
        assert plot.rect().contains(plot.canvas.geometry())
        assert panel.words.height() >= panel.words.heightForWidth(panel.words.width())


class TestTheWords:
    def test_they_name_the_best_value_and_the_diverged_ones(
        self, panel: SweepPanel, run_sweep: RunSweep
    ) -> None:
        run_sweep("learning_rate", "0.001, 0.1, 2, 3")
        words = panel.words.text()
        assert words.startswith("4 of 4 tried. Lowest loss: ")
        assert "(Learning rate 0.1). Diverged: 2, 3." in words

    def test_each_point_can_be_read_as_text(
        self, window: MainWindow, panel: SweepPanel, run_sweep: RunSweep
    ) -> None:
        plot = run_sweep("learning_rate", "0.1, 2")
        done, diverged = plot.lines()
        first, second = panel.sweeper.points
        loss, distance = significant(first.loss), significant(first.distance, 2)
        assert done == f"0.1: loss {loss}, {distance} to least squares"
        assert diverged == f"2: diverged after {second.steps} steps"
        assert panel.words.toolTip() == f"{done}\n{diverged}"
        assert plot.accessibleDescription() == f"Learning rate\n{done}\n{diverged}"

    def test_a_point_under_the_mouse_is_read_out(self, run_sweep: RunSweep) -> None:
        plot = run_sweep("learning_rate", "0.01, 0.1, 1")
        plot.canvas.hovered.emit(-1.01)
        assert plot.note == plot.lines()[1]
        plot.canvas.hovered.emit(-1.5)
        assert plot.note == "Click a point to use its value."

    def test_they_name_a_reduced_batch_size(self, panel: SweepPanel, run_sweep: RunSweep) -> None:
        run_sweep("batch_size", "4, 500")
        assert "Batch size 500 was reduced to 200" in panel.words.text()

    def test_they_explain_a_bad_value_until_it_is_edited(
        self, window: MainWindow, panel: SweepPanel, qtbot: QtBot, run_sweep: RunSweep
    ) -> None:
        run_sweep("batch_size", "1, 2")
        found = panel.words.text()
        run_sweep("batch_size", "1, 2.5")
        assert panel.words.text() == "2.5 is not a whole number."
        assert panel.values.property("invalid")
        assert (
            panel.sweeper.values,
            len(panel.sweeper.points),
        ) == ((1, 2), 2)
        qtbot.keyClick(panel.values, Qt.Key.Key_Backspace)
        assert panel.words.text() == found
        assert not panel.values.property("invalid")


class TestAsking:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("abc", "“abc” is not a number"),
            ("0.1", "Give 2 to 50 different values."),
            ("-1, 1", "Learning rate cannot be −1"),
            ("0.1 … 1: 500", "Give 2 to 50 different values."),
            ("… 3", "is not a number"),
        ],
    )
    def test_a_refused_sweep_keeps_the_one_before(
        self, panel: SweepPanel, run_sweep: RunSweep, text: str, words: str
    ) -> None:
        run_sweep("learning_rate", "0.01, 0.1")
        panel.values.setText(text)  # keyClicks types ASCII only
        panel.run.click()
        assert words in panel.words.text()
        assert panel.sweeper.values == (0.01, 0.1)
        assert len(panel.sweeper.points) == 2

    @pytest.mark.usefixtures("own_window")
    def test_eight_rates_around_the_stable_one_are_proposed(
        self, window: MainWindow, panel: SweepPanel, wait_for: WaitFor
    ) -> None:
        panel.run.click()
        wait_for(lambda: not panel.sweeper.is_running)
        assert len(panel.sweeper.values) == 8
        assert {point.diverged for point in panel.sweeper.points} == {
            False,
            True,
        }

    def test_a_proposal_does_not_replace_typed_values(
        self, window: MainWindow, panel: SweepPanel, qtbot: QtBot
    ) -> None:
        type_values(panel, qtbot, "0.1, 0.2")
        window.session.rate_limits.changed.emit()
        assert panel.values.text() == "0.1, 0.2"
        choose(panel, "epochs")
        assert panel.values.text() == "1 … 8"

    def test_cancel_keeps_settings_run_and_points(
        self, window: MainWindow, panel: SweepPanel, wait_for: WaitFor
    ) -> None:
        window.controller.change_setting("epochs", 5000)
        settings = window.controller.settings
        panel.run.click()
        assert panel.run.text() == "Cancel"
        wait_for(lambda: bool(panel.sweeper.points))
        panel.run.click()
        assert panel.run.text() == "Run sweep"
        count = len(panel.sweeper.points)
        assert 0 < count < 8
        settle(window.controller)
        assert (len(panel.sweeper.points), panel.sweeper.is_running) == (count, False)
        assert window.controller.settings == settings
        assert window.controller.state is RunState.READY

    def test_a_click_on_a_point_changes_only_its_setting(
        self, window: MainWindow, qtbot: QtBot, run_sweep: RunSweep
    ) -> None:
        plot = run_sweep("batch_size", "1, 4, 16, 100")
        click(qtbot, plot, float(np.log10(16)))
        expected = DEFAULTS.with_value("batch_size", 16)
        for name, value in FEW.items():
            expected = expected.with_value(name, value)
        assert window.controller.settings == expected
        assert isinstance(window.controller.settings.batch_size, int)

    def test_a_button_takes_over_the_value_with_the_lowest_loss(
        self, window: MainWindow, panel: SweepPanel, run_sweep: RunSweep
    ) -> None:
        assert panel.use_best.isHidden()
        run_sweep("learning_rate", "2, 3")
        assert panel.use_best.isHidden(), "all of them diverged"
        run_sweep("learning_rate", "0.001, 0.1, 2")
        assert panel.use_best.text() == "Use 0.1"
        panel.use_best.click()
        assert window.controller.settings.learning_rate == 0.1

    def test_a_click_far_from_every_point_changes_nothing(
        self, window: MainWindow, qtbot: QtBot, run_sweep: RunSweep
    ) -> None:
        plot = run_sweep("batch_size", "1, 100")
        settings = window.controller.settings
        click(qtbot, plot, 1.0)
        assert window.controller.settings == settings


def test_a_session_opens_with_its_sweep(
    window: MainWindow, panel: SweepPanel, run_sweep: Any, wait_for: WaitFor, tmp_path: Path
) -> None:
    document = window.document
    document.refresh()
    before = document.made()
    plot = run_sweep("batch_size", "4, 8, 100")
    assert document.made() != before
    words, lines = panel.words.text(), plot.lines()
    file = write(tmp_path / "a.linreg", document.capture())
    choose(panel, "epochs")
    opened: list[None] = []
    window.controller.session_opened.connect(lambda: opened.append(None))
    document.exchange.begin_anew()
    wait_for(lambda: len(opened) == 1)
    assert plot.isHidden()
    document.exchange.open(file)
    wait_for(lambda: len(opened) == 2)
    assert (panel.words.text(), plot.lines()) == (words, lines)
    assert panel.setting.value == "batch_size"
    panel.run.click()
    wait_for(lambda: not panel.sweeper.is_running)
    assert plot.lines() == lines

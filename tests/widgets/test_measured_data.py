"""The whole window on measured data: in its own units everywhere, standardized where it says so."""

import gc
import re
import weakref
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from linreg_gui.data.classics import samples
from linreg_gui.data.dataset import Dataset, Skipped
from linreg_gui.number_text import shortest
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.data_view import View
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.runs.proposal import settings_words
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import DEFAULTS, Engine
from linreg_gui.widgets.panels.registry import DATA, NUMBERS, PREDICT, RUNS, SCALING, STEP
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import made_data

pytestmark = pytest.mark.usefixtures("shared_window")

Wait = Callable[[Callable[[], bool]], None]

INCOME = np.linspace(3000, 6000, 40)
RATE = np.tile([0.5, 2.8, 1.1, 2.0], 10)
NOISE = np.tile([0.2, -0.1, 0.1, -0.3, 0.1], 8)


def incomes() -> Dataset:
    return made_data(np.column_stack([INCOME, RATE]), 0.006 * INCOME - 6 * RATE + 30 + NOISE)


@pytest.fixture
def use(window: MainWindow, wait_for: Wait) -> Callable[..., Run]:
    def take(data: Dataset | None, **values: Any) -> Run:
        controller = window.controller
        values = {"engine": Engine.INSTANT, "batch_size": 8, "epochs": 60, **values}
        controller.use_data(data, **values)
        wait_for(lambda: controller.current_run is not None)
        assert controller.run is not None
        return controller.run

    return take


@pytest.fixture
def trained(window: MainWindow, wait_for: Wait, use: Callable[..., Run]) -> Callable[..., Run]:
    def train(data: Dataset | None, **values: Any) -> Run:
        run = use(data, **{"standardize": True, "learning_rate": 0.05, **values})
        window.controller.start()
        wait_for(lambda: window.controller.state is RunState.COMPLETED)
        window.refresher.refresh_all()
        return run

    return train


class TestUnits:
    def test_everything_is_in_the_units_of_the_data(
        self, window: MainWindow, trained: Callable[..., Run]
    ) -> None:
        run = trained(incomes())
        expected = [0.006, -6.0, 30.0]
        assert run.current_parameters == pytest.approx(expected, rel=0.02)
        for index, value in enumerate(expected):
            assert float(
                window.side.panel(NUMBERS).table.cell(index, 0).replace("−", "-")
            ) == pytest.approx(value, rel=0.02)
            curve = window.picture(ParametersPlot).curves.series[index]
            assert curve.y[-1] == pytest.approx(run.current_parameters[index])
            assert curve.y[0] == pytest.approx(run.parameters_at(0)[index])
        window.picture(LandscapePlot).set_pair((0, 1))
        assert window.picture(LandscapePlot).path.points[:, -1] == pytest.approx(
            run.current_parameters[:2]
        )
        window.picture(DataPlot).set_view(View.RAW)
        assert window.picture(DataPlot).examples.x.tolist() == INCOME.tolist()

    def test_pictures_show_standardized_units_too_and_say_so(
        self, qtbot: QtBot, window: MainWindow, trained: Callable[..., Run]
    ) -> None:
        run = trained(incomes())
        qtbot.keyClick(window, Qt.Key.Key_U)
        now = run.history.current_parameters
        plots = (
            window.picture(DataPlot),
            window.picture(ParametersPlot),
            window.picture(LandscapePlot),
        )
        assert all(plot.note.startswith("Standardized units. ") for plot in plots)
        assert [
            curve.y[-1] for curve in window.picture(ParametersPlot).curves.series
        ] == pytest.approx(now)
        assert window.picture(LandscapePlot).path.points[:, -1] == pytest.approx(now[:2])
        window.picture(DataPlot).set_view(View.RAW)
        assert window.picture(DataPlot).examples.x.std() == pytest.approx(1)
        assert window.picture(DataPlot).canvas.x_axis.labelText == "x0 (standardized)"
        assert window.side.panel(NUMBERS).table.cell(0, 0).startswith("0.00")
        assert not window.picture(LossPlot).note.startswith("Standardized")
        qtbot.keyClick(window, Qt.Key.Key_U)
        assert window.picture(DataPlot).examples.x.tolist() == INCOME.tolist()
        assert not any(plot.note.startswith("Standardized") for plot in plots)

    def test_a_run_on_original_features_can_be_shown_in_standardized_units(
        self, window: MainWindow, trained: Callable[..., Run]
    ) -> None:
        run = trained(incomes(), standardize=False, learning_rate=1e-9)
        window.actions_of.standardized.trigger()
        units = run.problem.standardized.from_trained
        assert units is not None
        expected = units @ run.history.current_parameters
        assert window.picture(LandscapePlot).path.points[:, -1] == pytest.approx(expected[:2])

    def test_a_start_picked_in_standardized_units_is_where_it_was_picked(
        self, qtbot: QtBot, window: MainWindow, wait_for: Wait, use: Callable[..., Run]
    ) -> None:
        run = use(incomes(), standardize=True)
        controller = window.controller
        window.actions_of.standardized.trigger()
        window.picture(LandscapePlot).place_start(3.0, -1.5)
        wait_for(lambda: controller.run is not None and controller.run.config.init == "typed")
        assert controller.run is not None
        before, start = run.history.start, controller.run.history.start
        assert start == pytest.approx([3.0, -1.5, before[2]], abs=0.05)
        weights = [*controller.settings.start_weights[:2], controller.settings.start_bias]
        assert max(len(shortest(weight)) for weight in weights) <= 8

    @pytest.mark.usefixtures("own_window")
    def test_a_what_if_has_the_same_units(
        self, window: MainWindow, wait_for: Wait, trained: Callable[..., Run]
    ) -> None:
        run = trained(incomes())
        window.controller.change_setting("learning_rate", 0.01)
        wait_for(
            lambda: (
                window.session.what_if.run is not None
                and window.session.what_if.run.history.step > 0
            )
        )
        foretold = window.session.what_if.run
        assert foretold is not None
        window.refresher.refresh_all()
        for curve, start in zip(
            window.picture(ParametersPlot).others.series, run.parameters_at(0), strict=True
        ):
            assert curve.y[0] == pytest.approx(start)

    def test_the_inside_of_a_step_has_the_units_of_its_training(
        self, window: MainWindow, wait_for: Wait, trained: Callable[..., Run]
    ) -> None:
        trained(incomes())
        window.session.switches[STEP].setChecked(True)
        wait_for(lambda: window.session.inspector.trace is not None)
        trace = window.session.inspector.trace
        assert trace is not None
        assert window.picture(DataPlot).minibatch.x.tolist() == INCOME[trace.rows].tolist()
        assert "x0 (std.)" in window.side.panel(STEP).values.toPlainText()


class TestOffer:
    @pytest.mark.parametrize(
        ("learning_rate", "words"),
        [
            (1e-9, r"With these settings the run will end at about R² 0\.\d+; least squares has"),
            (1e-3, "With these features, full batches allow a learning rate of at most"),
        ],
    )
    def test_a_message_about_a_tiny_stable_rate_offers_to_standardize(
        self,
        window: MainWindow,
        wait_for: Wait,
        use: Callable[..., Run],
        learning_rate: float,
        words: str,
    ) -> None:
        use(incomes(), standardize=False, learning_rate=learning_rate)
        assert re.search(words, window.messages.label.text())
        offers = {
            button.text(): button
            for button in window.messages.findChildren(QToolButton)
            if button.text() and button.isVisible()
        }
        assert list(offers) == ["Standardize", "Why standardize?"]
        offers["Standardize"].click()
        controller = window.controller
        wait_for(lambda: controller.settings.standardize and controller.current_run is not None)
        set_now = settings_words(
            {
                name: getattr(controller.settings, name)
                for name in ("standardize", "learning_rate", "batch_size", "epochs")
            }
        )
        assert set_now.startswith("standardized features, learning rate ")
        assert window.messages.label.text() == f"New settings: {set_now}."
        assert not any(button.isVisible() for button in offers.values())
        controller.start()
        wait_for(lambda: controller.state is RunState.COMPLETED)
        assert controller.run is not None
        best = controller.run.references.loss
        assert controller.run.history.recent_epoch_loss == pytest.approx(best, rel=0.1)

    def test_a_message_about_a_rate_that_is_too_small_offers_another(
        self, window: MainWindow, wait_for: Wait, use: Callable[..., Run]
    ) -> None:
        use(None, learning_rate=1e-5)
        offered = re.search(
            r" A learning rate of (0\.0\d) gets there\.$", window.messages.label.text()
        )
        assert offered
        (offer,) = (
            button
            for button in window.messages.findChildren(QToolButton)
            if button.text() and button.isVisible()
        )
        assert offer.text() == "Use this"
        offer.click()
        assert window.controller.settings.learning_rate == float(offered[1])
        wait_for(window.messages.isHidden)

    def test_going_back_to_original_features_finds_a_stable_rate(
        self, window: MainWindow, wait_for: Wait, use: Callable[..., Run]
    ) -> None:
        use(incomes(), standardize=True, learning_rate=0.1)
        controller = window.controller
        window.session.switches[SCALING].setChecked(True)
        window.side.panel(SCALING).standardize.click()
        wait_for(lambda: not controller.settings.standardize)
        run = use(controller.settings.data, batch_size=controller.settings.batch_size)
        assert controller.settings.learning_rate < run.limits.reliable

    def test_nothing_is_offered_for_the_lessons_data(self, window: MainWindow) -> None:
        assert window.messages.isHidden()
        assert not [
            button
            for button in window.messages.findChildren(QToolButton)
            if button.text() and button.isVisibleTo(window.messages)
        ]

    def test_all_messages_about_the_data_are_on_screen(
        self, window: MainWindow, use: Callable[..., Run]
    ) -> None:
        data = replace(made_data([[4000], [4000]], [1, 2]), skipped=Skipped(3, missing=1))
        use(data, standardize=False)
        text = window.messages.label.text()
        assert "1 of 3 rows skipped: 1 has no number." in text
        assert "x0 has no spread, so its weight is not determined." in text
        assert text.split("\n") == window.controller.run.messages  # type: ignore[union-attr]


class TestTrainAndTest:
    def test_the_loss_of_held_out_examples_is_drawn_beside_the_training_loss(
        self, window: MainWindow, trained: Callable[..., Run]
    ) -> None:
        run = trained(incomes(), test_share=0.25)
        testing = run.problem.testing
        assert testing is not None
        plot = window.picture(LossPlot)
        assert not plot.entry_of(plot.test).isHidden()
        step = int(plot.test.x[-1])
        assert step == run.history.step
        loss = testing.loss(run.history.parameters_at(step))
        assert 10 ** plot.test.y[-1] == pytest.approx(loss, rel=1e-6)

    def test_without_held_out_examples_there_is_no_test_curve(
        self, window: MainWindow, trained: Callable[..., Run]
    ) -> None:
        trained(incomes(), test_share=0.25)
        trained(incomes(), test_share=0.0)
        assert window.picture(LossPlot).entry_of(window.picture(LossPlot).test).isHidden()
        assert not len(window.picture(LossPlot).test.x)

    def test_a_long_run_has_the_test_loss_of_some_steps_only(
        self, window: MainWindow, trained: Callable[..., Run]
    ) -> None:
        run = trained(incomes(), test_share=0.25, batch_size=1, epochs=5000)
        assert run.history.step == 150_000
        assert 100 < len(window.picture(LossPlot).test.x) < 10_000

    def test_the_numbers_show_rmse_and_r_squared(
        self, window: MainWindow, trained: Callable[..., Run]
    ) -> None:
        facts = window.side.panel(NUMBERS).facts
        run = trained(incomes(), test_share=0.25)
        problem, now = run.problem, run.history.current_parameters
        assert problem.testing is not None
        r_squared = f"{problem.training.r_squared(now):.4f}"
        assert window.readout.fit.number.text() == r_squared
        assert facts.number("R², all examples") == r_squared
        assert facts.number("RMSE, all examples") == f"{problem.training.rmse(now):.4f}"
        assert facts.number("RMSE, held out") == f"{problem.testing.rmse(now):.4f}"

    def test_an_undefined_r_squared_is_a_dash(
        self, window: MainWindow, use: Callable[..., Run]
    ) -> None:
        run = use(made_data([1, 2, 3], [5, 5, 5]))
        assert run.problem.training.fit_texts(run.history.start)[1] == "–"
        assert window.readout.fit.number.text() == "–"
        use(made_data([1, 2, 3], [5, 5, 6]))
        assert window.readout.fit.number.text() != "–"


class TestOtherData:
    def test_they_apply_at_once_and_end_the_run(
        self, window: MainWindow, wait_for: Wait, pause_at: Callable[..., None]
    ) -> None:
        controller = window.controller
        pause_at(controller, 50)
        data = incomes()
        controller.use_data(data)
        wait_for(lambda: controller.current_run is not None)
        assert controller.run is not None
        assert (controller.state, controller.run.history.step) == (RunState.READY, 0)
        assert controller.run.config.data is data
        assert not controller.pending_settings

    def test_the_settings_of_synthetic_data_are_hidden_for_a_table(
        self, window: MainWindow, use: Callable[..., Run]
    ) -> None:
        row = window.panel.row
        use(incomes())
        recipe = [row(name) for name in ("examples", "true_weights", "true_bias", "noise_std")]
        recipe += [row("true_weights", index) for index in range(2)]
        assert all(each.isHidden() for each in recipe)
        use(None)
        assert not any(each.isHidden() for each in recipe)

    def test_runs_on_other_data_are_not_drawn_over_it(
        self, window: MainWindow, wait_for: Wait, trained: Callable[..., Run]
    ) -> None:
        window.session.switches[RUNS].setChecked(True)
        trained(incomes())
        trained(incomes().rows(np.arange(1, 40)), learning_rate=0.03)
        window.refresher.refresh_all()
        assert window.session.kept_runs.over() == []
        assert not window.picture(LossPlot).others.series

    def test_a_typed_start_is_not_used_for_other_data(
        self, window: MainWindow, use: Callable[..., Run]
    ) -> None:
        window.controller.move_start({0: 5.0})
        run = use(incomes())
        assert run.config.init == "normal"

    def test_a_classic_comes_with_settings_that_suit_it(
        self, window: MainWindow, wait_for: Wait
    ) -> None:
        controller = window.controller
        window.session.switches[DATA].setChecked(True)
        for entry in window.side.panel(DATA).entries:
            entry.click()
            wait_for(lambda: controller.current_run is not None)
            settings, sample = controller.settings, entry.sample
            assert str(settings.data) == sample.title
            assert (settings.standardize, settings.learning_rate, settings.epochs) == (
                sample.standardize,
                sample.learning_rate,
                sample.epochs,
            )
            assert controller.run is not None
            assert controller.run.config.batch_size == sample.batch_size

    def test_the_lessons_data_come_back_with_the_lessons_settings(
        self, window: MainWindow, use: Callable[..., Run]
    ) -> None:
        use(samples()[3].read(), standardize=True, learning_rate=0.3, test_share=0.2)
        window.side.panel(DATA).lesson_button.click()
        settings = window.controller.settings
        assert settings == DEFAULTS.with_value("engine", Engine.INSTANT)

    def test_a_start_stays_where_it_is_when_the_same_data_are_standardized(
        self, window: MainWindow, wait_for: Wait, use: Callable[..., Run]
    ) -> None:
        data = incomes()
        use(data, standardize=False)
        window.controller.move_start({0: 0.25})
        window.controller.standardize(wanted=True)
        wait_for(lambda: window.controller.settings.standardize)
        assert window.controller.settings.start_weights[0] == 0.25
        assert window.controller.settings.init == "typed"

    def test_a_batch_is_no_larger_than_the_training_examples(
        self, window: MainWindow, use: Callable[..., Run]
    ) -> None:
        run = use(incomes(), batch_size=40, test_share=0.25)
        assert (run.config.batch_size, run.messages[:1]) == (30, run.messages[:1])
        assert not any("reduced" in message for message in run.messages)

    def test_data_are_freed_once_nothing_trains_on_them(
        self, window: MainWindow, wait_for: Wait, use: Callable[..., Run]
    ) -> None:
        data = made_data(range(30), range(30))
        gone = weakref.ref(data)
        use(data)
        del data
        for spec in (SCALING, PREDICT, DATA):
            window.session.switches[spec].setChecked(True)
            window.refresher.refresh_all()
        window.side.shut()
        for seed in range(4):  # the last problems are remembered
            use(made_data(range(20), range(20)), seed=seed)

        def is_gone() -> bool:
            gc.collect()
            return gone() is None

        wait_for(is_gone)

    def test_every_picture_can_show_ten_features(
        self, window: MainWindow, trained: Callable[..., Run]
    ) -> None:
        X = np.random.default_rng(3).normal(size=(60, 10))
        run = trained(made_data(X, X.sum(axis=1)))
        assert run.current_parameters == pytest.approx([1.0] * 10 + [0.0], abs=0.05)
        assert len(window.picture(ParametersPlot).curves.series) == 11
        window.picture(DataPlot).set_feature(9)
        assert window.picture(DataPlot).examples.x.tolist() == X[:, 9].tolist()

    @pytest.mark.usefixtures("painted")
    @pytest.mark.parametrize("standardized", [True, False])
    @pytest.mark.parametrize("size", [1e-37, 1e15, 3.4e38])
    def test_numbers_of_any_size_are_drawn(
        self, window: MainWindow, use: Callable[..., Run], size: float, standardized: bool
    ) -> None:
        use(made_data([[size], [-size], [size / 2]], [size, -size, 0]), standardize=standardized)
        window.actions_of.standardized.setChecked(True)
        for view in View:
            window.picture(DataPlot).set_view(view)
            window.refresher.refresh_all()
            assert not window.grab().isNull()

    @pytest.mark.parametrize("size", [1e-35, 1e-25, 1e25, 1e37])
    def test_the_start_can_be_moved_whatever_the_size_of_the_features(
        self, window: MainWindow, use: Callable[..., Run], size: float
    ) -> None:
        use(made_data(size * np.arange(8), np.arange(8)), standardize=True)
        window.controller.move_start({1: 2.0})
        settings = window.controller.settings
        assert (settings.init, settings.start_bias) == ("typed", 2.0)

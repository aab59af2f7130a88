"""Finished runs are kept, described and drawn."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from linreg_gui.number_text import significant
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import KEPT_BYTES
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Engine
from linreg_gui.threads import kept_runs
from linreg_gui.widgets.panels import runs_panel
from linreg_gui.widgets.panels.registry import RUNS
from linreg_gui.widgets.panels.runs_panel import RunCard
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import settle, train

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]
SMALL = {"examples": 200, "engine": Engine.INSTANT}


@pytest.fixture
def finish(window: MainWindow, wait_for: WaitFor) -> Callable[..., None]:
    controller = window.controller

    def make(**values: object) -> None:
        controller.change_settings(**SMALL, **values)
        controller.reset()
        controller.start()
        wait_for(lambda: controller.state in (RunState.COMPLETED, RunState.DIVERGED))
        settle(controller)

    return make


def cards_of(window: MainWindow) -> list[RunCard]:
    return [window.side.panel(RUNS).cards[kept] for kept in window.session.kept_runs.runs]


class TestTheList:
    def test_it_says_what_differs_and_how_each_run_ended(
        self, window: MainWindow, finish: Callable[..., None]
    ) -> None:
        finish(learning_rate=0.01)
        finish(learning_rate=0.1)
        finish(learning_rate=2.0)
        cards = cards_of(window)
        assert [card.settings.text() for card in cards] == [
            f"Learning rate {rate}" for rate in ("0.01", "0.1", "2")
        ]
        for card in cards:
            run, engine = prepare_run(1, card.kept.run.config)
            run.history.append(train(engine, run.planned_steps))
            assert card.kept.final_loss == run.history.recent_epoch_loss
            gaps = run.history.current_parameters - run.references.parameters
            assert card.kept.run.distance == np.abs(gaps).max()
        assert "Completed after 100 steps" in cards[0].outcome.text()
        assert cards[2].outcome.text().startswith("Diverged after ")

    def test_a_continued_run_stays_one_entry(
        self, window: MainWindow, finish: Callable[..., None], wait_for: WaitFor
    ) -> None:
        finish(learning_rate=0.01)
        window.controller.finish_epoch()
        wait_for(lambda: window.controller.state is RunState.COMPLETED)
        assert [kept.run.history.step for kept in window.session.kept_runs.runs] == [150]

    def test_a_stopped_run_is_kept_and_one_without_a_step_is_not(
        self, window: MainWindow, wait_for: WaitFor
    ) -> None:
        controller = window.controller
        controller.step()
        wait_for(lambda: controller.run is not None and controller.run.history.step == 1)
        controller.reset()
        assert window.session.kept_runs.runs == []
        wait_for(lambda: controller.current_run is not None)
        controller.step()
        wait_for(lambda: controller.run is not None and controller.run.history.step == 1)
        controller.stop()
        assert [kept.state for kept in window.session.kept_runs.runs] == [RunState.STOPPED]

    def test_it_is_drawn_over_another_run_and_not_over_itself(
        self, window: MainWindow, finish: Callable[..., None], wait_for: WaitFor
    ) -> None:
        finish(learning_rate=0.01)
        window.session.switches[RUNS].setChecked(True)
        window.stage.show_grid(wanted=True)
        assert window.session.kept_runs.over() == []
        finish(learning_rate=0.1)
        wait_for(lambda: bool(window.picture(LossPlot).others.series))
        window.refresher.refresh_all()
        first = window.session.kept_runs.runs[0]
        assert window.picture(LossPlot).others.series[0].x[-1] == 100
        assert len(window.picture(ParametersPlot).others.series) == 3
        assert len(window.picture(LandscapePlot).others.series) == 1
        cards_of(window)[0].shown.click()
        wait_for(lambda: not window.picture(LossPlot).others.series)
        window.refresher.refresh_all()
        assert not first.is_shown
        assert len(window.picture(LandscapePlot).others.series) == 0

    def test_it_can_be_renamed_deleted_and_brought_back(
        self, window: MainWindow, finish: Callable[..., None], qtbot: QtBot
    ) -> None:
        finish(learning_rate=0.01)
        finish(learning_rate=0.1)
        first, second = window.session.kept_runs.runs
        name = cards_of(window)[0].name
        name.selectAll()
        qtbot.keyClicks(name, "slow")
        qtbot.keyClick(name, Qt.Key.Key_Return)
        assert first.title == "Run 1: slow"
        assert not first.is_pinned
        qtbot.mouseClick(cards_of(window)[0].close_button, Qt.MouseButton.LeftButton)
        assert window.session.kept_runs.runs == [second]
        window.side.panel(RUNS).undo.click()
        assert window.session.kept_runs.runs == [first, second]
        assert cards_of(window)[0].name.text() == "Run 1: slow"
        assert window.side.panel(RUNS).undo.isHidden()

    def test_the_oldest_that_is_not_pinned_makes_room(
        self, window: MainWindow, finish: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(kept_runs, "MOST_RUNS", 4)
        finish(learning_rate=0.01)
        cards_of(window)[0].pinned.click()
        pinned = window.session.kept_runs.runs[0]
        for seed in range(5):
            finish(seed=seed)
        kept = window.session.kept_runs.runs
        assert len(kept) == 4
        assert kept[0] is pinned
        assert [each.run.config.seed for each in kept[1:]] == [2, 3, 4]
        assert len({each.color_index for each in kept}) == 4

    def test_same_seed_other_rate_takes_the_settings_and_waits_for_the_rate(
        self, window: MainWindow, finish: Callable[..., None], qapp: QApplication
    ) -> None:
        finish(learning_rate=0.01, seed=5)
        finish(learning_rate=0.1, seed=6)
        cards_of(window)[0].again.click()
        settings = window.controller.settings
        assert (settings.seed, settings.learning_rate) == (5, 0.01)
        field = window.run_bar.rate.field
        assert qapp.focusWidget() is field
        assert field.selectedText() == "0.01"

    def test_same_seed_other_rate_keeps_the_rate_of_an_unfinished_run(
        self, window: MainWindow, finish: Callable[..., None], wait_for: WaitFor
    ) -> None:
        finish(learning_rate=0.01, seed=5)
        controller = window.controller
        controller.change_settings(seed=6, learning_rate=0.1)
        controller.reset()
        wait_for(lambda: controller.current_run is not None)
        controller.step()
        cards_of(window)[0].again.click()
        assert (controller.settings.seed, controller.settings.learning_rate) == (5, 0.1)

    def test_only_part_of_a_long_run_is_kept(
        self, window: MainWindow, finish: Callable[..., None]
    ) -> None:
        finish(epochs=4000)
        (kept,) = window.session.kept_runs.runs
        history, whole = kept.run.history, window.controller.run.history  # type: ignore[union-attr]
        assert len(history) * 40 <= KEPT_BYTES
        assert (history.step, history.stride) == (200_000, 2)
        assert np.array_equal(history.parameters, whole.parameters[:, ::2])
        assert kept.run.dataset.size == 1


class TestTheCards:
    def test_an_empty_list_says_what_it_is_for(
        self, window: MainWindow, finish: Callable[..., None]
    ) -> None:
        assert window.side.panel(RUNS).hint.text().startswith("Runs appear here")
        finish()
        assert window.side.panel(RUNS).hint.isHidden()

    def test_they_show_the_numbers_of_the_run(
        self, window: MainWindow, finish: Callable[..., None]
    ) -> None:
        finish(learning_rate=0.01)
        (card,) = cards_of(window)
        loss = significant(card.kept.final_loss)
        distance = significant(card.kept.run.distance, 2)
        assert card.settings.text() == "Examples 200; Learning rate 0.01; Engine instant"
        assert card.outcome.text() == (
            f"Completed after 100 steps\nMean loss of the last epoch: {loss}\n"
            f"Largest difference from least squares: {distance}"
        )

    def test_they_say_that_runs_have_equal_settings(
        self, window: MainWindow, finish: Callable[..., None]
    ) -> None:
        finish()
        finish()
        assert [card.settings.text() for card in cards_of(window)] == ["the same settings"] * 2

    def test_a_hint_says_how_to_make_room_if_all_are_pinned(
        self, window: MainWindow, finish: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in (kept_runs, runs_panel):
            monkeypatch.setattr(module, "MOST_RUNS", 3)
        for seed in range(3):
            finish(seed=seed)
        for card in cards_of(window):
            card.pinned.click()
        assert window.side.panel(RUNS).hint.text() == (
            "All 3 runs are pinned. Unpin or delete one to keep a new run."
        )

    def test_one_button_hides_all_or_shows_all(
        self, window: MainWindow, finish: Callable[..., None]
    ) -> None:
        window.session.switches[RUNS].setChecked(True)
        finish(seed=2)
        finish(seed=3)
        assert window.side.panel(RUNS).show_all.text() == "Hide all"
        window.side.panel(RUNS).show_all.click()
        assert [kept.is_shown for kept in window.session.kept_runs.runs] == [False, False]
        assert window.side.panel(RUNS).show_all.text() == "Show all"
        window.side.panel(RUNS).show_all.click()
        assert [kept.is_shown for kept in window.session.kept_runs.runs] == [True, True]


class TestTheKeyboard:
    @pytest.fixture
    def cards(self, window: MainWindow, finish: Callable[..., None]) -> list[RunCard]:
        """Return the cards of three runs, from top to bottom, with the panel on screen."""
        window.session.switches[RUNS].setChecked(True)
        for seed in (2, 3, 4):
            finish(seed=seed)
        return cards_of(window)[::-1]

    def test_tab_goes_through_the_cards_from_top_to_bottom(
        self, cards: list[RunCard], qtbot: QtBot, qapp: QApplication
    ) -> None:
        stops = [stop for card in cards for stop in card.stops]
        stops[0].setFocus()
        for stop in stops[:-1]:
            assert qapp.focusWidget() is stop
            qtbot.keyClick(stop, Qt.Key.Key_Tab)
        assert qapp.focusWidget() is stops[-1]

    def test_enter_shows_and_hides(self, cards: list[RunCard], qtbot: QtBot) -> None:
        cards[1].shown.setFocus()
        qtbot.keyClick(cards[1].shown, Qt.Key.Key_Return)
        assert [card.kept.is_shown for card in cards] == [True, False, True]

    def test_f2_renames_and_escape_restores_the_name(
        self, window: MainWindow, cards: list[RunCard], qtbot: QtBot, qapp: QApplication
    ) -> None:
        card, former = cards[0], cards[0].kept.title
        qtbot.keyClick(card.shown, Qt.Key.Key_F2)
        assert qapp.focusWidget() is card.name
        qtbot.keyClicks(card.name, "slow")
        qtbot.keyClick(card.name, Qt.Key.Key_Escape)
        assert (card.name.text(), card.kept.title) == (former, former)
        assert window.controller.state is RunState.COMPLETED
        qtbot.keyClick(card.shown, Qt.Key.Key_F2)
        qtbot.keyClicks(card.name, "fast")
        qtbot.keyClick(card.name, Qt.Key.Key_Return)
        assert card.kept.name == "fast"
        assert qapp.focusWidget() is card.pinned

    def test_delete_removes_a_run_and_the_next_one_gets_the_focus(
        self, window: MainWindow, cards: list[RunCard], qtbot: QtBot, qapp: QApplication
    ) -> None:
        cards[0].shown.setFocus()
        qtbot.keyClick(cards[0].shown, Qt.Key.Key_Delete)
        assert [kept.run.config.seed for kept in window.session.kept_runs.runs] == [2, 3]
        focused = qapp.focusWidget()
        assert focused is not None
        assert cards[1].isAncestorOf(focused)
        window.side.panel(RUNS).undo.click()
        assert [kept.run.config.seed for kept in window.session.kept_runs.runs] == [2, 3, 4]

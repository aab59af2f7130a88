"""The timeline shows exactly the step that is asked for, and what happened along the run."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.look.theme import Mode, Theme
from linreg_gui.runs.history import History
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import DEFAULTS, TrainingConfig
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.playhead import Playhead
from linreg_gui.widgets.window.main_window import MainWindow
from linreg_gui.widgets.window.timeline import Timeline
from linreg_gui.widgets.window.timeline_track import Track
from tests.conftest import MakeController
from tests.support import settle, wait_for_state, wait_for_step, wait_until_ready
from tests.widgets.controls import turn_wheel

SHORT = TrainingConfig(examples=43, batch_size=4, epochs=3)
"""Eleven steps an epoch, 33 in all."""

LEFT = Qt.MouseButton.LeftButton


class Stage(NamedTuple):
    controller: TrainingController
    playhead: Playhead
    timeline: Timeline

    @property
    def run(self) -> Run:
        assert self.controller.run is not None
        return self.controller.run

    @property
    def track(self) -> Track:
        return self.timeline.track


SetUp = Callable[..., Stage]


@pytest.fixture
def set_up(qapp: QApplication, qtbot: QtBot, make_controller: MakeController) -> Iterator[SetUp]:
    """Return a function that shows a timeline over a run of these settings."""
    windows: list[QWidget] = []
    theme = Theme(qapp, Mode.LIGHT)

    def make(config: TrainingConfig = SHORT, *, ready: bool = True) -> Stage:
        controller = make_controller(config)
        playhead = Playhead(controller)
        timeline = Timeline(controller, playhead, theme)
        # A window without a layout: offscreen ones complain when their least size changes.
        windows.append(QWidget())
        timeline.setParent(windows[-1])
        timeline.resize(960, timeline.sizeHint().height())
        windows[-1].resize(timeline.size())
        windows[-1].show()
        if ready:
            controller.load()
            wait_until_ready(qtbot, controller)
        return Stage(controller, playhead, timeline)

    yield make
    for window in windows:
        window.close()
        window.deleteLater()


@pytest.fixture
def completed(qtbot: QtBot, set_up: SetUp) -> Stage:
    stage = set_up()
    complete(qtbot, stage)
    return stage


@pytest.fixture
def thinned(qtbot: QtBot, set_up: SetUp) -> Stage:
    """Return a stage whose run has kept steps 1, 9, 17, 25 and 33."""
    stage = set_up()
    old = stage.run.history
    stage.run.history = History(
        old.start, old.examples, old.batch_size, old.learning_rate_at(0), memory_limit=5 * 24
    )
    complete(qtbot, stage)
    return stage


@pytest.fixture
def diverged(qtbot: QtBot, set_up: SetUp) -> Stage:
    stage = set_up(TrainingConfig(learning_rate=30.0))
    stage.controller.start()
    wait_for_state(qtbot, stage.controller, RunState.DIVERGED)
    refresh(stage)
    return stage


@pytest.fixture
def with_rate_change(qtbot: QtBot, set_up: SetUp) -> Stage:
    """Return a stage whose run has a new learning rate after step 11, and is at step 12."""
    stage = set_up()
    stage.controller.finish_epoch()
    wait_for_state(qtbot, stage.controller, RunState.PAUSED)
    stage.controller.change_setting("learning_rate", 0.05)
    stage.controller.step()
    wait_for_step(qtbot, stage.controller, 12)
    refresh(stage)
    return stage


def complete(qtbot: QtBot, stage: Stage) -> None:
    stage.controller.start()
    wait_for_state(qtbot, stage.controller, RunState.COMPLETED)
    refresh(stage)


def refresh(stage: Stage) -> None:
    """Do what the window does after each progress, and paint."""
    settle(stage.controller)
    stage.timeline.refresh()
    QApplication.processEvents()


def place_of(stage: Stage, step: float) -> QPoint:
    return QPoint(round(stage.track.x_of(step)), 14)


def color_at(stage: Stage, x: float, y: int) -> QColor:
    return stage.track.grab().toImage().pixelColor(round(x), y)


def words(stage: Stage) -> str:
    return stage.timeline.step.text()


class PaintedColumns(QObject):
    """Notes the rectangles of a widget that are painted while it listens."""

    def __init__(self, track: Track) -> None:
        super().__init__(track)
        self.rects: list[QRect] = []
        QApplication.processEvents()
        track.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.rects.append(event.rect())
        return False


class TestBeforeARun:
    def test_nothing_happens(self, set_up: SetUp, qtbot: QtBot) -> None:
        stage = set_up(ready=False)
        for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
            qtbot.keyClick(stage.track, key)
        qtbot.mouseClick(stage.track, LEFT, pos=QPoint(100, 14))
        qtbot.mouseClick(stage.timeline.play, LEFT)
        qtbot.mouseClick(stage.timeline.live, LEFT)
        stage.timeline.refresh()
        assert stage.playhead.is_live
        assert not stage.playhead.is_playing
        assert words(stage) == ""
        assert stage.track.words_at(100) == ""

    def test_nothing_is_enabled_and_live_is_off(self, set_up: SetUp) -> None:
        timeline = set_up(ready=False).timeline
        assert not timeline.track.isEnabled()
        assert not timeline.play.isEnabled()
        assert not timeline.live.isEnabled()
        assert not timeline.live.isChecked()

    def test_there_is_nothing_to_play_before_the_first_step(self, set_up: SetUp) -> None:
        stage = set_up()
        assert not stage.timeline.play.isEnabled()
        assert words(stage) == "step 0 of 33 · epoch 1"


class TestTheMouse:
    def test_dragging_shows_each_step_exactly_as_recorded(
        self, completed: Stage, qtbot: QtBot
    ) -> None:
        history, track = completed.run.history, completed.track
        qtbot.mousePress(track, LEFT, pos=place_of(completed, 1))
        for step in range(1, 34):
            qtbot.mouseMove(track, place_of(completed, step))
            record = completed.playhead.record
            assert record is not None
            assert record.step == completed.playhead.shown_step == step
            assert record.loss == history.losses[step - 1]
            np.testing.assert_array_equal(record.parameters, history.parameters[:, step - 1])
        qtbot.mouseRelease(track, LEFT, pos=place_of(completed, 33))

    def test_it_can_be_dragged_to_the_start_and_no_further_than_the_newest_step(
        self, with_rate_change: Stage, qtbot: QtBot
    ) -> None:
        track, playhead = with_rate_change.track, with_rate_change.playhead
        qtbot.mousePress(track, LEFT, pos=QPoint(0, 14))
        assert playhead.shown_step == 0
        qtbot.mouseMove(track, QPoint(track.width() - 1, 14))
        assert playhead.shown_step == 12
        qtbot.mouseRelease(track, LEFT)

    def test_hovering_moves_nothing_and_names_the_step(
        self, completed: Stage, qtbot: QtBot
    ) -> None:
        qtbot.mouseMove(completed.track, place_of(completed, 15))
        assert completed.playhead.is_live
        assert completed.track.words_at(completed.track.x_of(15)) == (
            "step 15 · batch 4 of 11 · epoch 2"
        )

    def test_the_wheel_does_nothing(self, completed: Stage) -> None:
        completed.playhead.go_to(15)
        assert not turn_wheel(completed.track, place=place_of(completed, 15))
        assert completed.playhead.shown_step == 15


class TestTheKeys:
    @pytest.mark.parametrize(
        ("key", "shift", "step"),
        [
            (Qt.Key.Key_Left, False, 14),
            (Qt.Key.Key_Right, False, 16),
            (Qt.Key.Key_Left, True, 11),
            (Qt.Key.Key_Right, True, 22),
            (Qt.Key.Key_Home, False, 0),
            (Qt.Key.Key_End, False, 33),
        ],
    )
    def test_they_travel(
        self, completed: Stage, qtbot: QtBot, key: Qt.Key, shift: bool, step: int
    ) -> None:
        completed.playhead.go_to(15)
        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        qtbot.keyClick(completed.track, key, modifier)
        assert completed.playhead.shown_step == step

    @pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_Up])
    def test_other_keys_are_left_to_the_window(self, completed: Stage, key: Qt.Key) -> None:
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        assert not completed.timeline.handle_key(event)
        QApplication.sendEvent(completed.track, event)
        assert not event.isAccepted()


class TestTheButtons:
    def test_live_is_checked_while_the_newest_step_is_followed(
        self, completed: Stage, qtbot: QtBot
    ) -> None:
        live = completed.timeline.live
        assert live.isChecked()
        completed.playhead.go_to(15)
        assert not live.isChecked()
        qtbot.mouseClick(live, LEFT)
        assert completed.playhead.is_live
        assert live.isChecked()
        qtbot.mouseClick(live, LEFT)
        assert live.isChecked()

    def test_play_becomes_pause(self, completed: Stage, qtbot: QtBot) -> None:
        play = completed.timeline.play
        assert play.accessibleName() == "Play"
        qtbot.mouseClick(play, LEFT)
        assert completed.playhead.is_playing
        assert play.accessibleName() == "Pause"
        qtbot.mouseClick(play, LEFT)
        assert not completed.playhead.is_playing
        assert play.accessibleName() == "Play"


class TestTheWords:
    def test_they_name_step_and_epoch_and_their_tip_the_batch(self, completed: Stage) -> None:
        assert words(completed) == "step 33 of 33 · epoch 3"
        completed.playhead.go_to(15)
        assert words(completed) == "step 15 of 33 · epoch 2"
        assert completed.timeline.step.toolTip() == "step 15 · batch 4 of 11 · epoch 2"
        completed.playhead.go_to(0)
        assert words(completed) == "step 0 of 33 · epoch 1"

    def test_the_lessons_run_does_not_change_the_length_of_the_track(
        self, set_up: SetUp, qtbot: QtBot
    ) -> None:
        stage = set_up(DEFAULTS, ready=False)
        length = stage.track.width()
        stage.controller.load()
        wait_until_ready(qtbot, stage.controller)
        refresh(stage)
        assert stage.track.width() == length

    def test_they_have_room_for_the_last_step_from_the_start(
        self, set_up: SetUp, qtbot: QtBot
    ) -> None:
        stage = set_up(TrainingConfig(examples=100_000, batch_size=1, epochs=10_000))
        stage.controller.step()
        wait_for_step(qtbot, stage.controller, 1)
        label = stage.timeline.step
        before = label.width()
        label.setText("step 1,000,000,000 of 1,000,000,000 · epoch 10,000")
        assert label.sizeHint().width() <= label.width() == before

    def test_they_name_the_kept_step_and_how_many_are_kept(self, thinned: Stage) -> None:
        thinned.playhead.go_to(12)
        assert words(thinned) == "step 9 of 33 · epoch 1 · 1 in 8 kept"
        assert "1 in 8" in thinned.timeline.step.toolTip()
        assert thinned.track.words_at(thinned.track.x_of(12)).startswith("step 9 ")
        thinned.playhead.go_live()
        assert words(thinned) == "step 33 of 33 · epoch 3"


class TestTheMarks:
    def test_each_epochs_end_is_marked(self, set_up: SetUp) -> None:
        stage = set_up()
        assert stage.track.borders() == [(end, stage.track.x_of(end * 11)) for end in (1, 2, 3)]

    @pytest.mark.parametrize(("epochs", "every"), [(40, 1), (200, 10), (2000, 100)])
    def test_many_epochs_have_marks_at_round_numbers_only(
        self, set_up: SetUp, epochs: int, every: int
    ) -> None:
        borders = set_up(SHORT.with_value("epochs", epochs)).track.borders()
        assert [epoch for epoch, _ in borders] == list(range(every, epochs + 1, every))

    def test_a_change_of_the_learning_rate_has_a_mark_and_a_tip(
        self, with_rate_change: Stage
    ) -> None:
        track = with_rate_change.track
        (change,) = with_rate_change.run.history.rate_changes
        assert change.step == 12
        assert color_at(with_rate_change, track.x_of(12), 3) == QColor("#1a1e26")
        assert track.words_at(track.x_of(12) + 3) == "From step 12 on, the learning rate is 0.05."

    def test_a_divergence_has_a_mark_and_a_tip(self, diverged: Stage) -> None:
        track, newest = diverged.track, diverged.run.history.step
        assert color_at(diverged, track.x_of(newest) + 18, 14) == QColor("#b3261e")
        assert track.words_at(track.x_of(newest) + 18) == f"Diverged at step {newest + 1}."

    def test_a_run_that_did_not_diverge_has_no_mark_of_divergence(
        self, with_rate_change: Stage
    ) -> None:
        image = with_rate_change.track.grab().toImage()
        colors = {image.pixelColor(x, 14).name() for x in range(image.width())}
        assert "#b3261e" not in colors

    def test_the_tip_says_that_a_later_step_is_not_trained_yet(
        self, with_rate_change: Stage
    ) -> None:
        track = with_rate_change.track
        assert track.words_at(track.x_of(20)) == "Step 20 is not trained yet."

    def test_the_groove_is_filled_as_far_as_the_run_is_trained(
        self, with_rate_change: Stage
    ) -> None:
        with_rate_change.playhead.go_to(0)
        track = with_rate_change.track
        assert color_at(with_rate_change, track.x_of(10), 14) == QColor("#5448c8")
        assert color_at(with_rate_change, track.x_of(20), 14) == QColor("#d9dde4")


class TestPainting:
    def test_a_refresh_that_changes_nothing_visible_paints_nothing(
        self, set_up: SetUp, qtbot: QtBot
    ) -> None:
        stage = set_up(TrainingConfig(epochs=10_000))
        stage.controller.step()
        wait_for_step(qtbot, stage.controller, 1)
        refresh(stage)
        painted = PaintedColumns(stage.track)
        stage.controller.step()
        wait_for_step(qtbot, stage.controller, 2)
        refresh(stage)
        assert stage.timeline.step.text() == "step 2 of 25,000,000 · epoch 1"
        assert not painted.rects

    def test_only_the_columns_that_change_are_painted(self, completed: Stage) -> None:
        completed.playhead.go_to(15)
        painted = PaintedColumns(completed.track)
        completed.playhead.go_to(16)
        QApplication.processEvents()
        (rect,) = painted.rects
        assert rect.width() < 60
        assert rect.contains(place_of(completed, 15))
        assert rect.contains(place_of(completed, 16))

    def test_painting_bit_by_bit_gives_the_same_as_painting_at_once(
        self, qapp: QApplication, completed: Stage
    ) -> None:
        for step in (5, 6, 30, 11, 12, 0, 22):
            completed.playhead.go_to(step)
            qapp.processEvents()
        timeline = completed.timeline
        grown = qapp.primaryScreen().grabWindow(timeline.window().winId()).toImage()
        assert grown == timeline.window().grab().toImage()

    def test_another_width_moves_the_marks(self, completed: Stage) -> None:
        timeline = completed.timeline
        completed.playhead.go_to(20)
        timeline.resize(timeline.width() - 200, timeline.height())
        QApplication.processEvents()
        assert color_at(completed, completed.track.x_of(20), 14) == QColor("#5448c8")
        assert completed.track.x_of(33) == completed.track.width() - 13


class TestForAssistiveTechnology:
    def test_the_track_is_a_slider_whose_value_is_the_step(self, completed: Stage) -> None:
        completed.playhead.go_to(15)
        interface = QAccessible.queryAccessibleInterface(completed.track)
        value = interface.valueInterface()
        assert interface.role() == QAccessible.Role.Slider
        assert "Timeline" in interface.text(QAccessible.Text.Name)
        assert "Shift" in interface.text(QAccessible.Text.Description)
        assert (value.minimumValue(), value.maximumValue()) == (0, 33)
        assert value.currentValue() == 15

    def test_it_can_be_set(self, completed: Stage) -> None:
        QAccessible.queryAccessibleInterface(completed.track).valueInterface().setCurrentValue(7)
        assert completed.playhead.step == 7

    def test_a_run_longer_than_qts_largest_number_can_be_shown(self, set_up: SetUp) -> None:
        stage = set_up(TrainingConfig(examples=250_000, batch_size=1, epochs=10_000))
        assert stage.track.last_step == 25 * 10**8
        assert stage.track.maximum() == 2**31 - 1


@pytest.mark.usefixtures("shared_window")
class TestInTheWindow:
    def test_the_arrow_keys_travel_and_the_space_bar_stays_the_windows(
        self, window: MainWindow, qtbot: QtBot
    ) -> None:
        window.controller.change_setting("examples", 43)
        wait_until_ready(qtbot, window.controller)
        window.controller.start()
        wait_for_state(qtbot, window.controller, RunState.COMPLETED)
        qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
        assert window.session.playhead.step == 11
        window.timeline.track.setFocus()
        qtbot.keyClick(window.timeline.track, Qt.Key.Key_Right)
        assert window.session.playhead.step == 12
        qtbot.keyClick(window.timeline.track, Qt.Key.Key_Space)
        assert window.controller.state is RunState.RUNNING

    def test_p_plays_and_pauses_and_f_follows(self, trained: MainWindow, qtbot: QtBot) -> None:
        playhead = trained.session.playhead
        qtbot.keyClick(trained, Qt.Key.Key_P)
        assert playhead.is_playing
        qtbot.keyClick(trained, Qt.Key.Key_P)
        assert not playhead.is_playing
        assert not playhead.is_live
        qtbot.keyClick(trained, Qt.Key.Key_F)
        assert playhead.is_live

    @pytest.mark.usefixtures("own_window")
    def test_closing_it_stops_playing(self, window: MainWindow, qtbot: QtBot) -> None:
        window.controller.step()
        wait_for_step(qtbot, window.controller, 1)
        window.session.playhead.play()
        assert window.session.playhead.is_playing
        window.close()
        assert not window.session.playhead.is_playing


@pytest.mark.usefixtures("shared_window")
def test_in_a_narrow_window_with_large_text_the_words_are_short(
    trained: MainWindow, qtbot: QtBot
) -> None:
    timeline = trained.timeline
    trained.session.theme.set_scale(2.0)
    trained.resize(640, 480)
    QApplication.processEvents()
    assert timeline.step.text() == "step 5,000"
    assert timeline.step.geometry().right() < timeline.live.geometry().left()
    trained.session.theme.set_scale(1.0)
    trained.resize(1280, 800)
    QApplication.processEvents()
    assert timeline.step.text() == "step 5,000 of 5,000 · epoch 2"

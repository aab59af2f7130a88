from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.application import create_window
from linreg_gui.look.inputs import NumberField
from linreg_gui.look.words_of_qt import speak_in_qt
from linreg_gui.runs.states import Action, RunState
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.window.main_window import MainWindow
from tests.pseudo_languages import spoken
from tests.support import LastingThread

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]
PauseAt = Callable[[TrainingController, int], None]


def state_of(window: MainWindow) -> RunState:
    return window.controller.state


def enabled_actions(window: MainWindow) -> set[Action]:
    return {name for name, action in window.actions_of.run.items() if action.isEnabled()}


def test_exactly_the_actions_that_make_sense_are_enabled(
    window: MainWindow, wait_for: WaitFor
) -> None:
    controller = window.controller
    width = window.run_bar.run_button.width()

    def reach(state: RunState) -> None:
        wait_for(lambda: controller.state is state)
        button = window.run_bar.run_button
        assert QToolButton.sizeHint(button).width() <= button.width() == width, "nothing moves"
        assert enabled_actions(window) == {each for each in Action if controller.allows(each)}
        assert (Action.PAUSE in enabled_actions(window)) is (state is RunState.RUNNING)

    reach(RunState.READY)
    controller.start()
    reach(RunState.RUNNING)
    controller.pause()
    reach(RunState.PAUSED)
    controller.stop()
    reach(RunState.STOPPED)
    controller.change_settings(examples=100)
    controller.start()
    reach(RunState.COMPLETED)
    controller.change_settings(learning_rate=1e3)
    controller.start()
    reach(RunState.DIVERGED)


@pytest.mark.parametrize("code", ["es", "pt_BR"])
def test_no_word_of_the_run_button_is_cut(
    qapp: QApplication, lasting_thread: LastingThread, code: str
) -> None:
    with spoken(code):
        window = create_window(qapp, background=lasting_thread)
        window.resize(1280, 800)
        window.show()
        QApplication.processEvents()
        button, width = window.run_bar.run_button, window.run_bar.run_button.width()
        for words in window.actions_of.words_of_run:
            button.setText(words)
            QApplication.processEvents()
            assert QToolButton.sizeHint(button).width() <= button.width() == width
        window.close()
        window.deleteLater()
    speak_in_qt(qapp)


def test_nothing_is_enabled_while_mxnet_loads(qapp: QApplication) -> None:
    window = create_window(qapp)
    assert window.controller.state is RunState.LOADING
    assert not enabled_actions(window)
    assert window.readout.state.text().startswith("Loading MXNet")
    window.controller.deleteLater()
    window.deleteLater()


def test_the_buttons_take_a_run_from_start_to_end(
    window: MainWindow, qtbot: QtBot, wait_for: WaitFor
) -> None:
    controller, bar = window.controller, window.run_bar
    controller.change_setting("examples", 400)

    def click(action: Action) -> None:
        target = bar.buttons.get(action, bar.run_button)
        qtbot.mouseClick(target, Qt.MouseButton.LeftButton)

    def step_is(step: int) -> bool:
        return (
            controller.run is not None
            and controller.run.config.examples == 400
            and controller.run.history.step == step
            and controller.state is not RunState.RUNNING
        )

    click(Action.STEP)
    wait_for(lambda: step_is(1))
    assert state_of(window) is RunState.PAUSED
    click(Action.EPOCH)
    wait_for(lambda: step_is(100))
    assert state_of(window) is RunState.PAUSED
    click(Action.RUN)
    wait_for(lambda: controller.state is RunState.COMPLETED)
    assert step_is(200)
    click(Action.EPOCH)
    wait_for(lambda: step_is(300))
    assert state_of(window) is RunState.COMPLETED
    click(Action.RESET)
    wait_for(lambda: step_is(0))
    seed = controller.settings.seed
    window.actions_of.run[Action.NEW_SEED].trigger()
    wait_for(lambda: controller.run is not None and controller.run.config.seed != seed)
    assert state_of(window) is RunState.READY


def test_space_runs_and_pauses(window: MainWindow, qtbot: QtBot, wait_for: WaitFor) -> None:
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert state_of(window) is RunState.RUNNING
    wait_for(lambda: window.controller.run.history.step > 0)  # type: ignore[union-attr]
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert state_of(window) is RunState.PAUSED


def test_space_runs_after_a_number_was_entered(window: MainWindow, qtbot: QtBot) -> None:
    field = window.panel.row("epochs").editor
    assert isinstance(field, NumberField)
    field.setFocus()
    qtbot.keyClicks(field, "3")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    text = field.text()
    qtbot.keyClick(field, Qt.Key.Key_Space)
    assert state_of(window) is RunState.RUNNING
    assert field.text() == text


def test_every_control_can_be_reached_by_keyboard(window: MainWindow) -> None:
    window.activateWindow()
    window.actions_of.settings.setChecked(True)
    seen: list[QWidget] = []
    widget: QWidget | None = window.run_bar.run_button
    while widget is not None and widget not in seen:
        seen.append(widget)
        widget = widget.nextInFocusChain()
    reached = [w for w in seen if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    for row in window.panel.rows:
        assert row.editor in reached
    bar, timeline = window.run_bar, window.timeline
    assert {bar.rate.field, bar.rate.slider, bar.speed.slider, bar.more} <= set(reached)
    assert {*bar.buttons.values(), *bar.tabs.values()} <= set(reached)
    assert {timeline.play, timeline.track, timeline.live} <= set(reached)
    assert {each for each in window.pictures if each.is_thumbnail} <= set(reached)


def test_escape_stops_the_run(window: MainWindow, qtbot: QtBot) -> None:
    window.controller.start()
    qtbot.keyClick(window.panel.row("seed").editor, Qt.Key.Key_Escape)
    assert state_of(window) is RunState.STOPPED


def test_letters_act_as_shortcuts_but_not_while_typing(window: MainWindow, qtbot: QtBot) -> None:
    field = window.panel.row("seed").editor
    assert isinstance(field, NumberField)
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_E)
    assert state_of(window) is RunState.READY
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_S)
    assert state_of(window) is RunState.PAUSED


def test_a_double_click_on_run_does_not_pause_again(window: MainWindow, qtbot: QtBot) -> None:
    button = window.run_bar.run_button
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.mouseDClick(button, Qt.MouseButton.LeftButton)
    assert state_of(window) is RunState.RUNNING


def test_the_run_button_says_what_it_will_do(
    window: MainWindow, pause_at: PauseAt, wait_for: WaitFor
) -> None:
    button = window.run_bar.run_button
    assert button.text() == "Run"
    window.controller.start()
    assert button.text() == "Pause"
    window.controller.pause()
    assert button.text() == "Continue"
    window.controller.stop()
    assert button.text() == "Run again"


def test_the_theme_can_be_chosen_while_running(window: MainWindow, pause_at: PauseAt) -> None:
    window.controller.start()
    for mode, choice in window.actions_of.themes.items():
        choice.trigger()
        QApplication.processEvents()
        assert window.session.theme.mode is mode
    assert state_of(window) is RunState.RUNNING
    assert window.session.theme.palette.dark

"""People who cannot see the screen hear what changes on it."""

import math
from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from pytestqt.qtbot import QtBot

from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.runs.states import RunState
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.window.main_window import MainWindow

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]
PauseAt = Callable[[TrainingController, int], None]
Heard = list[tuple[str, bool]]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """Return the announcements that Qt is given, each with whether it interrupts.

    PySide6 cannot install a handler for them, and without a screen reader Qt drops them.
    """
    announced: Heard = []

    def listen(event: QAccessibleEvent) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            assertive = QAccessible.AnnouncementPoliteness.Assertive
            announced.append((event.message(), event.politeness() is assertive))

    monkeypatch.setattr(QAccessible, "updateAccessibility", listen)
    return announced


def words(heard: Heard) -> list[str]:
    return [sentence for sentence, _ in heard]


def is_heard(start: str, heard: Heard) -> bool:
    return any(sentence.startswith(start) for sentence in words(heard))


def test_start_and_pause_are_said_with_the_step(
    window: MainWindow, heard: Heard, wait_for: WaitFor
) -> None:
    window.controller.set_pace(50)
    window.controller.start()
    wait_for(lambda: "Running" in words(heard))
    window.controller.pause()
    wait_for(lambda: heard[-1][0].startswith("Paused at step"))
    run = window.controller.run
    assert run is not None
    assert f"Paused at step {run.history.step}, loss " in heard[-1][0]
    assert not any(assertive for _, assertive in heard)
    window.controller.set_pace(math.inf)


def test_each_single_step_is_said(window: MainWindow, heard: Heard, wait_for: WaitFor) -> None:
    for sentence in ("Paused at step 1,", "Paused at step 2,"):
        window.controller.step()
        wait_for(partial(is_heard, sentence, heard))


def test_the_end_is_said_once_with_what_came_out(
    trained: MainWindow, heard: Heard, wait_for: WaitFor
) -> None:
    trained.controller.reset()
    trained.controller.start()
    wait_for(lambda: any("Completed at step 5,000" in each for each in words(heard)))
    assert sum("Completed" in each for each in words(heard)) == 1


def test_a_divergence_interrupts_and_names_the_step(
    window: MainWindow, heard: Heard, wait_for: WaitFor
) -> None:
    window.controller.change_setting("learning_rate", 1.2)
    window.controller.start()
    wait_for(lambda: window.controller.state is RunState.DIVERGED)
    wait_for(lambda: any("Diverged" in each for each in words(heard)))
    run = window.controller.run
    assert run is not None
    sentences = [each for each in heard if "Diverged" in each[0]]
    assert len(sentences) == 1
    assert f"Diverged at step {run.history.step + 1}" in sentences[0][0]
    assert sentences[0][1]


def test_a_message_is_said(window: MainWindow, heard: Heard) -> None:
    window.controller.message_posted.emit("Choose another file.")
    assert words(heard)[-1] == "Choose another file."


def test_the_picture_that_comes_to_the_stage_is_said(window: MainWindow, heard: Heard) -> None:
    window.stage.show_picture(window.picture(LandscapePlot))
    assert words(heard)[-1].startswith("On the stage: Landscape")


def test_a_picture_is_described_once_the_run_halts_and_the_playhead_rests(
    trained: MainWindow, heard: Heard, wait_for: WaitFor, qtbot: QtBot
) -> None:
    plot = trained.picture(LossPlot)
    trained.stage.show_picture(plot)
    wait_for(lambda: plot.canvas.accessibleDescription() == plot.summary())
    trained.session.playhead.go_to(100)
    wait_for(lambda: plot.canvas.accessibleDescription() == plot.summary())
    trained.session.playhead.go_to(200)
    trained.refresher.refresh_all()
    plot.canvas.setFocus()
    assert plot.canvas.accessibleDescription() == plot.summary()

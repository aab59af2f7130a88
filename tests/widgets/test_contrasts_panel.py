"""Two runs side by side in the window, by mouse and keyboard, and the stage as it was before."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from linreg_gui.number_text import significant
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.runs.states import RunState
from linreg_gui.widgets.exports.exporter import write_at_once
from linreg_gui.widgets.exports.kinds import export_of
from linreg_gui.widgets.panels.contrasts_panel import ContrastsPanel
from linreg_gui.widgets.panels.registry import CONTRASTS
from linreg_gui.widgets.window.main_window import MainWindow
from linreg_gui.widgets.window.picture_menu import picture_menu
from linreg_gui.widgets.window.side_by_side import Half, SideBySide

pytestmark = pytest.mark.usefixtures("shared_window")

Wait = Callable[[Callable[[], bool]], None]

RATES, BATCHES, SCALES, OUTLIER, DESCENT, OWN = range(6)


@pytest.fixture
def panel(window: MainWindow, qtbot: QtBot) -> ContrastsPanel:
    qtbot.keyClick(window, Qt.Key.Key_3)
    qtbot.keyClick(window, Qt.Key.Key_W)
    return window.side.panel(CONTRASTS)


@pytest.fixture
def show(
    window: MainWindow, panel: ContrastsPanel, qtbot: QtBot, wait_for: Wait
) -> Callable[[int], SideBySide]:
    def show(index: int) -> SideBySide:
        qtbot.mouseClick(panel.entries[index].button, Qt.MouseButton.LeftButton)
        contrasts = window.session.contrasts
        wait_for(lambda: contrasts.state is RunState.COMPLETED)
        contrasts.playhead.go_live()
        settle()
        return window.contrast.side_by_side

    return show


def settle() -> None:
    """Let both halves be drawn."""
    for _ in range(10):
        QApplication.processEvents()


def test_both_halves_show_the_same_picture_at_the_same_step(
    window: MainWindow, qtbot: QtBot, show: Callable[[int], SideBySide]
) -> None:
    both = show(RATES)
    left, right = both.halves
    runs = window.session.contrasts.runs
    assert (left.words.text(), right.words.text()) == ("Learning rate 0.001", "Learning rate 0.5")
    assert both.isVisible()
    assert not any(picture.isVisible() for picture in window.pictures)
    assert not window.timeline.isVisible()
    assert not window.readout.isVisible()
    for key, name in ((Qt.Key.Key_2, "loss"), (Qt.Key.Key_4, "landscape"), (Qt.Key.Key_1, "data")):
        qtbot.keyClick(window, key)
        settle()
        for half, run in zip(both.halves, runs, strict=True):
            assert half.picture is not None
            assert half.picture.isVisible()
            assert (half.picture.name, half.picture.run) == (name, run)
    assert isinstance(both.pictures[0], DataPlot)
    assert "pick" not in both.pictures[0].canvas.toolTip()
    menu = picture_menu(both.pictures[1], window)
    words = [action.text().split("\t")[0] for action in menu.actions() if action.text()]
    menu.deleteLater()
    assert words == ["Show the whole picture", "Copy the picture", "Save the picture…",
                     "What is this?"]  # fmt: skip
    qtbot.mouseClick(both.choice.group.buttons()[1], Qt.MouseButton.LeftButton)
    assert window.stage.current.name == "loss"
    window.session.contrasts.playhead.go_to(500)
    qtbot.keyClick(window, Qt.Key.Key_Right)
    settle()
    assert "step 501 of 1,000" in both.timeline.step.text()
    for half, run in zip(both.halves, runs, strict=True):
        assert half.picture is not None
        assert run is not None
        loss = run.problem.training.loss(run.history.parameters_at(501))
        assert half.facts.text() == f"step 501 · loss {significant(loss)}"
        assert half.picture.shown_step == 501


def test_a_half_shows_no_step_that_the_other_one_leaves_out(
    window: MainWindow, show: Callable[[int], SideBySide], monkeypatch: pytest.MonkeyPatch
) -> None:
    both = show(RATES)
    playhead = window.session.contrasts.playhead
    drawn: list[tuple[Half, int | None]] = []
    draw = Half.refresh

    def draw_and_move_on(half: Half, step: int | None, *, exactly: bool) -> None:
        draw(half, step, exactly=exactly)
        drawn.append((half, step))
        if len(drawn) < 9:
            playhead.go_to(500 + len(drawn))

    monkeypatch.setattr(Half, "refresh", draw_and_move_on)
    playhead.go_to(500)
    settle()
    assert [half for half, _ in drawn] == [*both.halves] * 5
    assert [step for _, step in drawn] == [500, 500, 502, 502, 504, 504, 506, 506, 508, 508]
    assert {half.facts.text().split(" ·")[0] for half in both.halves} == {"step 508"}


def test_keys_play_both_and_escape_gives_the_stage_back_step_by_step(
    window: MainWindow, qtbot: QtBot, show: Callable[[int], SideBySide], wait_for: Wait
) -> None:
    run, settings = window.controller.run, window.controller.settings
    both = show(DESCENT)
    playhead = window.session.contrasts.playhead
    qtbot.keyClick(window, Qt.Key.Key_Home)
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert playhead.is_playing
    wait_for(lambda: playhead.shown_step > 2)
    qtbot.keyClick(window, Qt.Key.Key_P)
    assert not playhead.is_playing
    assert window.controller.state is RunState.READY
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.presentation.is_full_screen
    assert both.isVisible()
    assert both.width() == window.stage.width()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.session.shows_contrast
    assert window.presentation.is_full_screen
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.presentation.is_full_screen
    assert window.stage.current.name == "parameters"
    assert window.stage.current.isVisible()
    assert window.timeline.isVisible()
    assert window.readout.isVisible()
    assert (window.controller.run, window.controller.settings) == (run, settings)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.controller.state is RunState.RUNNING


def test_the_keys_of_legend_and_units_serve_both_halves_and_those_of_other_pictures(
    window: MainWindow, show: Callable[[int], SideBySide], qtbot: QtBot
) -> None:
    both = show(0)
    qtbot.keyClick(window, Qt.Key.Key_K)
    settle()
    assert all(picture._legend.isVisible() for picture in both.pictures)
    qtbot.keyClick(window, Qt.Key.Key_3)
    settle()
    assert all(picture._legend.isVisible() for picture in both.pictures)
    qtbot.keyClick(window, Qt.Key.Key_K)
    settle()
    assert not any(picture._legend.isVisible() for picture in both.pictures)
    for is_standardized in (False, True, False):
        assert {each.shows_standardized for each in both.pictures} == {is_standardized}
        qtbot.keyClick(window, Qt.Key.Key_U)
        settle()


def test_the_answer_is_shown_when_it_is_wanted_beside_the_pictures_or_in_their_place(
    window: MainWindow, panel: ContrastsPanel, qtbot: QtBot, show: Callable[[int], SideBySide]
) -> None:
    show(BATCHES)
    page = panel.page
    assert not page.answer.isVisible()
    assert not panel.entries[0].isVisible()
    qtbot.mouseClick(page.answer_button, Qt.MouseButton.LeftButton)
    assert page.answer.isVisible()
    assert "a 64th of the variance" in page.answer.text()
    qtbot.mouseClick(page.close_button, Qt.MouseButton.LeftButton)
    assert not window.session.shows_contrast
    both = show(RATES)
    assert not page.answer.isVisible()
    assert not both.why.isVisible()
    window.resize(700, 600)  # without room for both the card gives way
    settle()
    assert not window.side.isVisible()
    assert both.width() == window.stage.width() > 600
    qtbot.mouseClick(both.why, Qt.MouseButton.LeftButton)
    assert both.answer.isVisible()
    assert "never come to rest" in both.answer.text()
    assert not both.picture.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_2)
    assert both.picture.isVisible()
    assert both.picture.name == "loss"
    qtbot.keyClick(window, Qt.Key.Key_W)  # with the panel goes the contrast
    assert not window.session.shows_contrast
    assert window.stage.cover is None
    assert not any(picture.run for picture in both.findChildren(RunPlot))
    qtbot.keyClick(window, Qt.Key.Key_W)
    assert panel.entries[0].isVisible()


def test_both_have_the_same_axes_unless_their_units_differ(
    window: MainWindow, qtbot: QtBot, show: Callable[[int], SideBySide]
) -> None:
    both = show(SCALES)
    left, right = both.pictures
    assert isinstance(left, LandscapePlot)
    assert (left.shows_standardized, right.shows_standardized) == (False, True)
    assert left.canvas.x_range != right.canvas.x_range
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_5):
        qtbot.keyClick(window, key)
        settle()
        left, right = both.pictures
        assert not right.shows_standardized
        assert left.canvas.x_range == pytest.approx(right.canvas.x_range)
        assert left.canvas.y_range == pytest.approx(right.canvas.y_range)
        for canvas in (left.canvas, right.canvas):
            (x, y) = canvas.wanted_range
            assert canvas.x_range[0] <= x[0] < x[1] <= canvas.x_range[1]
            assert canvas.y_range[0] <= y[0] < y[1] <= canvas.y_range[1]
    qtbot.keyClick(window, Qt.Key.Key_2)
    settle()
    left, right = both.pictures
    before = left.canvas.x_range
    qtbot.keyClick(window, Qt.Key.Key_Plus)
    assert left.canvas.x_range != before
    assert left.canvas.x_range == pytest.approx(right.canvas.x_range)
    qtbot.keyClick(window, Qt.Key.Key_Backspace)
    assert right.canvas.x_range == left.canvas.x_range == before
    assert isinstance(left, LossPlot)
    assert isinstance(right, LossPlot)
    qtbot.mouseClick(left.more, Qt.MouseButton.LeftButton)
    assert right.more.isChecked()
    right.set_logarithmic(logarithmic=True)


def test_the_marks_of_both_landscapes_are_named_on_a_projector(
    window: MainWindow, qtbot: QtBot, show: Callable[[int], SideBySide]
) -> None:
    window.session.theme.set_scale(1.75)
    window.resize(1920, 1080)
    both = show(SCALES)
    qtbot.keyClick(window, Qt.Key.Key_4)
    settle()
    for picture in both.pictures:
        assert isinstance(picture, LandscapePlot)
        words = " ".join(text for text, _ in picture.names.written())
        assert all(name in words for name in ("start", "now", "least squares"))


def test_own_settings_are_compared_and_a_run_that_diverges_crushes_none(
    window: MainWindow, qtbot: QtBot, panel: ContrastsPanel, show: Callable[[int], SideBySide]
) -> None:
    entry = panel.entries[OWN]
    assert not entry.button.isEnabled()
    window.controller.step()
    window.controller.change_settings(learning_rate=1.3, examples=400)
    assert entry.button.isEnabled()
    both = show(OWN)
    left, right = both.halves
    assert left.words.text() == "Examples 10,000; Learning rate 0.001"
    assert right.words.text() == "Examples 400; Learning rate 1.3"
    runs = window.session.contrasts.runs
    assert runs[0] is not None
    assert runs[1] is not None
    assert right.facts.text() == f"diverged at step {runs[1].diverged_at}"
    canvases = [picture.canvas for picture in both.pictures]
    assert canvases[0].y_range == pytest.approx(canvases[1].y_range)
    assert canvases[0].y_range == pytest.approx(canvases[0].wanted_range[1])
    assert max(canvases[1].wanted_range[1]) > max(canvases[0].y_range)
    qtbot.keyClick(window, Qt.Key.Key_S)  # the run on screen comes back with its keys
    assert not window.session.shows_contrast
    assert window.controller.state is RunState.PAUSED
    show(OUTLIER)
    window.session.contrasts.playhead.play()  # and a window may close while two runs play


def test_both_runs_are_on_the_page_of_the_stage(
    window: MainWindow, show: Callable[[int], SideBySide], tmp_path: Path
) -> None:
    show(RATES)
    write_at_once(export_of("stage"), window, tmp_path / "both.svg")
    texts = {each.text for each in ET.parse(tmp_path / "both.svg").iter() if each.text}
    title = window.stage.current.title
    assert {f"{title}: Learning rate 0.001", f"{title}: Learning rate 0.5"} <= texts
    write_at_once(export_of("picture"), window, tmp_path / "left.svg")
    assert "Learning rate 0.001" in (tmp_path / "left.svg").read_text(encoding="utf-8")


def test_a_half_that_has_still_its_old_width_gives_the_other_no_empty_lines(
    show: Callable[[int], SideBySide],
) -> None:
    both = show(SCALES)
    settle()
    left, right = both.pictures
    height = left.note_height
    right._note_label.resize(30, height)
    assert right.note_height > 2 * height
    both._refresh_next()
    assert left.note_height == height


def test_halves_that_differ_by_a_pixel_are_level(
    window: MainWindow, show: Callable[[int], SideBySide]
) -> None:
    both = show(SCALES)
    widths = set()
    for width in range(1280, 1284):
        window.resize(width, 800)
        settle()
        both._refresh_next()
        left, right = both.pictures
        widths.add(left.note_width - right.note_width)
        assert left.note_height == right.note_height
    assert len(widths) > 1

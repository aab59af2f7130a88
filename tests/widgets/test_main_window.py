from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from linreg_gui.application import create_window
from linreg_gui.look.theme import Mode
from linreg_gui.number_text import rounded_down
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.runs.states import RunState
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.panels.registry import LOG, NUMBERS
from linreg_gui.widgets.window.main_window import MainWindow

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]
PauseAt = Callable[[TrainingController, int], None]


def test_the_numbers_of_the_run_are_below_the_pictures_and_in_a_panel(trained: MainWindow) -> None:
    run = trained.controller.run
    assert run is not None
    panel = trained.side.panel(NUMBERS)
    trained.refresher.refresh_all()
    for index, value in enumerate(run.history.current_parameters):
        shown = panel.table.cell(index, 0)
        assert shown.replace("−", "-") == f"{value:.4f}"
        assert trained.readout.parameters[index].number.text() == shown
    truths = [panel.table.cell(index, 1) for index in range(3)]
    assert truths == ["2.0000", "−3.4000", "4.2000"]
    assert trained.readout.state.text().startswith("Completed at step 5,000")


def test_a_single_step_is_shown_at_once(window: MainWindow, wait_for: WaitFor) -> None:
    window.controller.step()
    wait_for(lambda: window.controller.run.history.step == 1)  # type: ignore[union-attr]
    value = float(window.controller.run.history.current_parameters[0])  # type: ignore[union-attr]
    first = window.readout.parameters[0]
    wait_for(lambda: first.number.text().replace("−", "-") == f"{value:.4f}")


def test_the_words_below_name_the_step_of_a_divergence_and_the_stable_rate(
    window: MainWindow, wait_for: WaitFor
) -> None:
    window.controller.change_setting("learning_rate", 1.2)
    window.controller.start()
    wait_for(lambda: window.controller.state is RunState.DIVERGED)
    text = window.readout.state.text()
    step = window.controller.run.history.step + 1  # type: ignore[union-attr]
    assert f"step {step}" in text
    stable = rounded_down(window.controller.run.limits.reliable)  # type: ignore[union-attr]
    assert f"Rates up to {stable} train reliably in batches of 4" in text
    assert not window.messages.isVisible(), "it is said once"
    assert np.isfinite(window.controller.run.history.current_parameters).all()  # type: ignore[union-attr]
    window.controller.change_settings(learning_rate=0.001, examples=100)
    window.controller.start()
    wait_for(lambda: window.controller.state is RunState.COMPLETED)
    assert window.readout.state.text().startswith("Completed")


def test_a_message_tells_of_a_reduced_batch_size(window: MainWindow, wait_for: WaitFor) -> None:
    window.controller.change_settings(examples=10, batch_size=25)
    wait_for(lambda: "Batch size 25 was reduced to 10" in window.messages.label.text())


@pytest.mark.usefixtures("own_window")
def test_the_log_prints_the_lessons_line_every_500_batches(trained: MainWindow) -> None:
    lines = trained.side.panel(LOG).text.toPlainText().splitlines()
    assert [line.split("  average")[0] for line in lines] == [
        f"epoch {epoch}  batch {batch}" for epoch in (0, 1) for batch in range(499, 2500, 500)
    ]


def test_geometry_and_theme_are_remembered_but_settings_are_not(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    file = str(tmp_path / "window.ini")
    first = create_window(qapp, store=QSettings(file, QSettings.Format.IniFormat))
    first.show()
    first.resize(720, 600)  # no larger than the offscreen platform's screen
    first.session.theme.set_mode(Mode.DARK)
    first.controller.change_setting("epochs", 7)
    first.close()
    first.deleteLater()
    second = create_window(qapp, store=QSettings(file, QSettings.Format.IniFormat))
    second.show()
    assert (second.width(), second.height()) == (720, 600)
    assert second.session.theme.mode is Mode.DARK
    assert second.controller.settings.epochs == 2
    second.session.theme.set_mode(Mode.SYSTEM)
    second.close()
    second.deleteLater()


@pytest.mark.parametrize("damage", [b"", b"\x00\xff\xfe", b"[General]\ntheme=purple\nwindow=12\n"])
def test_a_damaged_settings_file_is_ignored(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, damage: bytes
) -> None:
    file = tmp_path / "window.ini"
    file.write_bytes(damage)
    window = create_window(qapp, store=QSettings(str(file), QSettings.Format.IniFormat))
    window.show()
    assert (window.width(), window.height()) == (1280, 800)
    assert window.session.theme.mode is Mode.SYSTEM
    window.close()
    window.deleteLater()


def test_the_pictures_keep_their_place_in_every_state(
    window: MainWindow, wait_for: WaitFor
) -> None:
    places = []
    actions = (window.refresher.refresh_all, window.controller.start, window.controller.pause)
    for act in actions:
        act()
        QApplication.processEvents()
        places.append(
            [plot.geometry() for plot in (window.picture(DataPlot), window.picture(LossPlot))]
        )
    assert places[0] == places[1] == places[2]


def cut_texts(window: MainWindow) -> list[str]:
    """Return the texts below the pictures that have too little room."""
    labels = window.readout.findChildren(QLabel)
    shown = [each for each in labels if each.isVisible() and each is not window.readout.state]
    return [each.text() for each in shown if each.width() < each.sizeHint().width()]


def test_counts_that_do_not_fit_are_left_out_whole(window: MainWindow, wait_for: WaitFor) -> None:
    window.resize(960, 680)
    window.controller.change_settings(examples=100_000)
    wait_for(lambda: window.controller.run.dataset.size == 100_000)  # type: ignore[union-attr]
    window.refresher.refresh_all()
    wait_for(lambda: not cut_texts(window))


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (1920, 1080)])
def test_no_number_is_clipped(
    window: MainWindow, wait_for: WaitFor, width: int, height: int, pause_at: PauseAt
) -> None:
    window.resize(width, height)
    pause_at(window.controller, 20)
    window.refresher.refresh_all()
    wait_for(lambda: not cut_texts(window))
    assert window.width() == width


@pytest.mark.parametrize("width", [640, 960, 1024, 1280])
def test_every_control_of_the_bar_fits_or_is_in_a_menu(window: MainWindow, width: int) -> None:
    window.resize(width, 680)
    QApplication.processEvents()
    bar = window.run_bar
    for control in (*bar.findChildren(QToolButton), *bar.findChildren(QLabel)):
        if control.isVisible():
            assert control.width() >= control.minimumSizeHint().width()
            assert control.mapTo(bar, control.rect().bottomRight()).x() < bar.width()
    assert bar.run_button.isVisible()
    assert bar.rate.slider.isVisible()
    menu = bar.more.menu()
    menu.aboutToShow.emit()
    hidden = [action for action, tab in bar.tabs.items() if not tab.isVisible()]
    assert set(hidden) <= set(menu.actions())


@pytest.mark.usefixtures("own_window")
def test_a_window_is_out_of_sight_before_its_threads_have_ended(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    were_visible: list[bool] = []
    shut_down = window.controller.shut_down

    def noting() -> bool:
        were_visible.append(window.isVisible())
        return shut_down()

    monkeypatch.setattr(window.controller, "shut_down", noting)
    window.close()
    assert were_visible == [False]

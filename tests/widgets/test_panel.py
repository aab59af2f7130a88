from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.look.inputs import ChoiceBox, NumberField
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import fixed
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.runs.states import Action, RunState
from linreg_gui.settings import DEFAULTS, Init, StopRule, settings
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.panels.registry import NUMBERS
from linreg_gui.widgets.settings.row import SettingRow
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import made_data

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]
PauseAt = Callable[[TrainingController, int], None]


def type_text(qtbot: QtBot, row: SettingRow, text: str) -> NumberField:
    field = row.editor
    assert isinstance(field, NumberField)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    return field


def error_of(row: SettingRow) -> str:
    labels = [each for each in row.findChildren(QLabel) if each.property("role") == "error"]
    return "".join(each.text() for each in labels)


def restore_button(row: SettingRow) -> QToolButton:
    button = row.findChild(QToolButton)
    assert button is not None
    return button


def test_every_setting_has_a_row(window: MainWindow) -> None:
    window.controller.change_settings(init=Init.TYPED)
    bound = {row.name for row in window.panel.rows}
    for rule in (StopRule.LOSS, StopRule.GRADIENT):
        window.controller.change_settings(stop_rule=rule)
        bound |= {row.name for row in window.panel.rows}
    assert bound == {name for name, _ in settings()}


def test_every_row_has_label_help_and_accessible_name(window: MainWindow) -> None:
    for row in window.panel.rows:
        assert row.label
        assert row.help_text
        assert row.editor.accessibleName()


@pytest.mark.parametrize("name", ["engine", "init", "stop_rule"])
def test_a_row_has_room_for_the_words_of_its_choices(name: str, theme: Theme, qtbot: QtBot) -> None:
    row = SettingRow(name, theme)
    qtbot.addWidget(row)
    layout = row.layout()
    assert layout is not None
    row.resize(row.minimumSizeHint())
    layout.activate()
    assert row.editor.width() >= row.editor.minimumSizeHint().width()


def test_a_typed_rate_means_the_same_in_every_locale(window: MainWindow, qtbot: QtBot) -> None:
    row, before = window.panel.row("learning_rate"), QLocale()
    try:
        for country in ("en_US", "de_DE", "fr_FR", "sv_SE"):
            QLocale.setDefault(QLocale(country))
            for text in ("0.05", "0,05", "5e-2"):
                window.controller.change_setting("learning_rate", DEFAULTS.learning_rate)
                field = type_text(qtbot, row, text)
                assert window.controller.settings.learning_rate == 0.05, (text, country)
                assert field.text() == "0.05"
    finally:
        QLocale.setDefault(before)


def test_a_refused_text_is_explained_and_the_old_value_stays(
    window: MainWindow, qtbot: QtBot
) -> None:
    row = window.panel.row("learning_rate")
    field = row.editor
    assert isinstance(field, NumberField)
    for text in ("abc", "nan", "-1", "1e999", "", "0", "inf", "1.2.3"):
        field.setFocus()
        field.selectAll()
        qtbot.keyClick(field, Qt.Key.Key_Delete)
        assert not error_of(row)
        qtbot.keyClicks(field, text)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert window.controller.settings == DEFAULTS, text
        assert field.text() == "0.001"
        assert "Still 0.001" in error_of(row)


def test_typing_again_removes_the_error(window: MainWindow, qtbot: QtBot) -> None:
    row = window.panel.row("epochs")
    field = type_text(qtbot, row, "x")
    assert error_of(row)
    qtbot.keyClicks(field, "3")
    assert not error_of(row)


def test_escape_restores_the_old_text(window: MainWindow, qtbot: QtBot) -> None:
    field = window.panel.row("epochs").editor
    assert isinstance(field, NumberField)
    field.setFocus()
    qtbot.keyClicks(field, "99")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "2"


def test_arrow_keys_step_through_round_numbers(window: MainWindow, qtbot: QtBot) -> None:
    field = window.panel.row("learning_rate").editor
    for key, expected in ((Qt.Key.Key_Up, 0.002), (Qt.Key.Key_Up, 0.005), (Qt.Key.Key_Down, 0.002)):
        qtbot.keyClick(field, key)
        assert window.controller.settings.learning_rate == expected


def test_arrow_keys_stop_at_the_limits(window: MainWindow, qtbot: QtBot) -> None:
    type_text(qtbot, window.panel.row("epochs"), "1")
    qtbot.keyClick(window.panel.row("epochs").editor, Qt.Key.Key_Down)
    assert window.controller.settings.epochs == 1


@pytest.mark.usefixtures("own_window")  # the button stays, once it was there
def test_one_click_restores_the_default(window: MainWindow, qtbot: QtBot) -> None:
    row = window.panel.row("noise_std")
    assert row.findChild(QToolButton) is None
    type_text(qtbot, row, "0.5")
    assert not restore_button(row).isHidden()
    qtbot.mouseClick(restore_button(row), Qt.MouseButton.LeftButton)
    assert window.controller.settings == DEFAULTS
    assert restore_button(row).isHidden()


def test_the_variance_is_shown_below_the_standard_deviation(
    window: MainWindow, qtbot: QtBot
) -> None:
    type_text(qtbot, window.panel.row("noise_std"), "0.3")
    assert any("σ² = 0.09" in label for label in label_texts(window.panel))


def test_a_note_gives_the_size_of_a_short_last_batch(window: MainWindow, qtbot: QtBot) -> None:
    type_text(qtbot, window.panel.row("batch_size"), "3")
    assert any(
        "3,334 batches per epoch, the last with 1" in text for text in label_texts(window.panel)
    )


def test_the_rate_slider_moves_the_rate_and_follows_it(window: MainWindow, qtbot: QtBot) -> None:
    slider = window.run_bar.rate.slider
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_PageUp)
    assert window.controller.settings.learning_rate == 0.01
    assert window.run_bar.rate.field.text() == "0.01"
    type_text(qtbot, window.panel.row("learning_rate"), "0.1")
    assert window.run_bar.rate.field.text() == "0.1"
    qtbot.keyClick(slider, Qt.Key.Key_PageDown)
    assert window.controller.settings.learning_rate == 0.01
    assert window.run_bar.rate.field.text() == "0.01"


def test_one_feature_hides_the_second_weight_and_two_bring_it_back(
    window: MainWindow, qtbot: QtBot, wait_for: WaitFor
) -> None:
    row = window.panel.row
    type_text(qtbot, row("true_weights", 1), "7.5")
    row("true_weights").commit(1)
    assert window.controller.settings.features == 1
    assert row("true_weights", 1).isHidden()
    wait_for(
        lambda: window.controller.run is not None and window.controller.run.dataset.dimension == 1
    )
    row("true_weights").commit(2)
    assert window.controller.settings.true_weights == (2.0, 7.5)
    assert not row("true_weights", 1).isHidden()


@pytest.mark.parametrize("init", [Init.TYPED, Init.ZEROS, Init.NORMAL])
def test_a_start_can_be_chosen_from_the_list(
    window: MainWindow, qtbot: QtBot, wait_for: WaitFor, init: Init
) -> None:
    controller = window.controller
    controller.change_settings(init=Init.ZEROS if init is Init.NORMAL else Init.NORMAL)
    controller.change_settings(start_weights=(1.0, 2.0), start_bias=3.0)
    choices = window.panel.row("init").editor
    assert isinstance(choices, ChoiceBox)
    choices.setCurrentIndex(list(Init).index(init))
    choices.activated.emit(choices.currentIndex())
    assert controller.settings.init is init
    shown = {row.name for row in window.panel.rows if not row.isHidden()}
    assert ("start_weights" in shown) is (init is Init.TYPED)
    controller.reset()
    wait_for(lambda: controller.run is not None and controller.run.config.init is init)
    assert controller.run is not None
    start = controller.run.history.start.tolist()
    if init is Init.NORMAL:
        assert start not in ([0, 0, 0], [1, 2, 3])
    else:
        assert start == ([1, 2, 3] if init is Init.TYPED else [0, 0, 0])


def test_a_number_that_is_still_being_typed_counts_when_run_is_pressed(
    window: MainWindow, qtbot: QtBot, wait_for: WaitFor
) -> None:
    field = window.panel.row("epochs").editor
    assert isinstance(field, NumberField)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "3")
    qtbot.mouseClick(window.run_bar.run_button, Qt.MouseButton.LeftButton)
    assert window.controller.settings.epochs == 3
    wait_for(lambda: window.controller.run is not None and window.controller.run.config.epochs == 3)


def test_escape_while_typing_does_not_stop_the_run(window: MainWindow, qtbot: QtBot) -> None:
    window.controller.start()
    field = window.panel.row("seed").editor
    field.setFocus()
    qtbot.keyClicks(field, "7")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert window.controller.allows(Action.STOP)


def test_a_valid_value_removes_the_error(window: MainWindow, qtbot: QtBot) -> None:
    row = window.panel.row("learning_rate")
    field = type_text(qtbot, row, "abc")
    assert field.property("invalid")
    window.controller.change_setting("learning_rate", 0.2)
    assert not field.property("invalid")
    assert not error_of(row)


def test_an_error_stays_until_another_setting_changes(window: MainWindow, qtbot: QtBot) -> None:
    row, other = window.panel.row("epochs"), window.panel.row("batch_size")
    field = type_text(qtbot, row, "abc")
    other.editor.setFocus()
    window.panel._show_settings()
    assert error_of(row)
    assert field.property("invalid")
    type_text(qtbot, other, "8")
    assert not error_of(row)
    assert not field.property("invalid")


def test_only_the_pending_number_is_marked(
    window: MainWindow, qtbot: QtBot, pause_at: PauseAt
) -> None:
    pause_at(window.controller, 5)
    window.controller.change_setting("true_weights", (2.0, 1.0))
    marked = [text for text in label_texts(window.panel) if text.endswith(" •")]
    assert marked == ["True w1 •"]


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ({"batch_size": 16}, 1),
        ({"true_weights": (1.0, 1.0)}, 2),
        ({"init": Init.TYPED, "start_weights": (1.0, 1.0), "start_bias": 2.0}, 4),
        ({"true_weights": (2.0,)}, 1),
        ({"start_bias": 2.0}, 0),  # without an effect while the start is drawn
    ],
)
def test_as_many_changes_are_counted_as_are_marked(
    window: MainWindow, pause_at: PauseAt, values: dict[str, object], count: int
) -> None:
    pause_at(window.controller, 5)
    window.controller.change_settings(**values)
    texts = label_texts(window.panel)
    assert len([text for text in texts if text.endswith(" •")]) == count
    words = [text for text in texts if "at Reset" in text]
    expected = {0: [], 1: ["• 1 change applies at Reset"]}
    assert words == expected.get(count, [f"• {count} changes apply at Reset"])


@pytest.mark.usefixtures("own_window")  # the rows stay, once they were there
def test_the_rows_of_a_typed_start_appear_only_if_it_is_chosen(
    window: MainWindow, qtbot: QtBot, wait_for: WaitFor
) -> None:
    row = window.panel.row
    assert all(row.name != "start_weights" for row in window.panel.rows)
    row("init").commit(Init.TYPED)
    assert not row("start_weights", 0).isHidden()
    labels = {row.editor: row.label for row in window.panel.rows}
    order, widget = ["Start"], row("init").editor
    while order[-1] != "Learning rate":
        widget = widget.nextInFocusChain() or widget
        order += [labels[widget]] if widget in labels else []
    assert order == ["Start", "Start w0", "Start w1", "Start bias", "Learning rate"]
    type_text(qtbot, row("start_weights", 0), "1.5")
    type_text(qtbot, row("start_bias"), "-2")
    wait_for(
        lambda: (
            window.controller.run is not None
            and window.controller.run.history.start.tolist() == [1.5, 0.0, -2.0]
        )
    )


def test_a_change_before_the_first_step_applies_at_once(
    window: MainWindow, qtbot: QtBot, wait_for: WaitFor
) -> None:
    type_text(qtbot, window.panel.row("examples"), "500")
    wait_for(
        lambda: window.controller.run is not None and window.controller.run.dataset.size == 500
    )
    assert not window.controller.pending_settings


def test_a_later_change_shows_that_it_applies_at_reset(
    window: MainWindow, qtbot: QtBot, pause_at: PauseAt, wait_for: WaitFor
) -> None:
    pause_at(window.controller, 10)
    type_text(qtbot, window.panel.row("batch_size"), "16")
    assert window.controller.pending_settings == {"batch_size"}
    assert any("1 change applies at Reset" in text for text in label_texts(window.panel))
    assert window.controller.run is not None
    assert window.controller.run.config.batch_size == 4
    window.controller.reset()
    wait_for(
        lambda: window.controller.run is not None and window.controller.run.config.batch_size == 16
    )
    assert not any("applies at Reset" in text for text in label_texts(window.panel))


def test_the_learning_rate_is_never_pending(
    window: MainWindow, qtbot: QtBot, pause_at: PauseAt
) -> None:
    pause_at(window.controller, 10)
    type_text(qtbot, window.panel.row("learning_rate"), "0.01")
    assert not window.controller.pending_settings


def test_each_setting_says_what_it_does_and_its_limits(window: MainWindow) -> None:
    row = window.panel.row("batch_size")
    for words in (row.toolTip(), row.whatsThis(), row.editor.accessibleDescription()):
        assert "1 to 1,000,000" in words


def label_texts(parent: QWidget) -> list[str]:
    return [label.text() for label in parent.findChildren(QLabel) if label.isVisibleTo(parent)]


def test_ten_features_have_rows_curves_and_numbers(
    window: MainWindow, wait_for: Callable[..., None]
) -> None:
    controller = window.controller
    controller.change_settings(examples=1000, learning_rate=0.01)
    window.panel.row("true_weights").commit(10)
    wait_for(lambda: controller.run is not None and controller.run.dataset.dimension == 10)
    for index in range(10):
        assert window.panel.row("true_weights", index).isVisibleTo(window.panel)
    assert len(window.picture(ParametersPlot).curves.series) == 11
    controller.finish_epoch()
    wait_for(lambda: controller.state is RunState.PAUSED)
    window.refresher.refresh_all()
    run = controller.run
    assert run is not None
    for index, value in enumerate(run.history.current_parameters.tolist()):
        assert window.side.panel(NUMBERS).table.cell(index, 0) == fixed(value)
    assert np.abs(run.history.current_parameters - run.references.parameters).max() < 0.2
    window.panel.row("true_weights", 9).commit(0.25)
    window.panel.row("true_weights").commit(2)
    window.panel.row("true_weights").commit(10)
    assert controller.settings.true_weights[-1] == 0.25


def test_nothing_is_cut_off_at_the_right_edge(window: MainWindow, wait_for: WaitFor) -> None:
    scroller = window.panel.findChild(QScrollArea)
    assert scroller is not None
    window.controller.use_data(made_data([[1, 2], [2, 5], [3, 1]], [1, 2, 4]), test_share=0.4)
    window.controller.change_settings(init=Init.TYPED, learning_rate=0.0123)
    wait_for(lambda: window.controller.current_run is not None)
    assert scroller.widget().width() <= scroller.viewport().width()
    restore = restore_button(window.panel.row("learning_rate"))
    viewport = scroller.viewport()
    assert restore.mapTo(viewport, restore.rect().topRight()).x() < viewport.width()


def test_rows_that_something_leads_to_are_in_sight_and_marked(window: MainWindow) -> None:
    window.actions_of.settings.setChecked(True)
    window.resize(1280, 500)
    window.session.settings_wanted.emit(("noise_std", "epochs"))
    for _ in range(3):
        QApplication.processEvents()
    row, other = window.panel.row("epochs"), window.panel.row("batch_size")
    assert row.property("marked")
    assert not other.property("marked")
    first = window.panel.row("noise_std")
    assert first.visibleRegion().boundingRect() == first.rect()


def test_settings_stay_closed_where_the_stage_needs_the_room(window: MainWindow) -> None:
    window.resize(700, 500)
    window.session.settings_wanted.emit(("noise_std",))
    assert window.actions_of.settings.isChecked()
    window.actions_of.settings.setChecked(False)
    window.resize(640, 500)
    window.session.theme.set_scale(1.5)
    window.session.settings_wanted.emit(("noise_std",))
    assert not window.actions_of.settings.isChecked()


def test_a_setting_that_a_person_asks_for_gets_the_focus(window: MainWindow) -> None:
    window.activateWindow()
    window.session.setting_wanted.emit("epochs")
    assert window.panel.row("epochs").editor.hasFocus()
    window.session.setting_wanted.emit("true_weights")
    assert window.panel.row("true_weights").editor.hasFocus()

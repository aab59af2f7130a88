"""The guide asks, runs the lesson's lines and compares. The keyboard is enough for all this."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from linreg_gui.application import create_window
from linreg_gui.guide.stops import COLUMNS
from linreg_gui.runs.states import Action
from linreg_gui.settings import DEFAULTS
from linreg_gui.threads.guide import Guide
from linreg_gui.widgets.panels.guide_answers import ChoiceAnswer, NumberAnswer, Sketch
from linreg_gui.widgets.panels.guide_panel import GuidePanel
from linreg_gui.widgets.panels.registry import GUIDE
from linreg_gui.widgets.window.main_window import MainWindow

WaitFor = Callable[[Callable[[], bool]], None]
Key = Qt.Key
ITERATOR, PARAMETERS, LOOP = 2, 3, 7


@pytest.fixture
def store(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def loading_window(qapp: QApplication, store: QSettings) -> Iterator[MainWindow]:
    window = create_window(qapp, dataclasses.replace(DEFAULTS, examples=400), store)
    window.resize(1440, 900)
    window.show()
    yield window
    assert window.close()
    window.deleteLater()


@pytest.fixture
def panel(window: MainWindow) -> GuidePanel:
    window.activateWindow()
    window.session.switches[GUIDE].setChecked(True)
    return window.side.panel(GUIDE)


def press(qtbot: QtBot, *keys: Key) -> None:
    for key in keys:
        focused = QApplication.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, key)


def number_field(panel: GuidePanel) -> NumberAnswer:
    assert isinstance(panel.view.field, NumberAnswer)
    return panel.view.field


def sketch_of(panel: GuidePanel) -> Sketch:
    assert isinstance(panel.view.field, Sketch)
    return panel.view.field


def answer(qtbot: QtBot, panel: GuidePanel, text: str) -> None:
    panel.view.take_focus()
    qtbot.keyClicks(number_field(panel).text, text)
    press(qtbot, Key.Key_Return)


def run(panel: GuidePanel, wait_for: WaitFor) -> None:
    panel.view.run.click()
    wait_for(lambda: panel.guide.running is None)


def test_lines_run_after_a_prediction_and_the_explanation_follows(
    qtbot: QtBot, panel: GuidePanel, wait_for: WaitFor
) -> None:
    view = panel.view
    assert not view.run.isEnabled()
    assert not view.afterwards.isVisible()
    answer(qtbot, panel, "0,01")
    assert view.run.isEnabled()
    assert not view.afterwards.isVisible()
    run(panel, wait_for)
    assert "standard deviation 0.0" in view.output.toPlainText()
    assert view.comparison.text().endswith(": right.")
    assert view.afterwards.isVisible()


def test_the_result_of_a_run_is_scrolled_into_view(
    qtbot: QtBot, panel: GuidePanel, wait_for: WaitFor
) -> None:
    answer(qtbot, panel, "0.01")
    run(panel, wait_for)
    comparison = panel.view.comparison
    wait_for(lambda: comparison.visibleRegion().boundingRect() == comparison.rect())


def test_a_locked_prediction_cannot_be_typed_over(qtbot: QtBot, panel: GuidePanel) -> None:
    answer(qtbot, panel, "0.5")
    field = number_field(panel)
    qtbot.keyClicks(field.text, "7")
    assert (field.text.text(), panel.guide.prediction) == ("0.5", 0.5)
    assert not panel.view.lock.isVisible()


def test_escape_clears_what_is_typed_and_does_not_stop_the_training(
    qtbot: QtBot, window: MainWindow, panel: GuidePanel
) -> None:
    window.controller.step()
    panel.view.take_focus()
    field = number_field(panel)
    qtbot.keyClicks(field.text, "0.5")
    press(qtbot, Key.Key_Escape)
    assert field.text.text() == ""
    assert window.controller.allows(Action.STOP)


def test_text_that_is_not_a_number_is_refused_in_a_sentence(
    qtbot: QtBot, panel: GuidePanel
) -> None:
    answer(qtbot, panel, "small")
    assert panel.view.refusal.text().startswith("“small” is not a number")
    assert panel.guide.prediction is None


def test_the_keyboard_alone_walks_through_a_stop(
    qtbot: QtBot, panel: GuidePanel, wait_for: WaitFor
) -> None:
    panel.guide.go_to(PARAMETERS)
    field = panel.view.field
    assert isinstance(field, ChoiceAnswer)
    panel.setFocus()
    while (focused := QApplication.focusWidget()) and not field.isAncestorOf(focused):
        press(qtbot, Key.Key_Tab)
    press(qtbot, Key.Key_Return, Key.Key_Down, Key.Key_Return)
    assert panel.guide.prediction == 2
    assert panel.view.run.hasFocus()
    press(qtbot, Key.Key_Return)
    wait_for(lambda: panel.guide.running is None)
    assert panel.view.comparison.text() == "You said “random numbers”; it was “only zeros”."
    qtbot.keyClick(panel, Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    wait_for(lambda: panel.view.stop.name == "05-model")
    qtbot.keyClick(panel, Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    wait_for(lambda: panel.view.stop.name == "04-parameters")


def test_a_choice_must_be_made_before_it_is_locked(qtbot: QtBot, panel: GuidePanel) -> None:
    panel.guide.go_to(PARAMETERS)
    panel.view.lock.click()
    assert panel.view.refusal.text() == "Choose one of these first."


def test_a_run_can_be_stopped(qtbot: QtBot, window: MainWindow, panel: GuidePanel) -> None:
    window.controller.change_setting("epochs", 10_000)
    panel.guide.go_to(LOOP)
    panel.guide.lock((0.5,) * COLUMNS)
    panel.view.run.click()
    assert panel.view.run.text() == "Stop"
    panel.view.run.click()
    assert panel.guide.running is None
    assert panel.view.run.text() == "Run"


def test_a_new_panel_shows_earlier_predictions_and_runs(
    qtbot: QtBot,
    window: MainWindow,
    store: QSettings,
    panel: GuidePanel,
    wait_for: WaitFor,
) -> None:
    panel.guide.go_to(ITERATOR)
    answer(qtbot, panel, "0")
    run(panel, wait_for)
    again = GuidePanel(Guide(window.controller, store, window), window.session.theme)
    qtbot.addWidget(again)
    assert again.view.stop.name == "03-iterator"
    assert number_field(again).text.text() == "0"
    assert not again.view.afterwards.isHidden()
    assert again.view.run.text() == "Run again"


def test_starting_over_asks_again(qtbot: QtBot, panel: GuidePanel) -> None:
    answer(qtbot, panel, "0.5")
    panel.start_over.click()
    assert number_field(panel).text.text() == ""
    assert panel.view.lock.isVisible()
    assert not panel.start_over.isEnabled()


class TestASketch:
    @pytest.fixture
    def sketch(self, panel: GuidePanel) -> Sketch:
        panel.guide.go_to(LOOP)
        panel.view.take_focus()
        QApplication.processEvents()
        return sketch_of(panel)

    def test_is_drawn_with_the_arrow_keys(
        self, qtbot: QtBot, panel: GuidePanel, sketch: Sketch
    ) -> None:
        press(qtbot, Key.Key_Down, Key.Key_Right, Key.Key_Up, Key.Key_Up, Key.Key_Return)
        assert panel.guide.prediction == pytest.approx((0.45, 0.6, *[0.5] * (COLUMNS - 2)))

    def test_is_drawn_with_the_mouse_in_every_column_on_the_way(
        self, qtbot: QtBot, sketch: Sketch
    ) -> None:
        area = sketch.area
        ends = [area.bottomLeft(), area.topRight()]
        first, last = (QPoint(round(end.x()), round(end.y())) for end in ends)
        qtbot.mousePress(sketch, Qt.MouseButton.LeftButton, pos=first)
        qtbot.mouseMove(sketch, QPointF(last).toPoint())
        qtbot.mouseRelease(sketch, Qt.MouseButton.LeftButton, pos=last)
        assert sketch.heights == pytest.approx([k / 10 for k in range(COLUMNS)], abs=0.02)

    def test_must_be_drawn_before_it_is_locked(self, panel: GuidePanel, sketch: Sketch) -> None:
        panel.view.lock.click()
        assert panel.view.refusal.text().startswith("Draw the curve first")

    def test_cannot_change_once_it_is_locked(
        self, qtbot: QtBot, panel: GuidePanel, sketch: Sketch
    ) -> None:
        press(qtbot, Key.Key_Up, Key.Key_Return)
        locked = list(sketch.heights)
        qtbot.keyClick(sketch, Key.Key_Up)
        qtbot.mouseClick(sketch, Qt.MouseButton.LeftButton)
        assert sketch.heights == locked

    def test_shows_what_happened_after_the_run(
        self, qtbot: QtBot, panel: GuidePanel, sketch: Sketch, wait_for: WaitFor
    ) -> None:
        press(qtbot, Key.Key_Up, Key.Key_Return)
        before = sketch.grab().toImage()
        run(panel, wait_for)
        assert sketch.grab().toImage() != before
        assert "of the highest value" in panel.view.comparison.text()


def test_a_message_names_a_stop_that_cannot_be_read(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "01-data.md").write_text("No heading.")
    monkeypatch.setattr("linreg_gui.guide.stops.resource_path", lambda *_: tmp_path)
    said: list[str] = []
    window.controller.message_posted.connect(said.append)
    window.session.switches[GUIDE].trigger()
    assert said == ["01-data.md: it must begin with a heading of the first level."]
    assert not window.session.switches[GUIDE].isChecked()
    assert not window.side.isVisible()


def test_the_guide_gets_the_focus_when_its_key_opens_it(
    window: MainWindow, qtbot: QtBot, wait_for: Callable[..., None]
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_G)
    panel = window.side.panel(GUIDE)
    for key in "0.01":
        qtbot.keyClick(QApplication.focusWidget(), key)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert panel.view.is_locked
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    wait_for(lambda: panel.guide.is_seen)


@pytest.mark.parametrize("number", ["1e300", "1e-300", "123456789012"])
def test_a_number_of_any_size_keeps_the_panels_width(
    window: MainWindow, qtbot: QtBot, wait_for: Callable[..., None], number: str
) -> None:
    window.session.switches[GUIDE].trigger()
    panel = window.side.panel(GUIDE)
    width = panel.view.width()
    answer(qtbot, panel, number)
    run(panel, wait_for)
    QApplication.processEvents()
    assert panel.view.width() <= width
    assert len(panel.view.comparison.text()) < 60

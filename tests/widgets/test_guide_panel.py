"""The guide asks, runs the lesson's lines and compares. The keyboard is enough for all this."""

import dataclasses
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui import plots
from linreg_gui.guide.questions import COLUMNS
from linreg_gui.guide.stops import Highlight, read_stops
from linreg_gui.look import speech
from linreg_gui.look.theme import Theme
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.data_view import View
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.runs.states import Action, RunState
from linreg_gui.settings import DEFAULTS
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.guide import Guide
from linreg_gui.widgets.panels.code_view import CodeView
from linreg_gui.widgets.panels.guide_answers import ChoiceAnswer, NumberAnswer, Sketch
from linreg_gui.widgets.panels.guide_panel import GuidePanel
from linreg_gui.widgets.panels.registry import GUIDE, STEP
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import LastingThread, is_prepared, wait_until_ready

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]
Key = Qt.Key
DATA, SCATTER, ITERATOR, PARAMETERS, OPTIMIZER, LOOP, TAKEAWAY = 0, 1, 2, 3, 6, 7, 8
SETTINGS = dataclasses.replace(DEFAULTS, examples=400)


@pytest.fixture
def store(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def inside(window: MainWindow, wait_for: WaitFor) -> Iterator[GuidePanel]:
    """Return the panel in the window."""
    window.resize(1440, 900)
    window.controller.change_settings(examples=SETTINGS.examples)
    window.session.switches[GUIDE].setChecked(True)
    panel = window.side.panel(GUIDE)
    wait_for(lambda: is_prepared(window.controller))
    yield panel
    panel.guide.start_over()


@pytest.fixture
def theme(window: MainWindow) -> Theme:
    """Return that of the window, which another one would style again."""
    return window.session.theme


@pytest.fixture
def controller(qtbot: QtBot, lasting_thread: LastingThread) -> Iterator[TrainingController]:
    controller = TrainingController(settings=SETTINGS, background=lasting_thread)
    controller.load()
    wait_until_ready(qtbot, controller)
    yield controller
    assert controller.shut_down()
    controller.deleteLater()


@pytest.fixture
def panel(
    qtbot: QtBot, theme: Theme, store: QSettings, controller: TrainingController
) -> Iterator[GuidePanel]:
    """Return the panel alone, which needs no pictures."""
    host = QWidget()  # without a layout: offscreen windows complain when their least size changes
    host.resize(600, 700)
    panel = GuidePanel(Guide(controller, store, controller), theme)
    panel.setParent(host)
    panel.resize(480, 700)
    host.show()
    host.activateWindow()
    yield panel
    host.close()
    host.deleteLater()


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
    number_field(panel).setFocus()
    qtbot.keyClicks(number_field(panel).text, text)
    press(qtbot, Key.Key_Return)


def run(panel: GuidePanel, wait_for: WaitFor) -> None:
    panel.run.click()
    wait_for(lambda: panel.guide.running is None)


def is_in_view(widget: QWidget) -> bool:
    """Return whether all of a widget can be seen."""
    return widget.isVisible() and widget.visibleRegion().boundingRect() == widget.rect()


def settle_layout() -> None:
    for _ in range(3):
        QApplication.processEvents()


def test_lines_run_after_a_prediction_and_the_explanation_follows(
    qtbot: QtBot, panel: GuidePanel, wait_for: WaitFor
) -> None:
    page = panel.view.page
    assert not panel.run.isVisible()
    assert not page.afterwards.isVisible()
    answer(qtbot, panel, "0,01")
    assert panel.run.isEnabled()
    assert not page.afterwards.isVisible()
    run(panel, wait_for)
    assert "standard deviation 0.0" in page.output.toPlainText()
    assert panel.view.verdict.heading.text() == "✓ Right"
    assert page.afterwards.isVisible()


def test_the_result_of_a_run_is_scrolled_into_view(
    qtbot: QtBot, panel: GuidePanel, wait_for: WaitFor
) -> None:
    answer(qtbot, panel, "0.01")
    run(panel, wait_for)
    wait_for(lambda: is_in_view(panel.view.page.output))


def test_the_question_stays_in_view_while_the_text_scrolls(
    window: MainWindow, inside: GuidePanel
) -> None:
    panel = inside
    sizes = [(1280, 800), (960, 620)]
    for size, index in itertools.product(sizes, range(len(read_stops()))):
        window.resize(*size)
        panel.guide.go_to(index)
        settle_layout()
        field, page = panel.view.field, panel.view.page
        area = panel.view.findChild(QScrollArea, "plain")
        assert field is not None
        assert isinstance(area, QScrollArea)
        bar = area.verticalScrollBar()
        for place in (bar.minimum(), bar.maximum()):
            bar.setValue(place)
            assert field.visibleRegion().boundingRect().height() > 20, (size, index)
            assert is_in_view(panel.lock), (size, index)
            assert page.visibleRegion().boundingRect().height() > 40, (size, index)


def test_the_verdict_is_a_card_in_view(qtbot: QtBot, panel: GuidePanel, wait_for: WaitFor) -> None:
    panel.guide.go_to(ITERATOR)
    assert not panel.view.verdict.isVisible()
    answer(qtbot, panel, "100")
    run(panel, wait_for)
    verdict = panel.view.verdict
    wait_for(lambda: is_in_view(verdict))
    assert verdict.heading.text() == "✗ Not right"
    assert verdict.words.text() == (
        "You said 100; it was 0. A used-up iterator is empty until reset() is called."
    )
    assert is_in_view(verdict.words)


def test_the_verdict_and_a_refusal_are_announced(
    qtbot: QtBot, panel: GuidePanel, wait_for: WaitFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(speech, "QAccessible", SimpleNamespace(
        updateAccessibility=lambda event: said.append(event.message())
    ))  # fmt: skip

    def verdicts() -> list[str]:
        return [words for words in said if "Right. You said 0.01; it was 0.0" in words]

    answer(qtbot, panel, "small")
    assert panel.view.refusal.text() in said  # the window may have said its state
    number_field(panel).text.clear()
    answer(qtbot, panel, "0.01")
    run(panel, wait_for)
    wait_for(lambda: len(verdicts()) == 1)
    panel.guide.go_to(ITERATOR)
    panel.guide.go_to(0)
    assert len(verdicts()) == 1, "an old verdict was announced again"


def test_a_locked_prediction_cannot_be_typed_over(qtbot: QtBot, panel: GuidePanel) -> None:
    answer(qtbot, panel, "0.5")
    field = number_field(panel)
    qtbot.keyClicks(field.text, "7")
    assert (field.text.text(), panel.guide.prediction) == ("0.5", 0.5)
    assert not panel.lock.isVisible()


def test_escape_clears_what_is_typed_and_does_not_stop_the_training(
    qtbot: QtBot, window: MainWindow, inside: GuidePanel
) -> None:
    window.controller.step()
    field = number_field(inside)
    field.setFocus()
    qtbot.keyClicks(field.text, "0.5")
    press(qtbot, Key.Key_Escape)
    assert field.text.text() == ""
    assert window.controller.allows(Action.STOP)


def test_text_that_is_not_a_number_is_refused_in_a_sentence(
    qtbot: QtBot, panel: GuidePanel
) -> None:
    for text, refusal in ("", "Type a number first."), ("small", "“small” is not a number"):
        answer(qtbot, panel, text)
        assert panel.view.refusal.text().startswith(refusal)
        assert panel.guide.prediction is None


def test_the_keyboard_alone_walks_through_a_stop(
    qtbot: QtBot, inside: GuidePanel, wait_for: WaitFor
) -> None:
    panel = inside
    panel.guide.go_to(PARAMETERS)
    field = panel.view.field
    assert isinstance(field, ChoiceAnswer)
    panel.setFocus()
    while (focused := QApplication.focusWidget()) and not field.isAncestorOf(focused):
        press(qtbot, Key.Key_Tab)
    press(qtbot, Key.Key_Return, Key.Key_Down, Key.Key_Return)
    assert panel.guide.prediction == 2
    assert panel.run.hasFocus()
    press(qtbot, Key.Key_Return)
    wait_for(lambda: panel.guide.running is None)
    assert panel.view.verdict.words.text().startswith(
        "You said “random numbers”; it was “only zeros”."
    )
    assert panel.next.hasFocus()
    press(qtbot, Key.Key_Return)
    wait_for(lambda: panel.view.stop.name == "05-model")
    qtbot.keyClick(panel, Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    wait_for(lambda: panel.view.stop.name == "04-parameters")
    qtbot.keyClick(panel, Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    wait_for(lambda: panel.view.stop.name == "05-model")
    qtbot.keyClick(panel, Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    wait_for(lambda: panel.view.stop.name == "04-parameters")


def test_a_choice_must_be_made_before_it_is_locked(qtbot: QtBot, panel: GuidePanel) -> None:
    panel.guide.go_to(PARAMETERS)
    field = panel.view.field
    assert isinstance(field, ChoiceAnswer)
    assert field.group.checkedId() == -1, "an answer is chosen already"
    panel.lock.click()
    assert panel.view.refusal.text() == "Choose one of these first."


def test_an_arrow_key_chooses_even_while_nothing_is_chosen(qtbot: QtBot, panel: GuidePanel) -> None:
    panel.guide.go_to(PARAMETERS)
    field = panel.view.field
    assert isinstance(field, ChoiceAnswer)
    field.setFocus()
    press(qtbot, Key.Key_Down)
    assert field.group.checkedId() == 2
    press(qtbot, Key.Key_Down)
    assert field.group.checkedId() == 3
    press(qtbot, Key.Key_Up, Key.Key_Up)
    assert field.group.checkedId() == 1


def test_the_space_bar_runs_unless_it_is_typed_into_a_number(
    qtbot: QtBot, window: MainWindow, inside: GuidePanel
) -> None:
    field = number_field(inside)
    field.setFocus()
    qtbot.keyClicks(field.text, "2 500")
    assert field.text.text() == "2 500"
    assert not window.controller.allows(Action.PAUSE)
    for index in ITERATOR, PARAMETERS, LOOP:
        inside.guide.go_to(index)
        assert inside.view.field is not None
        inside.view.field.setFocus()
        press(qtbot, Key.Key_Space)
        assert window.controller.allows(Action.PAUSE), index
        assert not inside.view.is_locked, index
        window.controller.stop()


def test_every_control_is_reached_with_tab_from_top_to_bottom(
    qtbot: QtBot, inside: GuidePanel
) -> None:
    panel = inside
    panel.dots.dots[0].setFocus()  # from now on Tab stops at one of them only
    panel.guide.go_to(ITERATOR)
    panel.guide.go_to(PARAMETERS)
    panel.dots.dots[PARAMETERS].setFocus()
    reached = []
    while (focused := QApplication.focusWidget()) and panel.isAncestorOf(focused):
        assert focused.accessibleName() or getattr(focused, "text", str)(), type(focused)
        reached.append(focused)
        press(qtbot, Key.Key_Tab)
    field = panel.view.field
    assert isinstance(field, ChoiceAnswer)
    answers = [widget for widget in reached if field.isAncestorOf(widget)]
    assert answers
    assert reached[-1] is panel.lock
    assert reached.index(panel.view.page.settings) < reached.index(answers[0])


def test_a_run_can_be_stopped(controller: TrainingController, panel: GuidePanel) -> None:
    controller.change_setting("epochs", 10_000)
    panel.guide.go_to(LOOP)
    panel.guide.lock((0.5,) * COLUMNS)
    panel.run.click()
    assert panel.run.text() == "Stop"
    panel.run.click()
    assert panel.guide.running is None
    assert panel.run.text() == "Run"


def test_a_new_panel_shows_earlier_predictions_and_runs(
    qtbot: QtBot,
    controller: TrainingController,
    theme: Theme,
    store: QSettings,
    panel: GuidePanel,
    wait_for: WaitFor,
) -> None:
    panel.guide.go_to(ITERATOR)
    answer(qtbot, panel, "0")
    run(panel, wait_for)
    again = GuidePanel(Guide(controller, store, panel), theme)
    qtbot.addWidget(again)
    assert again.view.stop.name == "03-iterator"
    assert number_field(again).text.text() == "0"
    assert not again.view.page.afterwards.isHidden()
    assert again.run.text() == "Run again"
    assert again.dots.dots[ITERATOR].is_done


def test_the_keys_of_the_lesson_are_in_its_menu(window: MainWindow, inside: GuidePanel) -> None:
    later, earlier = window.side.keys[GUIDE]
    later.trigger()
    assert inside.view.stop.name == "02-scatter"
    earlier.trigger()
    earlier.trigger()
    assert inside.view.stop.name == "01-data"


def test_the_next_stop_is_offered_once_this_one_is_done(
    qtbot: QtBot, panel: GuidePanel, wait_for: WaitFor
) -> None:
    assert not panel.next.isVisible()
    answer(qtbot, panel, "0.01")
    run(panel, wait_for)
    assert is_in_view(panel.next)
    panel.next.click()
    assert panel.view.stop.name == "02-scatter"
    panel.guide.go_to(TAKEAWAY)
    panel.guide.lock(0.0001)
    run(panel, wait_for)
    assert not panel.next.isVisible()


def test_starting_over_asks_again(qtbot: QtBot, panel: GuidePanel) -> None:
    answer(qtbot, panel, "0.5")
    panel.start_over.click()
    assert number_field(panel).text.text() == ""
    assert panel.lock.isVisible()
    assert not panel.start_over.isEnabled()


class TestASketch:
    @pytest.fixture
    def sketch(self, panel: GuidePanel) -> Sketch:
        panel.guide.go_to(LOOP)
        sketch_of(panel).setFocus()
        settle_layout()
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
        panel.lock.click()
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
        assert "of the highest value" in panel.view.verdict.words.text()


@pytest.mark.usefixtures("own_window")
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
    panel.guide.start_over()


def test_a_number_of_any_size_keeps_the_panels_width(
    qtbot: QtBot, inside: GuidePanel, wait_for: WaitFor
) -> None:
    width = inside.view.width()
    for number in "9e299", "1e-300", "123456789012":
        answer(qtbot, inside, number)
        run(inside, wait_for)
        QApplication.processEvents()
        view = inside.view
        assert view.width() <= width, number
        assert len(view.verdict.words.text().partition(" What is left")[0]) < 60, number
        inside.start_over.click()
        number_field(inside).text.clear()


class TestDots:
    def test_tell_the_present_stop_and_what_is_done_without_color(
        self, qtbot: QtBot, panel: GuidePanel, wait_for: WaitFor
    ) -> None:
        answer(qtbot, panel, "0.01")
        run(panel, wait_for)
        panel.guide.go_to(SCATTER)
        names = [dot.accessibleName() for dot in panel.dots.dots]
        assert names[:2] == ["Stop 1 of 9: The data, done", "Stop 2 of 9: The scatter plot, to do"]
        assert [dot.isChecked() for dot in panel.dots.dots] == [False, True] + [False] * 7
        done, present, other = (panel.dots.dots[index].grab().toImage() for index in (0, 1, 2))
        grays = [image.convertToFormat(QImage.Format.Format_Grayscale8)
                 for image in (done, present, other)]  # fmt: skip
        assert grays[0] != grays[1] != grays[2] != grays[0]

    def test_lead_to_any_stop(self, qtbot: QtBot, panel: GuidePanel) -> None:
        qtbot.mouseClick(panel.dots.dots[LOOP], Qt.MouseButton.LeftButton)
        assert panel.view.stop.name == "08-loop"
        panel.dots.dots[LOOP].setFocus()
        press(qtbot, Key.Key_Right)
        assert panel.view.stop.name == "09-takeaway"


def test_no_code_is_broken_or_scrolled_sideways(panel: GuidePanel) -> None:
    for index, width in itertools.product(range(len(panel.guide.stops)), (440, 480, 560)):
        panel.guide.go_to(index)
        panel.setFixedWidth(width)
        settle_layout()
        for code in panel.view.page.findChildren(CodeView):
            if code.isVisible():
                assert code.horizontalScrollBar().maximum() == 0, (index, width)
                assert code.document().lineCount() == code.blockCount(), (index, width)


def test_all_words_have_room_in_large_text(
    window: MainWindow, inside: GuidePanel, wait_for: WaitFor
) -> None:
    window.session.theme.set_scale(1.75)
    inside.guide.go_to(ITERATOR)
    settle_layout()
    assert is_in_view(inside.lock)
    assert inside.lock.width() >= inside.lock.sizeHint().width()
    inside.guide.lock(0)
    run(inside, wait_for)
    settle_layout()
    for button in (inside.run, inside.next):
        assert is_in_view(button)
        assert button.width() >= button.sizeHint().width()
    for code in inside.view.page.findChildren(CodeView):
        assert code.horizontalScrollBar().maximum() <= 1  # a rounded pixel


class TestTheWindow:
    """What a stop wants of it."""

    def enter(self, panel: GuidePanel, index: int) -> None:
        panel.guide.go_to(index)
        settle_layout()

    def test_shows_the_raw_cloud_and_leaves_the_stage_alone_then(
        self, window: MainWindow, inside: GuidePanel
    ) -> None:
        self.enter(inside, LOOP)
        self.enter(inside, SCATTER)
        assert window.picture(DataPlot).view is View.RAW
        shown = [window.stage.current]
        window.stage.show_picture(window.picture(LossPlot))
        inside.guide.lock(1)
        settle_layout()
        shown.append(window.stage.current)
        assert shown == [window.picture(DataPlot), window.picture(LossPlot)]

    def test_highlights_a_minibatch_even_before_the_first_step(
        self, window: MainWindow, inside: GuidePanel, wait_for: WaitFor
    ) -> None:
        self.enter(inside, ITERATOR)
        assert window.session.lens.isChecked()
        data = window.picture(DataPlot)
        wait_for(lambda: data.trace is not None)
        assert window.stage.current is data
        window.controller.reset()
        wait_for(lambda: window.controller.current_run is not None)
        wait_for(lambda: data.trace_of(window.controller.run) is not None)
        self.enter(inside, PARAMETERS)
        assert not window.session.lens.isChecked()
        assert window.controller.run is not None
        assert window.controller.run.history.step == 0

    def test_shows_the_arrows_on_the_landscape(
        self, window: MainWindow, inside: GuidePanel, wait_for: WaitFor
    ) -> None:
        self.enter(inside, OPTIMIZER)
        landscape = window.picture(LandscapePlot)
        assert window.stage.current is landscape
        wait_for(lambda: landscape.trace is not None)
        assert landscape.arrows.minibatch.visible

    def test_trains_when_the_loop_runs(
        self, window: MainWindow, inside: GuidePanel, wait_for: WaitFor
    ) -> None:
        self.enter(inside, LOOP)
        assert window.stage.current is window.picture(LossPlot)
        inside.guide.lock((0.5,) * COLUMNS)
        run(inside, wait_for)
        assert window.controller.state is RunState.COMPLETED
        assert "steps 200" in inside.view.page.output.toPlainText()

    def test_marks_the_noise_floor(self, window: MainWindow, inside: GuidePanel) -> None:
        loss = window.picture(LossPlot)
        loss.set_logarithmic(logarithmic=False)
        loss.entry_of(loss.noise_floor).setChecked(False)
        self.enter(inside, TAKEAWAY)
        assert window.stage.current is loss
        assert loss.logarithmic
        assert loss.noise_floor.visible

    def test_keeps_the_lens_when_the_code_follows(
        self, window: MainWindow, inside: GuidePanel
    ) -> None:
        self.enter(inside, ITERATOR)
        window.session.switches[STEP].setChecked(True)
        assert window.session.lens.isChecked()
        window.session.switches[STEP].setChecked(False)
        assert not window.session.lens.isChecked()

    def test_shows_the_settings_of_the_stop_if_there_is_room(
        self, window: MainWindow, inside: GuidePanel
    ) -> None:
        window.resize(1920, 1000)
        settle_layout()
        self.enter(inside, ITERATOR)
        assert window.actions_of.settings.isChecked()
        assert inside.isVisible()
        row = window.panel.row("batch_size")
        settle_layout()
        assert row.property("marked")
        assert is_in_view(row)
        assert not window.panel.row("epochs").property("marked")

    def test_offers_the_settings_with_their_values_where_they_would_push_the_stage_aside(
        self, window: MainWindow, inside: GuidePanel, qtbot: QtBot
    ) -> None:
        window.resize(1280, 800)
        settle_layout()
        self.enter(inside, ITERATOR)
        assert not window.actions_of.settings.isChecked()
        window.controller.change_setting("batch_size", 25)
        words = inside.view.page.settings.text().replace("\N{NO-BREAK SPACE}", " ")
        assert "Batch size 25" in words
        assert "Shuffle on" in words
        self.enter(inside, DATA)
        words = inside.view.page.settings.text().replace("\N{NO-BREAK SPACE}", " ")
        assert "True weights 2, −3.4" in words
        self.enter(inside, ITERATOR)
        inside.view.page.settings.linkActivated.emit("batch_size")
        assert window.actions_of.settings.isChecked()
        assert window.panel.row("batch_size").editor.hasFocus()

    def test_has_every_picture_and_view_that_the_stops_want(
        self, qtbot: QtBot, theme: Theme
    ) -> None:
        made = [make(theme) for make in plots.PICTURES]
        pictures = {picture.name: picture for picture in made}
        for picture in made:
            qtbot.addWidget(picture)
        for stop in read_stops():
            assert stop.stage is not None
            pictures[stop.stage.picture].show_view(stop.stage.view or "raw")
            assert stop.highlight in {None, *Highlight}


@pytest.mark.parametrize("stop", [SCATTER, LOOP])
def test_a_low_panel_shows_the_refusal_and_all_of_the_button(
    window: MainWindow, inside: GuidePanel, stop: int
) -> None:
    window.session.theme.set_scale(1.75)
    window.resize(960, 500)
    inside.guide.go_to(stop)
    QApplication.processEvents()
    inside.lock.click()
    for _ in range(5):
        QApplication.processEvents()
    assert _all_is_seen(inside.view.refusal)
    assert _all_is_seen(inside.lock)
    window.session.theme.set_scale(1.0)
    window.resize(1440, 900)
    QApplication.processEvents()
    assert inside.view.field is not None
    assert _all_is_seen(inside.view.field)


def test_a_field_keeps_the_focus_while_its_question_changes_place(
    window: MainWindow, inside: GuidePanel
) -> None:
    inside.guide.go_to(SCATTER)
    QApplication.processEvents()
    assert inside.view.field is not None
    inside.view.field.setFocus()
    focused = QApplication.focusWidget()
    for scale, size in ((1.75, (960, 500)), (1.0, (1440, 900))):
        window.session.theme.set_scale(scale)
        window.resize(*size)
        QApplication.processEvents()
        assert QApplication.focusWidget() is focused is not window


def _all_is_seen(widget: QWidget) -> bool:
    return widget.visibleRegion().boundingRect() == widget.rect()

"""Predict first: given by mouse and keyboard, locked, run, and compared in the pictures."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from linreg_gui.application import create_window
from linreg_gui.guide.run_facts import Course
from linreg_gui.guide.run_prediction import POINTS, RunPrediction, Shape, Topic
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.plots.prediction_marks import Handle
from linreg_gui.plots.step_plot import StepPlot
from linreg_gui.runs.states import RunState
from linreg_gui.sessions.state import SessionState
from linreg_gui.settings import Engine, Init, StopRule
from linreg_gui.threads.predict_first import Phase, PredictFirst
from linreg_gui.widgets.panels.predict_first_panel import PredictFirstPanel
from linreg_gui.widgets.panels.registry import GUIDE, PREDICT_FIRST, RUNS
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import LastingThread, is_prepared, line_data

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]
Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton
STEPS = 200
B = 2


@pytest.fixture
def store(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def loading_window(
    qapp: QApplication, store: QSettings, lasting_thread: LastingThread
) -> Iterator[MainWindow]:
    window = create_window(qapp, store=store, background=lasting_thread)
    window.show()
    yield window
    assert window.close()
    window.deleteLater()


@pytest.fixture
def panel(window: MainWindow, qtbot: QtBot, wait_for: WaitFor) -> PredictFirstPanel:
    window.resize(1440, 900)
    window.controller.change_settings(examples=400, learning_rate=0.01, engine=Engine.INSTANT)
    qtbot.keyClick(window, Key.Key_Q)
    wait_for(lambda: is_prepared(window.controller))
    panel = window.side.panel(PREDICT_FIRST)
    panel.show_page(0)
    window.session.predict_first.forget()
    return panel


@pytest.fixture
def model(window: MainWindow, panel: PredictFirstPanel) -> PredictFirst:
    return window.session.predict_first


def bring_to_stage(window: MainWindow, kind: type[StepPlot]) -> StepPlot:
    picture = window.picture(kind)
    window.actions_of.pictures[picture].trigger()
    QApplication.processEvents()
    return picture


def marks_of(picture: StepPlot) -> list[Any]:
    view = picture._prediction_view
    return [] if view is None else view.layer.marks


def handles_of(picture: StepPlot) -> list[Handle]:
    return [mark for mark in marks_of(picture) if isinstance(mark, Handle)]


def place_in(picture: StepPlot, x: float, y: float) -> QPoint:
    canvas = picture.canvas
    place: QPoint = canvas.mapFromScene(canvas.view.mapViewToScene(QPointF(x, y)))
    return place


def drag(qtbot: QtBot, picture: StepPlot, *places: QPoint) -> None:
    viewport = picture.canvas.viewport()
    qtbot.mousePress(viewport, LEFT, pos=places[0])
    for place in places[1:]:
        qtbot.mouseMove(viewport, place)
    qtbot.mouseRelease(viewport, LEFT, pos=places[-1])


def drag_grip(qtbot: QtBot, picture: StepPlot, x: float, y: float) -> None:
    """Drag the grip of the prediction to a place."""
    assert picture._prediction_view is not None
    grip, viewport = picture._prediction_view.grip, picture.canvas.viewport()
    assert grip.isVisible()
    place = grip.mapFrom(viewport, place_in(picture, x, y))
    qtbot.mousePress(grip, LEFT, pos=grip.rect().center())
    qtbot.mouseMove(grip, place)
    qtbot.mouseRelease(grip, LEFT)


def type_into(qtbot: QtBot, field: Any, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Key.Key_Return)


def choose(qtbot: QtBot, box: QComboBox, index: int) -> None:
    """Choose an entry of a list with the keyboard."""
    box.setFocus()
    while box.currentIndex() != index:
        qtbot.keyClick(box, Key.Key_Down if box.currentIndex() < index else Key.Key_Up)


def is_in(phase: Phase, model: PredictFirst) -> bool:
    return model.phase is phase


def run_to_end(window: MainWindow, panel: PredictFirstPanel, wait_for: WaitFor) -> None:
    panel.run_page.run.click()
    wait_for(lambda: window.controller.state in {RunState.COMPLETED, RunState.DIVERGED})


def test_nothing_is_selected_in_advance_and_no_run_that_has_begun_is_predicted(
    window: MainWindow, panel: PredictFirstPanel, model: PredictFirst, wait_for: WaitFor
) -> None:
    page = panel.run_page
    assert is_in(Phase.MAKING, model)
    assert page.end.text() == page.step.text() == ""
    assert page.course.group.checkedId() == -1
    assert page.shape.value is None
    assert model.prediction.topics == []
    page.lock.click()
    assert page.refusal.text() == "Predict at least one of these first."
    assert is_in(Phase.MAKING, model)
    page.course.group.button(1).click()
    assert page.refusal.text() == ""
    page.end.setText("four")
    page.end.setModified(True)
    page.lock.click()
    assert "“four” is not a number" in page.refusal.text()
    assert is_in(Phase.MAKING, model)
    page.end.setText("4")
    page.end.setModified(True)
    page.lock.click()
    assert is_in(Phase.LOCKED, model)
    page.again.click()
    assert is_in(Phase.MAKING, model)
    assert panel.question_page.chooser.value is None

    model.change(end=1.0)
    window.controller.start()
    wait_for(lambda: window.controller.state is RunState.COMPLETED)
    assert is_in(Phase.WAITING, model)
    assert model.entries == []
    assert not page._entry.isVisible()
    assert page.again.text() == "Back to the start"
    page.again.click()
    wait_for(lambda: is_prepared(window.controller))
    assert is_in(Phase.MAKING, model)
    assert model.prediction.topics == []


def test_all_of_it_by_mouse(
    window: MainWindow, panel: PredictFirstPanel, model: PredictFirst, qtbot: QtBot,
    wait_for: WaitFor,
) -> None:  # fmt: skip
    page = panel.run_page
    parameters = bring_to_stage(window, ParametersPlot)
    (parked,) = handles_of(parameters)
    assert (parked.x, parked.words, parked.is_filled) == (STEPS, "drag: b at the end", False)
    drag_grip(qtbot, parameters, STEPS, 3)
    pixel = parameters.canvas.pixel[1]
    assert model.prediction.end == pytest.approx(3, abs=1.5 * pixel)
    assert float(page.end.text()) == model.prediction.end
    (said,) = handles_of(parameters)
    assert said.words.startswith("you: ")

    loss = bring_to_stage(window, LossPlot)
    (mark,) = handles_of(loss)
    assert mark.words == "drag: below 0.01"
    drag_grip(qtbot, loss, 150, 0)
    assert model.prediction.step == pytest.approx(150, abs=2)
    assert page.step.text() == str(model.prediction.step)
    drag_grip(qtbot, loss, 1.03 * STEPS, 0)
    assert model.prediction.step == STEPS + 1
    assert handles_of(loss)[-1].words == "you: not in this run"

    qtbot.mouseClick(page.draw, LEFT)
    assert model.is_sketching
    drag(qtbot, loss, *(place_in(loss, step, 1.5 - step / 50) for step in range(0, STEPS + 1, 10)))
    sketch = model.prediction.sketch
    assert sketch is not None
    assert len(sketch) == POINTS
    assert sketch[0] == pytest.approx(10**1.5, rel=0.1)
    assert sketch[-1] == pytest.approx(10**-2.5, rel=0.1)
    assert page.shape.value == "drawn"

    qtbot.mouseClick(page.course.group.button(4), LEFT)
    assert model.prediction.course is list(Course)[3]
    qtbot.mouseClick(page.lock, LEFT)
    assert is_in(Phase.LOCKED, model)
    assert not page.lock.isVisible()
    run_to_end(window, panel, wait_for)
    assert is_in(Phase.JUDGED, model)
    for topic, card in page.cards.items():
        assert card.isVisible(), topic
        assert card.verdict == model.verdicts[topic]
    happened = [handle for handle in handles_of(loss) if handle.is_filled]
    assert model.facts is not None
    below = model.facts.below(0.01)
    words = "never below 0.01" if below is None else f"step {below}"
    assert [handle.words for handle in happened] == [words]
    parameters = bring_to_stage(window, ParametersPlot)
    end = next(handle for handle in handles_of(parameters) if handle.is_filled)
    assert end.y == pytest.approx(model.facts.end[B])


def test_all_of_it_by_keyboard(
    window: MainWindow, panel: PredictFirstPanel, model: PredictFirst, qtbot: QtBot,
    wait_for: WaitFor,
) -> None:  # fmt: skip
    page = panel.run_page
    type_into(qtbot, page.end, "four")
    assert "“four” is not a number" in page.refusal.text()
    type_into(qtbot, page.end, "4,2")
    assert page.refusal.text() == ""
    type_into(qtbot, page.level, "0.5")
    type_into(qtbot, page.step, "120")
    page.course.setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Down)
    choose(qtbot, page.shape, 2)
    assert page.shape.value is Shape.EVEN
    assert not model.is_sketching
    prediction = model.prediction
    assert (prediction.end, prediction.level, prediction.step) == (4.2, 0.5, 120)
    assert set(prediction.topics) == set(Topic)
    choose(qtbot, page.parameter, 0)
    assert model.prediction.end is None
    type_into(qtbot, page.end, "2")
    picture = bring_to_stage(window, ParametersPlot)
    assert picture._prediction_view is not None
    picture._prediction_view.grip.setFocus()
    qtbot.keyClick(picture._prediction_view.grip, Key.Key_Up)
    assert model.prediction.end is not None
    assert 2.0 < model.prediction.end < 2.5
    assert "Prediction: you: " in picture.summary()
    qtbot.keyClick(picture._prediction_view.grip, Key.Key_Down)
    page.lock.setFocus()
    qtbot.keyClick(page.lock, Key.Key_Return)
    assert is_in(Phase.LOCKED, model)
    assert page.run.hasFocus()
    model.change(end=0.0)
    assert model.prediction.end == pytest.approx(2.0, abs=0.01)
    qtbot.keyClick(page.run, Key.Key_Return)
    wait_for(lambda: is_in(Phase.JUDGED, model))
    assert model.verdicts[Topic.END].is_right

    page.why.text.setFocus()
    qtbot.keyClicks(page.why.text, "the gradient is 0 there")
    qtbot.keyClick(page.why.text, Key.Key_Tab)
    assert {entry.explanation for entry in model.entries} == {"the gradient is 0 there"}
    page.again.setFocus()
    qtbot.keyClick(page.again, Key.Key_Return)
    wait_for(lambda: is_in(Phase.MAKING, model))
    assert page.end.text() == ""
    assert page.course.group.checkedId() == -1


def test_what_tells_the_answer_is_hidden_until_the_run(
    window: MainWindow, panel: PredictFirstPanel, model: PredictFirst, wait_for: WaitFor
) -> None:
    controller, session = window.controller, window.session
    slider = window.run_bar.rate.slider
    assert session.hides_answers
    assert slider.zones() == []
    assert "zones of the learning rate" in panel.run_page._about.text()
    controller.change_settings(stop_rule=StopRule.LOSS)
    wait_for(lambda: "may end it earlier: Loss within 1%." in panel.run_page._about.text())
    controller.change_settings(learning_rate=0.00001, stop_rule=StopRule.NONE)
    wait_for(lambda: session.what_if.run is not None and is_prepared(controller))
    window.refresher.refresh_all()
    assert not window.refresher.overlays
    notice, run = window.messages, controller.run
    assert not notice.isVisible()  # it would say how the run ends
    assert run is not None
    assert run.forecast is not None
    run.messages.append("Some values were rounded.")
    notice.show_message("\n".join(run.messages))
    assert notice.label.text() == "Some values were rounded."
    assert not notice._help.isVisible()  # it would tell, too
    full_screen, switch = window.actions_of.full_screen, session.switches[PREDICT_FIRST]
    for locked in (False, True):
        full_screen.setChecked(True)
        assert not panel.isVisible()
        assert session.hides_answers
        assert slider.zones() == []
        full_screen.setChecked(False)
        assert panel.isVisible()
        switch.setChecked(False)
        assert session.hides_answers is locked
        assert notice.label.text() == "\n".join(run.messages[locked:])
        switch.setChecked(True)
        model.change(end=1.0)
        panel.run_page.lock.click()
    run_to_end(window, panel, wait_for)
    assert not session.hides_answers
    assert notice.label.text() == "Some values were rounded."
    assert slider.zones()
    panel.run_page.again.click()
    wait_for(lambda: is_prepared(controller))
    assert session.hides_answers
    session.switches[PREDICT_FIRST].setChecked(False)
    assert not session.hides_answers
    assert window.picture(ParametersPlot).prediction is None
    model.change(end=1.0)
    model.lock()
    session.switches[RUNS].setChecked(True)
    assert session.hides_answers
    assert "kept runs are not drawn" in window.side.panel(RUNS).hint.text()


def test_another_seed_and_other_data_are_judged_but_other_settings_are_not(
    window: MainWindow, panel: PredictFirstPanel, model: PredictFirst, wait_for: WaitFor
) -> None:
    controller = window.controller
    model.change(end=4.2)
    model.lock()
    controller.draw_new_seed()
    wait_for(lambda: is_prepared(controller))
    assert "you predicted with seed 1." in panel.run_page._about.text()
    run_to_end(window, panel, wait_for)
    assert model.verdicts[Topic.END].is_right

    model.again()
    wait_for(lambda: is_prepared(controller))
    model.change(end=4.2)
    model.lock()
    controller.change_setting("noise_std", 0.1)
    wait_for(lambda: is_prepared(controller))
    assert "Noise std. σ 0.1 (was 0.01)" in panel.run_page.refusal.text()
    run_to_end(window, panel, wait_for)
    verdict = model.verdicts[Topic.END]
    assert verdict.is_right is None
    assert "The settings were changed after you locked: Noise std. σ 0.1" in verdict.words
    controller.change_setting("noise_std", 0.01)
    controller.start()
    wait_for(lambda: is_in(Phase.JUDGED, model) and bool(model.verdicts[Topic.END].is_right))
    assert [entry.is_right for entry in model.entries] == [True, True]

    # From 0 to 1 a tenth of the way is 0.1, whatever the new seed is.
    values = {"learning_rate": 0.005, "epochs": 400, "batch_size": 10, "init": Init.ZEROS}
    controller.use_data(line_data(0, 9), **values)
    wait_for(lambda: is_prepared(controller))
    assert panel.run_page.parameter.values == [0, 1]
    assert controller.run is not None
    problem = controller.run.problem
    assert 0 < model.prediction.level < problem.training.loss(controller.run.history.start)
    model.change(end=1.0, parameter=1)
    model.lock()
    run_to_end(window, panel, wait_for)
    assert model.verdicts[Topic.END].is_right == (
        abs(controller.run.current_parameters[1] - 1) < 0.1
    )


def test_a_run_that_stops_diverges_or_changes_its_rate(
    window: MainWindow, panel: PredictFirstPanel, model: PredictFirst, wait_for: WaitFor
) -> None:
    controller = window.controller
    model.change(end=0.0)
    model.lock()
    for _ in range(3):
        controller.step()
    wait_for(lambda: controller.run is not None and controller.run.history.step == 3)
    assert is_in(Phase.RUNNING, model)
    controller.stop()
    assert model.verdicts[Topic.END].is_right is None
    card = panel.run_page.cards[Topic.END]
    assert card.heading.text() == "… Open"
    assert [entry.is_right for entry in model.entries] == [None]
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    assert card.heading.text() == "✗ Not right"
    assert [entry.is_right for entry in model.entries] == [False]

    model.again()
    wait_for(lambda: is_prepared(controller))
    controller.change_setting("learning_rate", 5.0)
    wait_for(lambda: is_prepared(controller))
    model.change(course=Course.DIVERGES, step=100)
    model.lock()
    run_to_end(window, panel, wait_for)
    assert controller.state is RunState.DIVERGED
    assert model.verdicts[Topic.COURSE].is_right
    assert model.verdicts[Topic.STEPS].idea == "every run learns"

    controller.change_setting("learning_rate", 0.01)
    controller.reset()
    wait_for(lambda: is_prepared(controller))
    assert model.phase is Phase.MAKING  # of another run
    model.change(course=Course.ARRIVES)
    model.lock()
    controller.step()
    wait_for(lambda: controller.run is not None and controller.run.history.step == 1)
    controller.change_setting("learning_rate", 0.02)
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    assert "The learning rate was changed during the run" in model.verdicts[Topic.COURSE].words


def test_a_locked_prediction_goes_with_the_parameter_that_it_is_about(
    window: MainWindow, panel: PredictFirstPanel, model: PredictFirst, wait_for: WaitFor
) -> None:
    parameters = bring_to_stage(window, ParametersPlot)
    model.change(parameter=2, end=1.0)
    model.lock()
    window.controller.use_data(line_data(1, 8))
    wait_for(lambda: is_prepared(window.controller))
    assert model.phase is Phase.MAKING
    assert model.prediction == RunPrediction(parameter=1, level=model.prediction.level)
    assert "that you had locked does not count" in panel.run_page._about.text()
    parameters.redraw()
    model.change(end=1.0)
    model.lock()
    assert "does not count" not in panel.run_page._about.text()


def test_what_hears_of_an_opened_session_first_sees_no_prediction_of_the_run_before(
    window: MainWindow, panel: PredictFirstPanel, model: PredictFirst, wait_for: WaitFor
) -> None:
    controller, seen = window.controller, []
    model.change(parameter=2, end=1.0)
    model.lock()

    def ask_first() -> None:  # as the end of a lesson does
        model.ask(*Topic)
        seen.append((model.run, model.drawn))

    window.session.kept_runs.changed.connect(ask_first)
    controller.restore(SessionState(replace(controller.settings, data=line_data(1, 8))))
    wait_for(lambda: bool(seen) and is_prepared(controller))
    window.session.kept_runs.changed.disconnect(ask_first)
    assert seen[0] == (None, None)
    assert model.prediction == RunPrediction(parameter=1, level=model.prediction.level)


def test_a_question_is_asked_run_refuted_and_the_settings_come_back(
    window: MainWindow, panel: PredictFirstPanel, model: PredictFirst, qtbot: QtBot,
    wait_for: WaitFor,
) -> None:  # fmt: skip
    controller, questions = window.controller, window.session.predict_questions
    data = line_data(0, 9)
    controller.use_data(data, learning_rate=0.005, epochs=3, batch_size=10)
    wait_for(lambda: is_prepared(controller))
    mine = controller.settings
    page = panel.question_page
    panel.show_page(1)
    choose(qtbot, page.chooser, 2)
    assert questions.question is questions.bank[1]
    assert page.field is not None
    assert page.field.group.checkedId() == -1
    assert window.session.hides_answers
    assert "Run sets: Learning rate 1.2" in page._settings.text()
    assert controller.settings == mine
    page.lock.click()
    assert page.refusal.text() == "Choose one of these first."
    page.field.setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Down)
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Return)
    assert page.run.hasFocus()
    qtbot.keyClick(page.run, Key.Key_Return)
    assert controller.settings.learning_rate == 1.2
    assert controller.settings.data is None
    wait_for(lambda: questions.verdict is not None)
    assert not window.session.hides_answers
    said = page.field.group.checkedId()
    refutation = questions.bank[1].question.refutations[said - 1]
    assert refutation
    assert refutation in page.verdict.words.text()
    assert "loss at the start: " in page.evidence.text()
    assert page.chooser.currentText().endswith("✗")
    page.why.text.setFocus()
    qtbot.keyClicks(page.why.text, "it overshoots")
    qtbot.mouseClick(page.show_ours, LEFT)
    assert page._ours.isVisible()
    assert model.entries[-1].explanation == "it overshoots"
    wait_for(lambda: controller.state is RunState.DIVERGED)

    page.next.click()
    assert questions.question is questions.bank[2]
    assert controller.settings == mine
    assert controller.settings.data is data
    wait_for(lambda: is_prepared(controller))
    for option in page.field.group.buttons():
        if page.field.group.id(option) == questions.bank[2].right:
            option.click()
    page.lock.click()
    page.run.click()
    wait_for(lambda: questions.verdict is not None)
    assert page.verdict.heading.text() == "✓ Right"
    window.session.switches[PREDICT_FIRST].setChecked(False)
    assert controller.settings == mine


def test_no_warning_tells_the_answer_to_a_question(
    window: MainWindow, panel: PredictFirstPanel, wait_for: WaitFor
) -> None:
    controller, questions = window.controller, window.session.predict_questions
    panel.show_page(1)
    questions.ask(0)
    questions.lock(1)
    questions.run()
    wait_for(lambda: controller.state is RunState.COMPLETED and questions.verdict is not None)
    assert controller.run is not None
    assert controller.run.forecast is not None
    assert not window.messages.isVisible()


def test_a_question_about_a_classic_runs_on_it(
    window: MainWindow, panel: PredictFirstPanel, wait_for: WaitFor
) -> None:
    controller, questions = window.controller, window.session.predict_questions
    mine = controller.settings
    panel.show_page(1)
    questions.ask(9)
    for wanted in (True, False):
        window.actions_of.full_screen.setChecked(wanted)
        assert window.session.hides_answers
    questions.lock(1)
    questions.run()
    assert controller.settings.data is not None
    assert controller.settings.data.sample == "anscombe_3"
    wait_for(lambda: questions.verdict is not None)
    window.actions_of.full_screen.setChecked(True)
    assert not panel.isVisible()
    assert controller.settings != mine
    window.actions_of.full_screen.setChecked(False)
    assert panel.question_page.put_back.isVisible()
    panel.question_page.put_back.click()
    assert controller.settings == mine
    assert questions.verdict is not None

    questions.ask(9)
    questions.lock(1)
    questions.run()
    wait_for(lambda: questions.verdict is not None)
    own = line_data(1, 8)
    controller.use_data(own)
    assert not panel.question_page.put_back.isVisible()
    panel.question_page.next.click()
    assert controller.settings.data is own


@pytest.mark.usefixtures("own_window")
def test_the_summary_is_kept_copied_and_forgotten(
    window: MainWindow, panel: PredictFirstPanel, model: PredictFirst, store: QSettings,
    qtbot: QtBot, wait_for: WaitFor,
) -> None:  # fmt: skip
    panel.show_page(2)
    page = panel.summary_page
    assert page.words.text() == "Nothing has been predicted yet."
    assert not page.copy_csv.isEnabled()
    type_into(qtbot, page.person, "=Ada")
    model.change(end=4.2, step=1)
    panel.show_page(0)
    model.change(end=4.2, step=1)
    model.lock()
    run_to_end(window, panel, wait_for)
    panel.show_page(2)
    assert page.words.text().startswith("=Ada: 1 of 2 right.\nWrong ideas: “")
    assert page.table.model().rowCount() == 2
    page.copy_csv.click()
    cells = list(csv.reader(QGuiApplication.clipboard().text().splitlines()))
    assert [row[6] for row in cells] == ["who", "'=Ada", "'=Ada"]
    page.copy_text.click()
    assert "b at the end\npredicted: 4.2" in QGuiApplication.clipboard().text()
    store.sync()
    again = PredictFirst(
        window.controller, QSettings(store.fileName(), QSettings.Format.IniFormat), window
    )
    assert (again.person, again.entries) == ("=Ada", model.entries)
    page.forget.click()
    assert model.entries == []
    assert page.forget.text() == "Bring back"
    model.explain("while it was forgotten")
    assert model.entries == []
    page.forget.click()
    assert [entry.explanation for entry in model.entries] == ["while it was forgotten"] * 2
    model.explain("and later")
    assert [entry.explanation for entry in model.entries] == ["and later"] * 2


def test_a_stop_of_the_lesson_asks_for_it(
    window: MainWindow, panel: PredictFirstPanel, model: PredictFirst, qtbot: QtBot
) -> None:
    session = window.session
    session.switches[GUIDE].setChecked(True)
    assert model.drawn is None
    guide = window.side.panel(GUIDE)
    guide.guide.go_to(8)
    assert model.asked == (Topic.END, Topic.STEPS)
    assert session.hides_answers
    assert model.drawn is not None
    qtbot.mouseClick(guide.view.page.predict, LEFT)
    assert panel.isVisible()
    assert panel.run_page.end.isVisible()
    assert not panel.run_page.shape.isVisible()
    session.switches[GUIDE].setChecked(True)
    guide.guide.go_to(0)
    assert not session.hides_answers
    assert model.asked == tuple(Topic)

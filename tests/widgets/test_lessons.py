"""Lessons are opened, walked through and left with the window's own controls."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QLabel

from linreg_gui.export.csv_file import spreadsheet_dialect
from linreg_gui.guide.question_bank import read_bank
from linreg_gui.guide.questions import Question
from linreg_gui.guide.run_facts import Course
from linreg_gui.lessons import pages as lesson_pages
from linreg_gui.lessons.answers import AnswerSheet, PageAnswer, Result, to_bytes
from linreg_gui.lessons.bundled import bundled
from linreg_gui.lessons.pages import FromBank, Lesson, Page, WaitFor, WordsQuestion
from linreg_gui.number_text import shortest
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Engine
from linreg_gui.threads.lesson_run import right_answer
from linreg_gui.widgets.exports import csv_choice
from linreg_gui.widgets.exports.csv_choice import CsvChoiceDialog
from linreg_gui.widgets.lessons import desk as desk_module
from linreg_gui.widgets.panels.guide_answers import ChoiceAnswer, NumberAnswer
from linreg_gui.widgets.panels.lesson_page import LessonPage
from linreg_gui.widgets.panels.lesson_panel import LessonPanel
from linreg_gui.widgets.panels.registry import (
    GUIDE,
    LESSON,
    PANELS,
    POINTS,
    PREDICT_FIRST,
)
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import is_prepared, line_data

pytestmark = pytest.mark.usefixtures("shared_window")

Waiting = Callable[[Callable[[], bool]], None]
RIGHT = {question.name: question.right for question in read_bank()}


@pytest.fixture
def panel(window: MainWindow) -> LessonPanel:
    window.activateWindow()
    window.session.switches[LESSON].setChecked(True)
    return window.side.panel(LESSON)


@pytest.fixture
def messages(window: MainWindow) -> list[str]:
    heard: list[str] = []
    window.controller.message_posted.connect(heard.append)
    return heard


def view_of(panel: LessonPanel) -> LessonPage:
    assert panel.view is not None
    return panel.view


def open_lesson(panel: LessonPanel, wait_for: Waiting, name: str) -> None:
    panel.choices[name].click()
    wait_for(lambda: panel.view is not None)


def give_answer(panel: LessonPanel, wait_for: Waiting, asks: object) -> None:
    view = view_of(panel)
    if isinstance(asks, WordsQuestion):
        assert view.words is not None
        view.words.text.setPlainText("In my words")
        view.lock.click()
    elif isinstance(asks, FromBank):
        assert view.question is not None
        assert view.question.field is not None
        view.question.field.group.button(RIGHT[asks.name]).click()
        view.question.lock.click()
        hints = [each.text() for each in panel.findChildren(QLabel) if each.isVisible()]
        assert any(each.endswith("when a run has gone to its end.") for each in hints)
        wait_for(view.question.run.isEnabled)
        view.question.run.click()
        wait_for(lambda: view.question is not None and view.question.verdict.isVisible())
    elif isinstance(asks, Question):
        right = right_answer(asks)
        if isinstance(view.field, ChoiceAnswer):
            view.field.group.button(round(right)).click()
        else:
            assert isinstance(view.field, NumberAnswer)
            view.field.text.setText(shortest(right))
        view.lock.click()


def do_what_is_waited_for(
    window: MainWindow, panel: LessonPanel, page: Page, wait_for: Waiting
) -> None:
    controller = window.controller
    give_answer(panel, wait_for, page.asks)
    match page.wait.kind:
        case WaitFor.RUN:
            wait_for(lambda: is_prepared(controller))
            controller.change_setting("engine", Engine.INSTANT)
            wait_for(lambda: is_prepared(controller))
            window.run_bar.run_button.click()
            ended = {RunState.COMPLETED, RunState.DIVERGED}
            wait_for(lambda: controller.state in ended)
        case WaitFor.PREDICTION:
            wait_for(lambda: is_prepared(controller))
            window.session.switches[PREDICT_FIRST].setChecked(True)
            run_page = window.side.panel(PREDICT_FIRST).run_page
            window.session.predict_first.change(course=Course.DIVERGES)
            run_page.lock.click()
            back = window.run_bar.lesson
            assert back.isVisible()
            assert not panel.isVisible()
            back.click()
            assert panel.isVisible()
        case WaitFor.DATA:
            controller.use_data(line_data(0, 19), learning_rate=0.001, epochs=2)
        case WaitFor.SETTING:
            name = page.wait.setting
            if name == "standardize":
                controller.standardize(wanted=True)
                wait_for(lambda: controller.settings.standardize)
            else:
                kind = type(getattr(controller.settings, name))
                controller.change_setting(name, kind(page.wait.low))


def test_the_bundled_lessons_are_walked_to_their_ends_and_give_everything_back(
    window: MainWindow, panel: LessonPanel, wait_for: Waiting
) -> None:
    controller, run = window.controller, window.session.lesson_run
    controller.change_settings(examples=40, engine=Engine.INSTANT)
    window.stage.suggest("residuals")
    before = controller.settings
    for name in bundled():
        wait_for(lambda: is_prepared(controller))
        assert controller.settings == before
        open_lesson(panel, wait_for, name)
        lesson = run.lesson
        assert lesson is not None
        walk(window, panel, wait_for, lesson)
        for page, answer in zip(
            (page for page in lesson.pages if page.is_asking), run.sheet().answers, strict=True
        ):
            is_open = isinstance(page.asks, WordsQuestion)
            assert answer.result is (Result.OPEN if is_open else Result.RIGHT), page.title
        brings_data = any(page.wait.kind is WaitFor.DATA for page in lesson.pages)
        window.session.switches[LESSON].setChecked(True)
        panel.leave.click()
        assert run.lesson is None
        if not brings_data:
            wait_for(lambda: controller.settings == before)
            assert window.stage.current.name == "residuals"
    assert brings_data  # those of the last lesson are the person's own, and stay
    assert controller.settings.data is not None
    assert controller.settings.data.is_like(line_data(0, 19))
    wait_for(lambda: is_prepared(controller))


def test_no_run_of_before_is_drawn_in_a_lesson(
    window: MainWindow, panel: LessonPanel, wait_for: Waiting
) -> None:
    controller, kept_runs = window.controller, window.session.kept_runs
    controller.change_settings(examples=40, engine=Engine.INSTANT)
    wait_for(lambda: is_prepared(controller))
    window.run_bar.run_button.click()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    controller.reset()
    wait_for(lambda: is_prepared(controller))
    kept_runs.set_shown(*kept_runs.runs, shown=True)
    assert kept_runs.over()
    open_lesson(panel, wait_for, next(iter(bundled())))
    assert not kept_runs.over()
    panel.leave.click()
    wait_for(lambda: bool(kept_runs.over()))


def walk(window: MainWindow, panel: LessonPanel, wait_for: Waiting, lesson: Lesson) -> None:
    run = window.session.lesson_run
    for index, page in enumerate(lesson.pages):
        assert run.page is page
        assert view_of(panel).page is page
        waits = page.wait.kind is not WaitFor.NOTHING
        assert run.can_go_on is not waits, page.title
        assert panel.next.isEnabled() is not waits
        do_what_is_waited_for(window, panel, page, wait_for)
        assert run.can_go_on, page.title
        if index < len(lesson.pages) - 1:
            assert panel.next.isEnabled()
            panel.next.click()
    assert run.is_finished


def test_the_way_back_to_a_lesson_is_in_the_bar_as_long_as_it_is_open(
    window: MainWindow, panel: LessonPanel, wait_for: Waiting
) -> None:
    bar, actions = window.run_bar, window.actions_of.all_actions()
    (leave,) = [each for each in actions if each.text() == "Leave the lesson"]
    assert not bar.lesson.isVisible()
    assert not leave.isEnabled()
    open_lesson(panel, wait_for, "01-first-contact")
    for width in (640, 1280):
        window.resize(width, 680)
        window.session.switches[PREDICT_FIRST].setChecked(True)
        QApplication.processEvents()
        assert bar.lesson.isVisible()
        bar.lesson.click()
        assert panel.isVisible()
    leave.trigger()
    wait_for(lambda: not bar.lesson.isVisible())
    assert not leave.isEnabled()


def test_a_hidden_control_leaves_what_it_does_in_sight(
    window: MainWindow, panel: LessonPanel, wait_for: Waiting
) -> None:
    window.actions_of.settings.setChecked(True)
    window.session.switches[LESSON].setChecked(True)
    open_lesson(panel, wait_for, "01-first-contact")
    rows = window.panel.rows
    assert all(row.isHidden() for row in rows)
    assert window.run_bar.rate.isHidden()
    assert window.readout.isVisible()
    assert window.stage.isVisible()
    panel.teacher.click()
    assert not window.panel.row("learning_rate").isHidden()
    assert not window.run_bar.rate.isHidden()
    panel.teacher.click()
    assert window.run_bar.rate.isHidden()
    panel.leave.click()
    assert not window.run_bar.rate.isHidden()
    assert not window.panel.row("epochs").isHidden()


def test_points_that_were_moved_in_a_lesson_do_not_stay(
    window: MainWindow, panel: LessonPanel, wait_for: Waiting
) -> None:
    controller, points = window.controller, window.session.points
    before = controller.settings
    open_lesson(panel, wait_for, "05-an-outlier")
    wait_for(lambda: is_prepared(controller))
    window.session.switches[POINTS].setChecked(True)
    wait_for(lambda: points.on_show is not None)
    points.remove(np.array([2]))
    wait_for(lambda: controller.settings.data is not None and controller.settings.data.size == 10)
    window.session.lessons.leave()
    wait_for(lambda: controller.settings == before)
    wait_for(lambda: is_prepared(controller))


def test_a_page_that_asks_says_nothing_of_how_the_run_will_end(
    window: MainWindow, panel: LessonPanel, wait_for: Waiting
) -> None:
    controller = window.controller
    open_lesson(panel, wait_for, "02-too-fast-and-too-slow")
    do_what_is_waited_for(window, panel, view_of(panel).page, wait_for)
    panel.next.click()
    wait_for(lambda: is_prepared(controller) and controller.settings.learning_rate == 0.0002)
    assert controller.run is not None
    assert controller.run.forecast is not None
    assert window.session.hides_forecast
    assert controller.run.forecast.sentence not in window.messages.label.text()
    give_answer(panel, wait_for, view_of(panel).page.asks)
    assert not window.session.hides_forecast


def test_a_teacher_sees_answers_and_waits_for_nothing(
    window: MainWindow, panel: LessonPanel, wait_for: Waiting
) -> None:
    open_lesson(panel, wait_for, "01-first-contact")
    assert not panel.next.isEnabled()
    panel.teacher.click()
    panel.next.click()
    texts = [label.text() for label in view_of(panel).findChildren(QLabel)]
    assert "Right answer: 4.2, or off by at most 1 %" in texts
    assert panel.dots is not None
    panel.dots.dots[5].click()
    assert window.session.lesson_run.index == 5


def test_a_page_that_is_not_reached_yet_cannot_be_opened(
    window: MainWindow, panel: LessonPanel, wait_for: Waiting
) -> None:
    open_lesson(panel, wait_for, "01-first-contact")
    assert panel.dots is not None
    panel.dots.dots[3].click()
    assert window.session.lesson_run.index == 0
    assert panel.dots.dots[0].isChecked()


def test_the_answers_of_students_come_together_in_a_table(
    window: MainWindow, panel: LessonPanel, wait_for: Waiting, tmp_path: Path,
    messages: list[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    desk = window.session.lessons
    desk.export_answers()
    assert messages.pop().startswith("There are no answers yet;")
    assert window.session.lesson_progress is None
    open_lesson(panel, wait_for, "01-first-contact")
    panel.teacher.click()
    panel.next.click()
    give_answer(panel, wait_for, view_of(panel).page.asks)
    names = ["", "Ben"]
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: (names.pop(0), True))
    desk.export_answers()  # nothing, without a name
    files = [str(tmp_path / name) for name in ("anna.linreg-answers", "ben.linreg-answers")]
    targets = [*files, str(tmp_path / "class")]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (targets.pop(0), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (files, ""))
    for name in ("Ben", "Anna"):
        written = Path(targets[0])
        desk.export_answers()
        assert panel.person.text() == name
        panel.person.setText("Anna")
        panel.person.editingFinished.emit()
        wait_for(written.exists)
    monkeypatch.setattr(CsvChoiceDialog, "exec", lambda _: CsvChoiceDialog.DialogCode.Accepted)
    desk.make_class_table()
    wait_for((tmp_path / "class.csv").exists)
    with (tmp_path / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head[6:] == ["Three numbers", "One step", "How wrong is it?", "What did you see?"]
    assert [row[0] for row in rows] == ["Anna", "Ben"]
    assert [row[6] for row in rows] == ["✓ 4.2", "✓ 4.2"]
    panel.leave.click()
    assert window.session.lesson_run.sheet().person == "Anna"  # answers outlive the lesson


ANNA = AnswerSheet(
    "=Anna", "A lesson", "abc", "2026-01-02T10:00:00", (PageAnswer("Why?", "=2", seconds=90),)
)


def test_files_that_do_not_belong_in_a_class_table_are_left_out_and_named(
    window: MainWindow, wait_for: Waiting, tmp_path: Path, messages: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    bad = [tmp_path / f"bad {number}" for number in range(6)]
    others = [tmp_path / name for name in ("anna", "ben", "other")]
    sheets = [ANNA, replace(ANNA, person="Ben"), replace(ANNA, lesson_id="xyz")]
    for file, sheet in zip(others, sheets, strict=True):
        file.write_bytes(to_bytes(sheet))
    for file in bad:
        file.write_text("{}")
    chosen = bad[:1]
    table = tmp_path / "class.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(table), ""))
    monkeypatch.setattr(
        QFileDialog, "getOpenFileNames", lambda *_: ([str(file) for file in chosen], "")
    )

    def choose(dialog: CsvChoiceDialog) -> CsvChoiceDialog.DialogCode:
        dialog.choice.spreadsheet.setChecked(True)
        return CsvChoiceDialog.DialogCode.Accepted

    monkeypatch.setattr(CsvChoiceDialog, "exec", choose)
    monkeypatch.setattr(csv_choice, "spreadsheet_dialect", lambda _: spreadsheet_dialect(","))
    window.session.lessons.make_class_table()
    assert messages == ["bad 0 is no file of answers; choose one that LinReg has exported."]
    chosen[:] = [*bad, *others]
    window.session.lessons.make_class_table()
    wait_for(table.exists)
    wait_for(lambda: "class.csv" in window.messages.label.text())
    assert window.messages.label.text() == (
        "class.csv is written. Left out, because no answers could be read from them: "
        "bad 0, bad 1, bad 2, bad 3 and 2 more. "
        "Left out, because they are of another lesson: other."
    )
    assert table.read_text(encoding="utf-8-sig").splitlines() == [
        "name;began;answered;right;wrong;minutes;Why?",
        "'=Anna;2026-01-02T10:00:00;1;0;0;1,5;'=2",
        "Ben;2026-01-02T10:00:00;1;0;0;1,5;'=2",
    ]


def test_answers_are_exported_once_the_file_is_in_its_place(
    window: MainWindow, panel: LessonPanel, wait_for: Waiting, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    run = window.session.lesson_run
    open_lesson(panel, wait_for, "01-first-contact")
    panel.teacher.click()
    panel.next.click()
    give_answer(panel, wait_for, view_of(panel).page.asks)
    run.set_person("Anna")
    target = tmp_path / "anna.linreg-answers"
    target.mkdir()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    window.session.lessons.export_answers()
    wait_for(lambda: "could not be written" in window.messages.label.text())
    assert not run.is_exported
    target.rmdir()
    window.session.lessons.export_answers()
    wait_for(lambda: run.is_exported)
    run.set_person("Ben")
    assert not run.is_exported


def test_nobody_answers_under_the_name_of_the_one_before(
    panel: LessonPanel, wait_for: Waiting
) -> None:
    open_lesson(panel, wait_for, "01-first-contact")
    panel.person.setText("Anna")
    panel.person.editingFinished.emit()
    panel.leave.click()
    open_lesson(panel, wait_for, "02-too-fast-and-too-slow")
    assert panel.person.text() == ""


def test_a_file_that_is_no_lesson_changes_nothing(
    window: MainWindow, panel: LessonPanel, wait_for: Waiting, tmp_path: Path,
    messages: list[str],
) -> None:  # fmt: skip
    file = tmp_path / "no.linreg-lesson"
    file.write_bytes(b"\x00\xff")
    before = window.controller.settings
    window.session.lessons.open(file)
    wait_for(lambda: bool(messages))
    assert messages == ["no.linreg-lesson is no lesson: it is not a text in UTF-8."]
    assert window.controller.settings is before
    assert window.session.lesson_run.lesson is None


def test_all_panels_that_a_page_can_offer_are_there() -> None:
    names = [spec.name for spec in PANELS if spec not in (GUIDE, LESSON)]
    assert tuple(names) == lesson_pages.PANELS


def test_answers_and_lessons_that_would_be_lost_are_asked_for(
    window: MainWindow, panel: LessonPanel, wait_for: Waiting, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    asked: list[str] = []
    answers = [2, 1]

    def ask(_window: object, sentence: str, *_words: str) -> int:
        asked.append(sentence)
        return answers.pop(0)

    monkeypatch.setattr(desk_module, "ask", ask)
    open_lesson(panel, wait_for, "01-first-contact")
    panel.teacher.click()
    panel.next.click()
    window.session.lesson_run.set_person("Anna")
    assert window.session.may_close()  # nothing is answered
    give_answer(panel, wait_for, view_of(panel).page.asks)
    assert window.session.may_close()  # nobody is there to ask
    window.document.asks = True
    assert not window.session.may_close()
    assert window.session.may_close()
    assert asked == ["Your answers are not exported yet."] * 2
    file = tmp_path / "anna.linreg-answers"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    answers.append(2)
    window.session.lessons.open("02-too-fast-and-too-slow")
    wait_for(lambda: not answers)
    assert view_of(panel).page.title == "Three numbers"  # canceled
    answers.append(0)
    window.session.lessons.open("02-too-fast-and-too-slow")
    wait_for(lambda: view_of(panel).page.title != "Three numbers")
    assert file.exists()
    assert asked[2:] == asked[:2]
    assert not window.session.lesson_run.has_answers
    asked[:] = asked[:2]
    assert window.session.may_close()
    window.session.lessons.composer.title.setText("Mine")
    window.session.lessons.composer.title.textEdited.emit("Mine")
    answers += [0, 1]
    assert not window.session.may_close()
    assert window.session.lessons.composer.isVisible()
    assert window.session.may_close()
    assert asked[2:] == ["The lesson that you are making is not saved."] * 2
    window.document.asks = False


def test_no_message_stays_for_a_later_page_or_offers_what_it_hides(
    window: MainWindow, panel: LessonPanel, wait_for: Waiting
) -> None:
    pages = (Page(title="Free"), Page(title="Locked", controls=()), Page(title="Free again"))
    settings = {"examples": 100, "learning_rate": 1e-7}
    window.session.lessons.begin(Lesson(title="Slow", settings=settings, pages=pages))
    messages, run = window.messages, window.session.lesson_run
    wait_for(lambda: is_prepared(window.controller))
    wait_for(messages.isVisible)
    prepared = window.controller.run
    assert prepared is not None
    assert prepared.forecast is not None
    forecast = prepared.forecast.sentence
    assert messages.label.text() == forecast
    run.go_to(1)
    assert messages.isHidden()
    messages.show_message("x.csv is written.")
    run.go_to(0)
    assert messages.isHidden()
    messages.show_message(forecast)
    run.go_to(1)
    run.go_to(2)
    assert messages.label.text() == forecast  # it still holds, and can be helped here


def test_the_last_page_speaks_of_no_next_one_and_answers_can_be_exported_before_it(
    panel: LessonPanel, wait_for: Waiting
) -> None:
    open_lesson(panel, wait_for, "03-why-batches")
    hints = [label.text() for label in panel.findChildren(QLabel)]
    assert "Next comes when a run has gone to its end." in hints
    panel.teacher.click()
    assert panel.dots is not None
    panel.dots.dots[1].click()
    assert panel.export.isHidden()
    give_answer(panel, wait_for, view_of(panel).page.asks)
    assert not panel.export.isHidden()
    panel.dots.dots[5].click()
    panel.teacher.click()
    hints = [label.text() for label in panel.findChildren(QLabel)]
    assert "This page is done when you have changed the setting." in hints
    assert not panel.export.isHidden()


def test_a_new_page_takes_the_focus_for_reading(panel: LessonPanel, wait_for: Waiting) -> None:
    open_lesson(panel, wait_for, "01-first-contact")
    panel.teacher.click()
    panel.next.setFocus()
    panel.next.click()
    assert view_of(panel).hasFocus()
    assert view_of(panel).accessibleName() == "Three numbers"


def test_a_teacher_who_skips_pages_gets_what_they_change(
    window: MainWindow, panel: LessonPanel, wait_for: Waiting
) -> None:
    open_lesson(panel, wait_for, "03-why-batches")
    panel.teacher.click()
    assert panel.dots is not None
    panel.dots.dots[5].click()
    assert window.controller.settings.batch_size == 2000
    panel.dots.dots[1].click()
    assert window.controller.settings.batch_size == 2000  # pages that are behind change nothing

"""The language is switched while the window is open: every word changes, and nothing else."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from linreg_gui.application import ShownWindow, create_window
from linreg_gui.guide.prediction_log import rows
from linreg_gui.guide.questions import Question
from linreg_gui.guide.run_facts import Course
from linreg_gui.guide.run_prediction import Topic
from linreg_gui.languages import ENGLISH, NAMES, language, speak
from linreg_gui.lessons.answers import class_table, lesson_id
from linreg_gui.lessons.bundled import lesson_file
from linreg_gui.lessons.pages import FromBank, Lesson, Page, Wait, WaitFor, WordsQuestion
from linreg_gui.lessons.progress import read_lesson
from linreg_gui.look.words_of_qt import speak_in_qt
from linreg_gui.runs.states import RunState
from linreg_gui.sessions.state import SessionState
from linreg_gui.settings import DEFAULTS, Engine, StopRule
from linreg_gui.tables.reading import read_columns
from linreg_gui.texts import tr
from linreg_gui.threads.lesson_run import LessonRun
from linreg_gui.widgets.lessons import desk as desk_module
from linreg_gui.widgets.panels.registry import (
    CONTRASTS,
    DATA,
    GUIDE,
    LOG,
    MY_LINE,
    PREDICT_FIRST,
    RUNS,
    STEP,
    SWEEP,
)
from linreg_gui.widgets.window.anew import made_anew
from linreg_gui.widgets.window.main_window import MainWindow
from linreg_gui.widgets.window.notice import Notice
from linreg_gui.widgets.window.view_state import view_state
from tests.pseudo_languages import LONGER, spoken
from tests.saved_sessions import read, write
from tests.support import LastingThread, LoggedErrors, is_prepared, line_data
from tests.visible_texts import visible_texts

Waiting = Callable[[Callable[[], object]], None]

PLAIN = re.compile(r"(?<![^\W\d_])[A-Za-z]{3,}(?![^\W\d_])")
NAMES_AND_KEYS = {
    "Backspace", "Ctrl", "Down", "Enter", "Esc", "Export", "Left", "LinReg", "Right", "Shift",
    "Space", "grad", "hat", *PLAIN.findall(" ".join(NAMES.values())),
}  # fmt: skip
"""Words that are the same in every language; “Export...” is pyqtgraph's, and never seen."""
FOREIGN = re.compile(r"--[a-z]+|x1\.csv")
BETWEEN_DIGITS = re.compile(r"(?<=\d),(?=\d)")
NUMBER = re.compile(r"[\d.]*\d")


def plain_words(window: MainWindow) -> set[str]:
    """Return the words that are still English in the pseudo-language."""
    words = {word for _, text in visible_texts(window) for word in PLAIN.findall(text)}
    return words - NAMES_AND_KEYS


@pytest.fixture
def shown(
    qapp: QApplication, qtbot: QtBot, lasting_thread: LastingThread, wait_for: Waiting
) -> Iterator[ShownWindow]:
    window = create_window(qapp, background=lasting_thread)
    shown = ShownWindow(qapp, window, None)
    window.show()
    wait_for(lambda: window.controller.state is RunState.READY and bool(window.controller.run))
    yield shown
    controller = shown.window.controller
    assert shown.window.close()
    for each in (controller, shown.window, shown):
        each.deleteLater()
    speak(ENGLISH)
    speak_in_qt(qapp)


def test_every_word_changes_while_a_run_trains_and_no_number(
    shown: ShownWindow, wait_for: Waiting
) -> None:
    window, controller = shown.window, shown.window.controller
    window.session.switches[STEP].setChecked(True)
    controller.start()
    wait_for(lambda: bool(controller.run and controller.run.history.step > 200))
    run = controller.run
    assert run is not None
    assert {"Run", "step", "Data"} <= plain_words(window)
    with spoken(LONGER):
        window = shown.window = made_anew(window)
        assert controller.state is RunState.RUNNING
        assert controller.run is run
        step = run.history.step
        wait_for(lambda: run.history.step > step + 50)
        controller.pause()
        window.refresher.refresh_all()
        assert plain_words(window) == set()
        w0 = window.readout.parameters[0].number.text()
    shown.window = made_anew(window)
    shown.window.refresher.refresh_all()
    assert {"Run", "step", "Data"} <= plain_words(shown.window)
    assert not any("þ" in text for _, text in visible_texts(shown.window))
    assert shown.window.readout.parameters[0].number.text() == w0.replace(",", ".")
    assert str(controller.state) == RunState.PAUSED


def test_what_a_person_has_made_is_still_there(shown: ShownWindow, wait_for: Waiting) -> None:
    window, controller = shown.window, shown.window.controller
    session = window.session
    controller.change_setting("engine", Engine.INSTANT)
    controller.reset()
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    session.switches[MY_LINE].setChecked(True)
    session.guesses.keep("Ana")
    session.kept_runs.rename(session.kept_runs.runs[0], "first")
    session.guide.go_to(3)
    session.predict_first.set_person("Ana")
    session.playhead.go_to(1234)
    window.stage.show_picture(window.pictures[1])
    controller.message_posted.emit("a line")
    window.resize(1100, 720)
    view, made = view_state(window), window.document.made()
    log = window.side.panel(LOG).text.toPlainText()
    with spoken(LONGER):
        shown.window = window = made_anew(window)
    session = window.session
    assert view_state(window) == view
    assert [guess.name for guess in session.guesses.kept] == ["Ana"]
    assert [kept.name for kept in session.kept_runs.runs] == ["first"]
    assert (session.guide.index, session.predict_first.person) == (3, "Ana")
    assert window.side.panel(LOG).text.toPlainText() == log
    assert (window.width(), window.height()) == (1100, 720)
    assert window.document.made() == made
    assert session.guide.stops[0].title.startswith("[")


def test_what_was_said_is_said_again(shown: ShownWindow, wait_for: Waiting, tmp_path: Path) -> None:
    file = tmp_path / "x1.csv"
    file.write_text("x1,y\n" + "".join(f"{x},{2 * x + 0.125}\n" for x in range(9)) + "9,?\n,3\n")
    controller, session = shown.window.controller, shown.window.session
    controller.use_data(read_columns(file, [], ""), learning_rate=0.9, epochs=200)
    controller.change_setting("batch_size", 2000)
    wait_for(lambda: is_prepared(controller))
    run = controller.run
    assert run is not None
    assert run.config.batch_size == 9
    session.predict_first.change(end=2.5, step=3, course=Course.ARRIVES)
    session.predict_first.lock()
    controller.start()
    wait_for(lambda: controller.state is RunState.DIVERGED)
    session.sweeper.start("batch_size", [4, 2000, 5000])
    wait_for(lambda: not session.sweeper.is_running)
    assert controller.outcome.startswith("Diverged at step")
    assert any("skipped" in each for each in run.messages)
    assert any("was reduced to 9" in each for each in session.sweeper.points[1].messages)
    assert not any(each.is_right for each in session.predict_first.verdicts.values())
    assert len(session.kept_runs.runs) == 1
    english = said_in(shown.window)
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        longer = said_in(shown.window)
        for place, text in longer.items():
            words = {*PLAIN.findall(FOREIGN.sub("", text))}
            assert words <= NAMES_AND_KEYS, place
            as_in_english = text.replace("\N{NARROW NO-BREAK SPACE}", "")
            as_in_english = BETWEEN_DIGITS.sub(".", as_in_english)
            same = BETWEEN_DIGITS.sub("", english[place])
            assert NUMBER.findall(as_in_english) == NUMBER.findall(same), place
    shown.window = made_anew(shown.window)
    assert said_in(shown.window) == english


def test_why_a_sweep_has_failed_is_told_again(
    shown: ShownWindow,
    wait_for: Waiting,
    monkeypatch: pytest.MonkeyPatch,
    logged_errors: LoggedErrors,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(tr("Close this message"))

    session = shown.window.session
    session.switches[SWEEP].setChecked(True)
    with monkeypatch.context() as patch:
        patch.setattr("linreg_gui.runs.preparation.prepare_run", fail)
        session.sweeper.start("epochs", [1, 2])
        wait_for(lambda: not session.sweeper.is_running)
    words = shown.window.side.panel(SWEEP).words
    said = words.text()
    assert [said] == logged_errors()
    assert words.property("role") == "error"
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        words = shown.window.side.panel(SWEEP).words
        assert words.text().startswith("[")
        assert PLAIN.findall(words.text()) == []
    shown.window = made_anew(shown.window)
    assert shown.window.side.panel(SWEEP).words.text() == said


def test_a_forecast_is_told_again_with_its_cure(shown: ShownWindow, wait_for: Waiting) -> None:
    controller, notice = shown.window.controller, shown.window.messages
    controller.change_settings(learning_rate=1e-5, epochs=3)
    wait_for(lambda: is_prepared(controller))
    run = controller.run
    assert run is not None
    text, buttons = notice.label.text(), visible_buttons(notice)
    assert text.startswith("With these settings the run will end")
    assert notice.cure.text() == "Use this"
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        notice = shown.window.messages
        assert PLAIN.findall(notice.label.text() + notice.cure.text()) == []
        assert notice.label.text() == run.messages[-1]
        assert visible_buttons(notice) == buttons
        shown.window.session.refused.emit("no number")
    shown.window = made_anew(shown.window)
    assert shown.window.messages.label.text() == text
    shown.window.messages.clear()
    shown.window = made_anew(shown.window)
    assert not shown.window.messages.isVisible()


def test_what_was_closed_stays_closed_in_another_language(
    shown: ShownWindow, wait_for: Waiting
) -> None:
    controller = shown.window.controller
    controller.use_data(line_data(0, 19), learning_rate=1e-5, epochs=1)
    wait_for(shown.window.messages.isVisible)
    shown.window.messages._close.click()
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        controller.reset()
        wait_for(lambda: is_prepared(controller))
        assert not shown.window.messages.isVisible()
        controller.change_setting("epochs", 2)
        wait_for(shown.window.messages.isVisible)


def visible_buttons(notice: Notice) -> list[bool]:
    return [not button.isHidden() for button in notice.findChildren(QToolButton)]


def test_why_a_run_has_stopped_is_told_again(shown: ShownWindow, wait_for: Waiting) -> None:
    controller, session = shown.window.controller, shown.window.session
    controller.change_settings(stop_rule=StopRule.LOSS, learning_rate=0.03, epochs=5)
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED and session.going_on.is_known)
    outcome, run = controller.outcome, controller.run
    assert run is not None
    assert outcome.startswith("Stopped by your rule")
    assert "more step" in outcome
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        assert PLAIN.findall(controller.outcome) == []
        assert {*run.messages[-2:]} <= {*session.kept_runs.runs[0].run.messages}
    shown.window = made_anew(shown.window)
    assert controller.outcome == outcome


def test_a_question_is_answered_in_the_other_language(
    shown: ShownWindow, wait_for: Waiting
) -> None:
    questions = shown.window.session.predict_questions
    questions.ask(0)
    questions.lock(2 if questions.bank[0].right == 1 else 1)
    questions.run()
    wait_for(lambda: questions.verdict is not None)
    verdict, evidence = questions.verdict, questions.evidence
    assert verdict is not None
    log = rows(shown.window.session.predict_first.entries)
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        again = questions.verdict
        assert again is not None
        said = [again.words, *questions.evidence]
        (entry,) = rows(shown.window.session.predict_first.entries)
        assert PLAIN.findall(" ".join([*said, *entry])) == []
        shown.window.session.predict_questions.explain("because")
    shown.window = made_anew(shown.window)
    assert (questions.verdict, questions.evidence) == (verdict, evidence)
    (entry,) = rows(shown.window.session.predict_first.entries)
    assert entry == [*log[0][:5], "because", *log[0][6:]]


def answered_lesson(shown: ShownWindow, wait_for: Waiting) -> LessonRun:
    """Open a lesson, and answer its first question."""
    session = shown.window.session
    session.lessons.open("why-batches")
    wait_for(lambda: session.is_in_lesson)
    run = session.lesson_run
    assert run.lesson is not None
    run.show_as_teacher(True)
    run.go_to(next(n for n, page in enumerate(run.lesson.pages) if isinstance(page.asks, Question)))
    run.say(1)
    return run


def test_an_answer_in_a_lesson_is_judged_in_the_other_language(
    shown: ShownWindow, wait_for: Waiting
) -> None:
    run = answered_lesson(shown, wait_for)
    verdict = run.verdict
    assert verdict is not None
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        again = run.verdict
        assert again is not None
        assert again.is_right == verdict.is_right
        assert PLAIN.findall(again.words) == []
    shown.window = made_anew(shown.window)
    assert run.verdict == verdict


def test_the_words_beside_a_judged_answer_are_in_the_other_language(
    shown: ShownWindow, wait_for: Waiting
) -> None:
    controller, session = shown.window.controller, shown.window.session
    run = session.lesson_run
    pages = (
        Page(title="One", asks=FromBank(run.questions.bank[0].name)),
        Page(title="Two", predicts=(Topic.COURSE, Topic.STEPS)),
    )
    settings = {"examples": 30, "engine": Engine.INSTANT}
    session.lessons.begin(Lesson(title="L", settings=settings, pages=pages))
    wait_for(lambda: is_prepared(controller) and run.questions.question is not None)
    run.questions.lock(2)
    run.questions.run()
    wait_for(lambda: run.answer is not None)
    run.go_to(1)
    wait_for(lambda: is_prepared(controller))
    session.predict_first.change(course=Course.ARRIVES, step=3)
    session.predict_first.lock()
    sheet, said = run.sheet(), []
    for index in (0, 1):
        run.go_to(index)
        said.append(run.said_words)
        assert said[index] == sheet.answers[index].said != ""
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        for index in (0, 1):
            run.go_to(index)
            texts = [text for _, text in visible_texts(shown.window.side)]
            assert any(run.said_words in text for text in texts)
            assert PLAIN.findall(run.said_words) == []
        assert run.sheet() == sheet
    shown.window = made_anew(shown.window)
    assert run.said_words == said[1]


def test_edited_examples_have_their_name_in_the_other_language(
    shown: ShownWindow, wait_for: Waiting
) -> None:
    controller, points = shown.window.controller, shown.window.session.points
    points.open(wanted=True)
    wait_for(lambda: points.dataset is not None)
    points.add([1.0, 2.0], 3.0)
    wait_for(lambda: controller.settings.data is not None)
    data = controller.settings.data
    assert str(data) == "synthetic, edited: 1 added"
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        assert PLAIN.findall(str(data)) == []
    assert str(data) == "synthetic, edited: 1 added"


def said_in(window: MainWindow) -> dict[str, str]:
    """Return what was said before and is still there, by its place."""
    session, run = window.session, window.controller.run
    assert run is not None
    window.refresher.refresh_all()
    log, first = session.predict_first.entries, session.kept_runs.runs[0]
    data = window.side.panel(DATA)
    texts = {
        "run": run.messages,
        "kept run": first.run.messages,
        "outcome": [window.controller.outcome],
        "readout": [window.readout.state.text()],
        "notice": [window.messages.label.text()],
        "sweep": [each for point in session.sweeper.points for each in point.messages],
        "verdicts": [each.words + each.idea for each in session.predict_first.verdicts.values()],
        "predictions": [cell for row in rows(log) for cell in row[:5]],
        "data": [each.text() for each in (data.name, data.facts, data.skipped)],
        "log": [window.side.panel(LOG).text.toPlainText()],
    }
    for spec in (RUNS, SWEEP, PREDICT_FIRST):
        session.switches[spec].setChecked(True)
        texts[spec.name] = [text for _, text in visible_texts(window.side)]
    return {place: "\n".join(said) for place, said in texts.items()}


def test_the_new_window_works_like_the_first(shown: ShownWindow, wait_for: Waiting) -> None:
    with spoken(LONGER):
        window = shown.window = made_anew(shown.window)
        controller = window.controller
        for spec in (GUIDE, CONTRASTS, PREDICT_FIRST):
            window.session.switches[spec].setChecked(True)
        controller.change_setting("learning_rate", 0.02)
        controller.start()
        wait_for(lambda: controller.state is RunState.COMPLETED)
        assert window.picture(type(window.pictures[1])).run is controller.run
        assert len(window.session.kept_runs.runs) == 1
        assert plain_words(window) <= {"y", "X"} | plain_words_of_code(window)


def plain_words_of_code(window: MainWindow) -> set[str]:
    """Return the names that the texts of the guide quote from its code."""
    return {"bias", "noise", "std", "weights"}


def test_a_lesson_that_is_open_goes_on_in_the_other_language(
    shown: ShownWindow, wait_for: Waiting
) -> None:
    session = shown.window.session
    session.lessons.open("why-batches")
    wait_for(lambda: session.is_in_lesson)
    english = session.lesson_run.lesson
    assert english is not None
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        assert not shown.window.isWindowModified()
        session = shown.window.session
        lesson = session.lesson_run.lesson
        assert lesson is not None
        assert english.title == "Why batches?"
        assert lesson.title.startswith("[Ŵĥý báţçĥéš?")
        assert len(lesson.pages) == len(english.pages)
        session.lessons.leave()
        wait_for(lambda: not session.is_in_lesson)


def test_what_was_said_before_a_lesson_is_in_the_language_that_was_chosen_in_it(
    shown: ShownWindow, wait_for: Waiting
) -> None:
    controller, session = shown.window.controller, shown.window.session
    controller.change_settings(examples=30, learning_rate=9.0, epochs=200, engine=Engine.INSTANT)
    controller.reset()
    controller.start()
    wait_for(lambda: controller.state is RunState.DIVERGED)
    session.sweeper.start("batch_size", [4, 2000])
    wait_for(lambda: not session.sweeper.is_running)
    session.lessons.open("why-batches")
    wait_for(lambda: session.is_in_lesson)
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        session = shown.window.session
        session.lessons.leave()
        wait_for(lambda: controller.state is RunState.DIVERGED)
        for said in (
            [controller.outcome],
            session.kept_runs.runs[0].run.messages,
            [each for point in session.sweeper.points for each in point.messages],
        ):
            assert said
            assert PLAIN.findall("".join(said)) == []


def test_a_copy_that_a_teacher_has_reworded_stays(
    shown: ShownWindow, wait_for: Waiting, tmp_path: Path
) -> None:
    text = lesson_file("why-batches").read_text(encoding="utf-8")
    file = tmp_path / "mine.md"
    file.write_text(text.replace("# Why batches?", "# Batches, by me"), encoding="utf-8")
    session = shown.window.session
    session.lessons.open(file)
    wait_for(lambda: session.is_in_lesson)
    lesson = session.lesson_run.lesson
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        assert shown.window.session.lesson_run.lesson == lesson


def test_answers_are_of_the_same_lesson_in_every_language(
    shown: ShownWindow, wait_for: Waiting, tmp_path: Path
) -> None:
    run = answered_lesson(shown, wait_for)
    sheet = run.sheet()
    run.note_export(sheet)
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        assert run.is_exported
        assert run.sheet() == sheet
        file = write(tmp_path / "a.linreg", shown.window.document.capture())
        saved = read(file).lesson
        assert saved is not None
        lesson, _ = read_lesson(saved)
        assert lesson.title.startswith("[")
        assert lesson_id(lesson) == sheet.lesson_id
        (head, _), others = class_table({"a": sheet})
        assert not others
        assert all(str(title).startswith("[") for title in head)
    shown.window = made_anew(shown.window)
    assert run.lesson is not None
    assert run.lesson.title == "Why batches?"


def test_the_menu_lists_the_languages_and_switches(
    shown: ShownWindow, wait_for: Waiting, qapp: QApplication
) -> None:
    first = shown.window
    action(first, "Deutsch").trigger()
    wait_for(lambda: shown.window is not first)
    assert language() == "de"
    assert action(shown.window, "Deutsch").isChecked()
    assert qapp.translate("QLineEdit", "&Undo") != "&Undo"
    _type_numbers_in_german(shown.window, wait_for)
    action(shown.window, "English").trigger()
    wait_for(lambda: language() == ENGLISH)
    assert qapp.translate("QLineEdit", "&Undo") == "&Undo"


def _type_numbers_in_german(window: MainWindow, wait_for: Waiting) -> None:
    controller, rate = window.controller, window.run_bar.rate.field
    wait_for(lambda: is_prepared(controller))
    window.refresher.refresh_all()
    texts = [text for _, text in visible_texts(window)]
    assert rate.text() == "0,001"
    assert any(re.fullmatch(r"−\d,\d+", text) for text in texts)
    assert [text for text in texts if re.search(r"\d\.\d", text)] == []
    for typed, value in (("0,02", 0.02), ("0.03", 0.03), ("10.000", 10.0), ("2e-3", 0.002)):
        rate.setText(typed)
        rate.setModified(True)
        rate.editingFinished.emit()
        assert controller.settings.learning_rate == value
    assert rate.text() == "0,002"


def action(window: MainWindow, words: str) -> QAction:
    actions = window.actions_of.findChildren(QAction)
    return next(each for each in actions if each.text() == words)


def test_the_chosen_language_is_remembered(
    shown: ShownWindow, wait_for: Waiting, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = QSettings(str(tmp_path_factory.mktemp("s") / "a.ini"), QSettings.Format.IniFormat)
    shown._store, first = store, shown.window
    first.language_wanted.emit("fr")
    wait_for(lambda: shown.window is not first)
    assert store.value("language") == "fr"


def test_a_refused_language_gets_no_mark(
    shown: ShownWindow, wait_for: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = shown.window
    monkeypatch.setattr(window.document, "is_saving", True)
    action(window, "Deutsch").trigger()
    wait_for(window.messages.isVisible)
    assert shown.window is window
    assert action(window, "English").isChecked()


def test_a_lesson_that_is_being_made_goes_on(shown: ShownWindow) -> None:
    desk = shown.window.session.lessons
    desk.compose()
    desk.composer.title.setText("Mine")
    desk.composer.title.textEdited.emit("Mine")
    desk.composer.add_page()
    desk.composer.setGeometry(40, 60, 480, 500)
    desk.composer.reads.click()
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        desk = shown.window.session.lessons
        assert desk.draft is not None
        assert desk.composer.isVisible()
        assert (desk.composer.title.text(), desk.composer.pages.count()) == ("Mine", 2)
        assert desk.composer.pages.currentRow() == 1
        assert desk.composer.geometry().getRect() == (40, 60, 480, 500)
        assert desk.composer.reads.isChecked()
        assert not desk.composer.form.isVisible()
    desk.composer.close()
    shown.window = made_anew(shown.window)
    desk = shown.window.session.lessons
    desk.compose()
    assert desk.composer.geometry().getRect() == (40, 60, 480, 500), "also if it was closed"
    desk.composer.close()
    shown.window.document.asks = False


def test_answers_are_asked_for_after_a_switch(
    shown: ShownWindow, wait_for: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(_window: object, sentence: str, *words: str) -> int:
        asked.append(sentence)
        return len(words) - 1

    monkeypatch.setattr(desk_module, "ask", ask)
    session = shown.window.session
    session.lessons.begin(Lesson(title="L", pages=(Page(title="P", asks=WordsQuestion()),)))
    wait_for(lambda: is_prepared(shown.window.controller))
    session.lesson_run.say_in_words("An answer")
    session.lessons.leave()
    wait_for(lambda: is_prepared(shown.window.controller))
    shown.window = window = made_anew(shown.window)
    window.document.asks = True
    assert not window.session.may_close()
    assert asked == ["Your answers are not exported yet."]
    window.document.asks = False


def test_a_page_goes_on_waiting_for_a_run(shown: ShownWindow, wait_for: Waiting) -> None:
    controller = shown.window.controller
    run = Wait(WaitFor.RUN)
    lesson = Lesson(
        title="L",
        settings={"engine": Engine.INSTANT},
        pages=(Page(title="One"), Page(title="Two", wait=run)),
    )
    shown.window.session.lessons.begin(lesson)
    wait_for(lambda: is_prepared(controller))
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    shown.window.session.lesson_run.go_to(1)
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        assert controller.outcome.startswith("[")
        assert not shown.window.session.lesson_run.can_go_on
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    assert shown.window.session.lesson_run.can_go_on


@pytest.mark.parametrize("is_read", [False, True])
def test_a_session_that_is_being_opened_is_opened(
    shown: ShownWindow, qtbot: QtBot, wait_for: Waiting, tmp_path: Path, is_read: bool
) -> None:
    controller, document = shown.window.controller, shown.window.document
    settings = DEFAULTS.with_value("epochs", 7)
    file = write(tmp_path / "seven.linreg", SessionState(settings=settings))
    if is_read:
        with qtbot.waitSignal(controller.state_changed):  # this lasts only for a moment
            document.exchange.open(file)
        assert controller.is_restoring
    else:
        document.exchange.open(file)
    shown.window = made_anew(shown.window)
    document = shown.window.document
    assert document.file is None
    wait_for(lambda: document.file is not None)
    assert document.file == file
    assert controller.settings.epochs == 7
    assert not document.is_modified


def test_a_maximized_window_keeps_its_usual_size(shown: ShownWindow, wait_for: Waiting) -> None:
    window = shown.window
    window.resize(1000, 640)
    usual = window.geometry()
    window.showMaximized()
    wait_for(lambda: window.geometry() != usual)
    shown.window = made_anew(window)
    assert shown.window.isMaximized()
    assert shown.window.normalGeometry() == usual


def test_what_a_session_has_said_is_said_in_the_language_of_the_reader(
    shown: ShownWindow, wait_for: Waiting, tmp_path: Path
) -> None:
    table = tmp_path / "x1.csv"
    table.write_text("x1,y\n" + "".join(f"{x},{2 * x + 0.125}\n" for x in range(9)) + "9,?\n")
    controller, session = shown.window.controller, shown.window.session
    controller.use_data(read_columns(table, [], ""), learning_rate=0.9, epochs=200)
    controller.change_setting("batch_size", 2000)
    wait_for(lambda: is_prepared(controller))
    session.predict_first.change(end=2.5, step=3, course=Course.ARRIVES)
    session.predict_first.lock()
    controller.start()
    wait_for(lambda: controller.state is RunState.DIVERGED)
    session.sweeper.start("batch_size", [4, 2000])
    wait_for(lambda: not session.sweeper.is_running)
    questions = session.predict_questions
    questions.ask(0)
    questions.lock(2 if questions.bank[0].right == 1 else 1)
    questions.run()
    wait_for(lambda: questions.verdict is not None)
    questions.leave()
    wait_for(lambda: is_prepared(controller))
    english = said_in(shown.window)
    file = write(tmp_path / "a.linreg", shown.window.document.capture())
    opened: list[None] = []
    controller.session_opened.connect(lambda: opened.append(None))
    places = ("run", "kept run", "outcome", "notice", "sweep", "verdicts", "predictions", "data")
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        shown.window.document.exchange.open(file)
        wait_for(lambda: bool(opened))
        longer = said_in(shown.window)
        for place in places:
            words = {*PLAIN.findall(FOREIGN.sub("", longer[place]))}
            assert words <= NAMES_AND_KEYS, place
    shown.window = made_anew(shown.window)
    again = said_in(shown.window)
    assert {place: again[place] for place in places} == {place: english[place] for place in places}


def test_how_the_run_of_an_opened_session_ended_is_said_in_the_other_language(
    shown: ShownWindow, wait_for: Waiting, tmp_path: Path
) -> None:
    window, controller = shown.window, shown.window.controller
    controller.change_settings(examples=400, epochs=3, engine=Engine.INSTANT)
    controller.reset()
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    said = controller.outcome
    file = write(tmp_path / "a.linreg", window.document.capture())
    opened: list[None] = []
    controller.session_opened.connect(lambda: opened.append(None))
    window.document.exchange.open(file)
    wait_for(lambda: bool(opened))
    assert controller.outcome == said
    with spoken(LONGER):
        shown.window = made_anew(shown.window)
        assert PLAIN.findall(controller.outcome) == []
    shown.window = made_anew(shown.window)
    assert controller.outcome == said

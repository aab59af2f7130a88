"""A session has a file: its name, the mark of what is not saved, and questions before a loss."""

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from linreg_gui.guide.questions import Question
from linreg_gui.guide.run_prediction import Topic
from linreg_gui.lessons.answers import Result
from linreg_gui.lessons.drafts import LessonDraft
from linreg_gui.lessons.markdown import write_lesson
from linreg_gui.lessons.pages import FromBank, Lesson, Page, WaitFor
from linreg_gui.lessons.pages import Wait as PageWait
from linreg_gui.lessons.saved_drafts import MOST_BYTES
from linreg_gui.look import asking
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.states import Action, RunState
from linreg_gui.sessions.recovery import RecoveryFolder
from linreg_gui.sessions.session_file import writing_session
from linreg_gui.sessions.state import SessionState
from linreg_gui.settings import DEFAULTS, Engine
from linreg_gui.threads import session_files
from linreg_gui.widgets.panels.registry import LESSON, LOG
from linreg_gui.widgets.window import document as document_module
from linreg_gui.widgets.window.last_session import RecentFiles
from linreg_gui.widgets.window.main_window import MainWindow
from tests.saved_sessions import read, write
from tests.support import history_digests, line_data, needs_posix, settle

pytestmark = pytest.mark.usefixtures("shared_window")

Wait = Callable[[Callable[[], bool]], None]
Answer = Callable[..., list[str]]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Return a function that sets the answers to come, and returns the questions so far."""
    given: list[int] = []
    asked: list[str] = []

    def ask(_window: object, sentence: str, *words: str) -> int:
        asked.append(sentence)
        return given.pop(0) if given else len(words) - 1

    for module in (document_module, asking):
        monkeypatch.setattr(module, "ask", ask)

    def answer(*indices: int) -> list[str]:
        given.extend(indices)
        return asked

    return answer


@pytest.fixture
def begun(window: MainWindow, tmp_path: Path, answers: Answer) -> Iterator[MainWindow]:
    """Return a window as the program opens it, with somebody to ask."""
    window.document.begin(tmp_path / "state")
    yield window
    window.document.asks = False


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path | str], None]:
    def choose(file: Path | str) -> None:
        for name in ("getSaveFileName", "getOpenFileName"):
            monkeypatch.setattr(QFileDialog, name, lambda *_: (str(file), ""))

    return choose


def train(window: MainWindow, wait_for: Wait, **settings: Any) -> None:
    controller = window.controller
    controller.change_settings(engine=Engine.INSTANT, **settings)
    controller.reset()
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    window.document.refresh()


def save(window: MainWindow, wait_for: Wait) -> None:
    window.document.save()
    wait_for(lambda: not window.document.is_saving)


def keep_a_guess(window: MainWindow) -> None:
    window.session.guesses.keep("by eye")
    window.document.refresh()


def bad_sentence(window: MainWindow) -> str:
    return window.messages.label.text().replace("\u2068", "").replace("\u2069", "")


class TestTheMark:
    def test_a_fresh_start_has_nothing_to_save(self, begun: MainWindow) -> None:
        begun.document.refresh()
        assert not begun.isWindowModified()
        assert begun.windowTitle() == "LinReg[*]"

    def test_steps_and_settings_are_to_be_saved_until_they_are(
        self, begun: MainWindow, wait_for: Wait, tmp_path: Path, choose: Any
    ) -> None:
        document = begun.document
        begun.controller.change_setting("learning_rate", 0.02)
        wait_for(lambda: document.is_modified)
        begun.controller.change_setting("learning_rate", DEFAULTS.learning_rate)
        wait_for(lambda: not document.is_modified)
        train(begun, wait_for)
        assert begun.isWindowModified()
        choose(tmp_path / "too fast")
        save(begun, wait_for)
        assert document.file == tmp_path / "too fast.linreg"
        assert document.file.exists()
        assert begun.windowTitle() == "too fast[*] — LinReg"
        assert not begun.isWindowModified()
        keep_a_guess(begun)
        assert begun.isWindowModified()

    @needs_posix("stars in names of files")
    def test_a_mark_in_a_name_is_no_mark(self, begun: MainWindow, wait_for: Wait, tmp_path: Path,
                                         choose: Any) -> None:  # fmt: skip
        choose(tmp_path / "odd [*] näme\u202e\n.linreg")
        save(begun, wait_for)
        assert not begun.isWindowModified()
        assert "[*][*]" in begun.windowTitle()
        assert "\u202e" not in begun.windowTitle()
        assert "\n" not in begun.windowTitle()


class TestSavingAndOpening:
    @pytest.mark.usefixtures("own_window")
    def test_a_session_opens_as_it_was_saved(
        self, begun: MainWindow, wait_for: Wait, tmp_path: Path, choose: Any, qtbot: QtBot
    ) -> None:
        train(begun, wait_for, examples=400, epochs=5)
        begun.session.switches[LOG].setChecked(True)
        loss = begun.picture(LossPlot)
        begun.stage.show_picture(loss)
        loss.entry_of(loss.batch).setChecked(False)
        begun.session.playhead.go_to(77)
        keep_a_guess(begun)
        assert begun.controller.run is not None
        digests, settings = history_digests(begun.controller.run), begun.controller.settings
        assert begun.session.playhead.step == 77
        choose(tmp_path / "lecture.linreg")
        qtbot.keyClick(begun, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        wait_for(lambda: not begun.document.is_saving)
        qtbot.keyClick(begun, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        wait_for(lambda: begun.document.file is None)
        settle(begun.controller)
        assert begun.controller.settings == DEFAULTS
        assert begun.side.open_panel is None
        assert loss.batch.visible
        assert not begun.session.guesses.kept
        assert not begun.session.kept_runs.runs
        assert not begun.isWindowModified()
        qtbot.keyClick(begun, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
        wait_for(lambda: begun.document.file is not None)
        run = begun.controller.run
        assert run is not None
        assert history_digests(run) == digests
        assert begun.controller.settings == settings
        assert begun.controller.state is RunState.COMPLETED
        assert begun.stage.current is loss
        assert not loss.batch.visible
        assert begun.side.open_panel is LOG
        assert begun.session.playhead.step == 77
        assert [kept.name for kept in begun.session.guesses.kept] == ["by eye"]
        assert len(begun.session.kept_runs.runs) == 1
        begun.document.refresh()
        assert not begun.isWindowModified()
        assert "lessons" not in vars(begun.session), "they take long to import"

    def test_while_the_run_goes_on_a_moment_of_it_is_saved(
        self, begun: MainWindow, wait_for: Wait, tmp_path: Path, choose: Any, answers: Answer
    ) -> None:
        controller = begun.controller
        controller.start()
        wait_for(lambda: controller.run is not None and controller.run.history.step > 20)
        choose(tmp_path / "going.linreg")
        save(begun, wait_for)
        going_on = controller.state
        assert going_on is RunState.RUNNING
        controller.pause()
        settle(controller)
        newest = controller.run.history.step  # type: ignore[union-attr]
        answers(1)
        begun.document.exchange.open(tmp_path / "going.linreg")
        wait_for(lambda: controller.run.history.step < newest)  # type: ignore[union-attr]
        assert controller.state is RunState.PAUSED
        assert controller.run.history.step > 20  # type: ignore[union-attr]

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04rest", b"x,y\n1,2\n"])
    def test_a_damaged_file_changes_nothing_and_is_said(
        self, begun: MainWindow, wait_for: Wait, tmp_path: Path, content: bytes, answers: Answer
    ) -> None:
        file = tmp_path / "broken.linreg"
        file.write_bytes(content)
        run = begun.controller.run
        keep_a_guess(begun)
        begun.opening.open(file)
        wait_for(begun.messages.isVisible)
        assert not answers(), "nothing is lost"
        assert "broken.linreg" in bad_sentence(begun)
        assert begun.controller.run is run
        assert begun.document.file is None

    def test_a_file_that_has_gone_leaves_the_list(
        self, begun: MainWindow, wait_for: Wait, tmp_path: Path, choose: Any
    ) -> None:
        choose(tmp_path / "gone.linreg")
        save(begun, wait_for)
        menu = begun.opening.recent_menu()
        menu.aboutToShow.emit()
        assert [action.text().strip("“”\u2068\u2069") for action in menu.actions()] == [
            "gone.linreg"
        ]
        (tmp_path / "gone.linreg").unlink()
        menu.actions()[0].trigger()
        wait_for(begun.messages.isVisible)
        assert "gone.linreg" in bad_sentence(begun)
        menu.aboutToShow.emit()
        assert [action.isEnabled() for action in menu.actions()] == [False]
        menu.deleteLater()


class TestBeforeALoss:
    def test_a_plain_run_is_closed_without_a_question(
        self, begun: MainWindow, wait_for: Wait, answers: Answer
    ) -> None:
        train(begun, wait_for)
        assert begun.document.is_modified
        assert begun.document.may_close()
        assert not answers()

    @pytest.mark.usefixtures("own_window")
    def test_what_a_person_made_is_asked_for(
        self, begun: MainWindow, wait_for: Wait, answers: Answer, tmp_path: Path, choose: Any
    ) -> None:
        keep_a_guess(begun)
        assert not begun.close()  # the last answer, as with Escape
        assert begun.isVisible()
        assert answers() == ["This session has changes that are not saved."]
        answers(0)
        choose("")  # no file after all
        assert not begun.close()
        assert begun.isVisible()
        answers(0)
        choose(tmp_path / "kept.linreg")
        assert not begun.close()
        wait_for(lambda: not begun.isVisible())
        assert (tmp_path / "kept.linreg").exists()

    @pytest.mark.usefixtures("own_window")
    def test_a_person_may_discard_it(self, begun: MainWindow, answers: Answer) -> None:
        keep_a_guess(begun)
        answers(1)
        assert begun.close()

    @pytest.mark.parametrize("make", ["name a run", "pin a run", "edit a point", "save a file"])
    def test_these_are_made_by_a_person(
        self, begun: MainWindow, wait_for: Wait, tmp_path: Path, choose: Any, make: str
    ) -> None:
        train(begun, wait_for, examples=20, epochs=1)
        assert not begun.document.is_precious
        kept_runs = begun.session.kept_runs
        match make:
            case "name a run":
                kept_runs.rename(kept_runs.runs[0], "the best")
            case "pin a run":
                kept_runs.set_pinned(kept_runs.runs[0], pinned=True)
            case "edit a point":
                begun.session.points.open(wanted=True)
                begun.session.add_point((1.0, 2.0), 3.0)
            case "save a file":
                choose(tmp_path / "file.linreg")
                save(begun, wait_for)
                begun.controller.change_setting("epochs", 7)
        begun.document.refresh()
        assert begun.document.is_precious

    def test_new_and_open_ask_as_well(
        self, begun: MainWindow, wait_for: Wait, answers: Answer, tmp_path: Path
    ) -> None:
        session_files.write_at_once(tmp_path / "any.linreg", begun.document.capture(), 60)
        keep_a_guess(begun)
        begun.document.exchange.begin_anew()
        begun.document.exchange.open(tmp_path / "any.linreg")
        wait_for(lambda: len(answers()) == 2)
        settle(begun.controller)
        assert [kept.name for kept in begun.session.guesses.kept] == ["by eye"]

    def test_somebody_else_has_saved_the_file(
        self, begun: MainWindow, wait_for: Wait, answers: Answer, tmp_path: Path, choose: Any
    ) -> None:
        file = tmp_path / "shared.linreg"
        choose(file)
        save(begun, wait_for)
        file.write_bytes(b"of somebody else")
        save(begun, wait_for)  # canceled
        assert file.read_bytes() == b"of somebody else"
        assert "shared.linreg" in answers()[0]
        assert "someone else has saved it" in answers()[0]
        answers(0)
        choose(tmp_path / "mine.linreg")
        save(begun, wait_for)
        assert file.read_bytes() == b"of somebody else"
        assert begun.document.file == tmp_path / "mine.linreg"
        (tmp_path / "mine.linreg").write_bytes(b"again")
        answers(1)
        save(begun, wait_for)
        assert (tmp_path / "mine.linreg").read_bytes()[:2] == b"PK"

    def test_a_suffix_that_is_added_replaces_no_file_unasked(
        self, begun: MainWindow, wait_for: Wait, answers: Answer, tmp_path: Path, choose: Any
    ) -> None:
        file = tmp_path / "old.linreg"
        file.write_bytes(b"old")
        choose(tmp_path / "old")
        save(begun, wait_for)
        assert file.read_bytes() == b"old"
        assert "already there" in answers()[0]
        answers(0)
        save(begun, wait_for)
        assert file.read_bytes()[:2] == b"PK"


class TestWhileItSaves:
    @pytest.fixture
    def go_on(self, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
        """Return what ends all saving: until then it goes on."""
        event = threading.Event()

        def write_slowly(file: Path, state: SessionState) -> Any:
            while not event.is_set():
                time.sleep(0.001)
                yield
            yield from writing_session(file, state)

        monkeypatch.setattr(session_files, "writing_session", write_slowly)
        return event

    def test_another_session_opens_only_afterwards(
        self, begun: MainWindow, wait_for: Wait, tmp_path: Path, choose: Any, go_on: threading.Event
    ) -> None:
        document, files = begun.document, [tmp_path / name for name in ("a.linreg", "b.linreg")]
        go_on.set()
        begun.controller.change_setting("epochs", 7)
        session_files.write_at_once(files[1], document.capture(), 60)
        begun.controller.change_setting("epochs", 3)
        keep_a_guess(begun)
        go_on.clear()
        choose(files[0])
        document.save()
        document.exchange.open(files[1])
        wait_for(lambda: document._then is not document_module._nothing)
        settle(begun.controller)
        assert begun.controller.settings.epochs == 3
        go_on.set()
        wait_for(lambda: begun.controller.settings.epochs == 7)
        wait_for(lambda: document.file == files[1])
        assert begun.windowTitle().startswith("b[*]")
        assert session_files.read_at_once(files[0]).settings.epochs == 3
        assert not document.is_saving

    def test_a_second_save_keeps_what_waits_for_the_first(
        self,
        begun: MainWindow,
        wait_for: Wait,
        tmp_path: Path,
        choose: Any,
        answers: Answer,
        go_on: threading.Event,
    ) -> None:
        keep_a_guess(begun)
        choose(tmp_path / "a.linreg")
        answers(0)
        begun.document.exchange.begin_anew()
        begun.document.save()
        go_on.set()
        wait_for(lambda: not begun.session.guesses.kept)
        wait_for(lambda: begun.document.file is None)

    def test_what_is_made_meanwhile_is_asked_for(
        self,
        begun: MainWindow,
        wait_for: Wait,
        tmp_path: Path,
        choose: Any,
        answers: Answer,
        go_on: threading.Event,
    ) -> None:
        keep_a_guess(begun)
        choose(tmp_path / "a.linreg")
        answers(0)
        begun.document.exchange.begin_anew()
        begun.session.guesses.keep("meanwhile")
        go_on.set()
        wait_for(lambda: len(answers()) == 2)
        assert [kept.name for kept in begun.session.guesses.kept] == ["by eye", "meanwhile"]


def test_what_is_made_while_a_session_is_prepared_is_asked_for(
    begun: MainWindow, wait_for: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller, restore = begun.controller, begun.controller.restore
    enabled: list[bool] = []

    def restore_slowly(*given: Any) -> None:
        restore(*given)
        begun.session.guesses.keep("in time")

    def cancel() -> int:
        enabled.extend(begun.actions_of.run[each].isEnabled() for each in (Action.RUN, Action.STEP))
        return 2

    monkeypatch.setattr(controller, "restore", restore_slowly)
    monkeypatch.setattr(begun.document, "_answer", cancel)
    run = controller.run
    begun.document.exchange.begin_anew()
    wait_for(lambda: bool(enabled))
    assert enabled == [True, True]  # nothing is being opened while a person is asked
    settle(controller)
    assert [kept.name for kept in begun.session.guesses.kept] == ["in time"]
    assert controller.run is run
    controller.step()  # the run that is shown goes on
    wait_for(lambda: run is not None and run.history.step == 1)


class TestInALesson:
    @pytest.fixture
    def in_lesson(
        self, begun: MainWindow, wait_for: Wait, tmp_path: Path, choose: Any
    ) -> MainWindow:
        """Return a window with a saved session, changed since, and a lesson."""
        train(begun, wait_for, examples=30, epochs=3)
        choose(tmp_path / "mine.linreg")
        save(begun, wait_for)
        keep_a_guess(begun)
        begun.session.playhead.go_to(5)
        begun.session.lessons.open("05-an-outlier")
        wait_for(lambda: begun.session.is_in_lesson)
        settle(begun.controller)
        begun.controller.start()
        wait_for(lambda: begun.controller.run.history.step > 3)  # type: ignore[union-attr]
        begun.document.refresh()
        assert begun.session._controls is not None
        return begun

    def test_leaving_it_brings_the_session_back_with_its_run(
        self, in_lesson: MainWindow, wait_for: Wait, tmp_path: Path
    ) -> None:
        document, controller = in_lesson.document, in_lesson.controller
        assert in_lesson.isWindowModified()
        in_lesson.session.guesses.keep("of the lesson")
        in_lesson.session.lessons.leave()
        wait_for(lambda: controller.settings.epochs == 3)
        assert controller.state is RunState.COMPLETED
        assert controller.run is not None
        assert in_lesson.session.playhead.step == 5
        assert [kept.name for kept in in_lesson.session.guesses.kept] == ["by eye"]
        assert len(in_lesson.session.kept_runs.runs) == 1
        assert document.file == tmp_path / "mine.linreg"
        document.refresh()
        assert in_lesson.isWindowModified()
        save(in_lesson, wait_for)
        assert not in_lesson.isWindowModified()

    def test_a_run_that_comes_in_between_does_not_cost_the_session(
        self, in_lesson: MainWindow, wait_for: Wait
    ) -> None:
        in_lesson.session.lessons.leave()
        in_lesson.controller.reset()
        wait_for(lambda: in_lesson.controller.settings.epochs == 3)

    @pytest.mark.parametrize("is_reset", [True, False])
    def test_nor_does_another_session_that_never_comes(
        self, in_lesson: MainWindow, wait_for: Wait, is_reset: bool
    ) -> None:
        document, controller = in_lesson.document, in_lesson.controller
        document.asks = False
        in_lesson.session.lessons.leave()
        document.exchange.begin_anew()
        if is_reset:
            controller.reset()
        else:
            controller._on_restore_failed("There is no memory.")
        wait_for(lambda: controller.settings.epochs == 3)
        settle(controller)
        assert document.exchange.aside is None
        assert controller.state is RunState.COMPLETED

    def test_what_is_saved_is_the_session_as_it_was(
        self, in_lesson: MainWindow, wait_for: Wait, tmp_path: Path
    ) -> None:
        save(in_lesson, wait_for)
        assert not in_lesson.isWindowModified()
        assert "as it was before the lesson, and how far" in bad_sentence(in_lesson)
        in_lesson.session.lesson_run.is_trial = True
        save(in_lesson, wait_for)
        assert bad_sentence(in_lesson).endswith("as it was before the lesson.")
        state = session_files.read_at_once(tmp_path / "mine.linreg")
        assert state.settings.epochs == 3
        assert state.guesses is not None
        assert len(state.guesses.kept) == 1
        in_lesson.session.lessons.leave()
        wait_for(lambda: in_lesson.controller.settings.epochs == 3)
        in_lesson.document.refresh()
        assert not in_lesson.isWindowModified()

    def test_another_session_ends_it_and_stays(
        self, in_lesson: MainWindow, wait_for: Wait, answers: Answer
    ) -> None:
        asked = answers(1)
        in_lesson.document.exchange.begin_anew()
        assert "mine.linreg" in asked[0]
        wait_for(lambda: not in_lesson.session.is_in_lesson)
        settle(in_lesson.controller)
        assert in_lesson.session._controls is None
        assert in_lesson.document.file is None
        assert in_lesson.controller.settings == DEFAULTS
        in_lesson.session.lessons.leave()
        settle(in_lesson.controller)
        assert in_lesson.controller.settings == DEFAULTS

    def test_own_data_replace_the_session_only_after_a_question(
        self, in_lesson: MainWindow, wait_for: Wait, answers: Answer
    ) -> None:
        data = line_data(0, 19)
        in_lesson.controller.use_data(data)
        in_lesson.session.lessons.leave()
        assert in_lesson.session.is_in_lesson, "not discarded"
        answers(1)
        in_lesson.session.lessons.leave()
        assert not in_lesson.session.is_in_lesson
        settle(in_lesson.controller)
        assert in_lesson.controller.settings.data is data
        assert in_lesson.document.file is None
        assert in_lesson.isWindowModified()

    def go_on(self, window: MainWindow, file: Path, wait_for: Wait) -> None:
        """Let a new session follow, and open what was kept or saved."""
        session = window.session
        window.document.exchange.begin_anew()
        wait_for(lambda: not session.is_in_lesson)
        settle(window.controller)
        session.lesson_run.begin(Lesson(title="Other", pages=(Page(title="One"),)))
        window.document.asks = False
        window.document.exchange.open(file)
        wait_for(lambda: session.is_in_lesson and session.lesson_run.lesson.title != "Other")  # type: ignore[union-attr]
        settle(window.controller)

    @pytest.mark.parametrize("is_crash", [True, False])
    def test_it_goes_on_after_a_crash_and_from_a_file(
        self, in_lesson: MainWindow, wait_for: Wait, tmp_path: Path, answers: Answer, is_crash: bool
    ) -> None:
        answers(1)
        document, session, run = (
            in_lesson.document,
            in_lesson.session,
            in_lesson.session.lesson_run,
        )
        lesson, file = run.lesson, tmp_path / "mine.linreg"
        assert lesson is not None
        run.set_person("Anna")
        run.show_as_teacher(True)
        index = next(n for n, page in enumerate(lesson.pages) if isinstance(page.asks, Question))
        run.go_to(index)
        run.say(1)
        controller = in_lesson.controller
        controller.change_setting("learning_rate", 0.0123)
        settle(controller)
        controller.start()
        wait_for(lambda: controller.current_run.history.step > 3)  # type: ignore[union-attr]
        controller.pause()
        settle(controller)
        session.guesses.keep("in the lesson")
        in_lesson.stage.suggest("parameters")
        session.playhead.go_to(2)
        trained = controller.run
        assert trained is not None
        sheet, progress = run.sheet(), run.progress
        assert progress is not None
        if is_crash:
            assert document.autosave is not None
            document.autosave.keep()
            own = document.autosave.recovery.own
            wait_for(lambda: own.exists() and not document.autosave._is_keeping)  # type: ignore[union-attr]
            file = own.rename(tmp_path / "left.linreg")
        else:
            save(in_lesson, wait_for)
        self.go_on(in_lesson, file, wait_for)
        assert run.lesson is not None
        assert write_lesson(run.lesson) == write_lesson(lesson)
        assert run.sheet() == sheet
        assert run.progress == progress
        assert run.verdict is not None
        assert controller.settings.learning_rate == 0.0123
        assert session.switches[LESSON].isChecked()
        assert controller.run is not trained
        assert history_digests(controller.run) == history_digests(trained)  # type: ignore[arg-type]
        assert controller.state is RunState.PAUSED
        assert [kept.name for kept in session.guesses.kept] == ["by eye", "in the lesson"]
        assert (in_lesson.stage.current.name, session.playhead.step) == ("parameters", 2)
        session.lessons.leave()  # the session is still the one from before the lesson
        wait_for(lambda: in_lesson.controller.settings.epochs == 3)
        settle(controller)
        assert [kept.name for kept in session.guesses.kept] == ["by eye"]
        assert session.playhead.step == 5

    def test_a_prediction_is_judged_by_the_run_that_goes_on(
        self, begun: MainWindow, wait_for: Wait, tmp_path: Path
    ) -> None:
        controller, session = begun.controller, begun.session
        page = Page(title="One", predicts=(Topic.END,), wait=PageWait(WaitFor.PREDICTION))
        settings = {"examples": 30, "epochs": 3, "engine": Engine.INSTANT}
        session.lessons.begin(Lesson(title="Predict", settings=settings, pages=(page,)))
        settle(controller)
        session.predict_first.change(end=2.0)
        session.predict_first.lock()
        controller.step()
        wait_for(lambda: controller.current_run.history.step == 1)  # type: ignore[union-attr]
        settle(controller)
        answer = session.lesson_run.answer
        assert answer is not None
        assert answer.result is Result.OPEN
        state = begun.document.capture()
        begun.document.asks = False
        session.lesson_run.note_export(session.lesson_run.sheet())
        begun.document.exchange.begin_anew()
        wait_for(lambda: not session.is_in_lesson)
        settle(controller)
        begun.document.exchange.open(write(tmp_path / "left.linreg", state))
        wait_for(lambda: session.is_in_lesson)
        assert controller.run is not None
        assert controller.run.history.step == 1
        assert session.predict_first.is_locked
        controller.start()
        wait_for(lambda: session.lesson_run.answer.result is not Result.OPEN)  # type: ignore[union-attr]

    def test_a_prediction_that_was_never_run_gets_no_verdict_of_a_later_one(
        self, begun: MainWindow, wait_for: Wait
    ) -> None:
        controller, run = begun.controller, begun.session.lesson_run
        page = Page(title="One", predicts=(Topic.END,), wait=PageWait(WaitFor.PREDICTION))
        settings = {"examples": 30, "epochs": 1, "engine": Engine.INSTANT}
        lesson = Lesson(title="Predict", settings=settings, pages=(page, page))
        run.begin(lesson)
        settle(controller)
        for index in range(2):
            run.go_to(index)
            settle(controller)
            begun.session.predict_first.change(end=2.0)
            begun.session.predict_first.lock()
        controller.start()
        wait_for(lambda: run.answer is not None and run.answer.result is not Result.OPEN)
        assert run.progress is not None
        run.go_on(lesson, run.progress)
        begun.session.predict_first.changed.emit()
        run.go_to(0)
        assert run.answer is not None
        assert run.answer.result is Result.OPEN

    @pytest.mark.parametrize("failures", [1, 9])
    def test_a_run_that_cannot_be_restored_costs_no_answers(
        self,
        in_lesson: MainWindow,
        wait_for: Wait,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        failures: int,
    ) -> None:
        document, session, controller = (
            in_lesson.document,
            in_lesson.session,
            in_lesson.controller,
        )
        run, document.asks = session.lesson_run, False
        assert run.lesson is not None
        run.show_as_teacher(True)
        pages = enumerate(run.lesson.pages)
        run.go_to(next(n for n, page in pages if isinstance(page.asks, Question)))
        run.say(1)
        controller.pause()
        settle(controller)
        sheet = run.sheet()
        saved = read(write(tmp_path / "left.linreg", document.capture())).lesson
        assert saved is not None
        session.lessons.leave()
        wait_for(lambda: controller.settings.epochs == 3)
        settle(controller)
        run.begin(Lesson(title="Other", pages=(Page(title="One"),)))
        run.leave()
        settle(controller)
        tries: list[None] = []

        def fail(*values: Any) -> Any:
            tries.append(None)
            if len(tries) <= failures:
                raise MemoryError
            return prepare_run(*values)

        monkeypatch.setattr("linreg_gui.sessions.restoring.prepare_run", fail)
        session.lessons.go_on(saved)
        wait_for(lambda: run.has_answers)
        assert len(tries) == 2
        assert run.sheet() == sheet
        assert session.is_in_lesson is (failures == 1)
        assert (controller.settings == saved.window.settings) is session.is_in_lesson
        assert (document.exchange.aside is not None) is session.is_in_lesson

    def test_a_question_of_the_bank_leaves_all_but_its_runs(
        self, begun: MainWindow, wait_for: Wait, tmp_path: Path
    ) -> None:
        controller, session, document = begun.controller, begun.session, begun.document
        run, document.asks = session.lesson_run, False
        bank = run.questions.bank[0]
        page = Page(title="One", asks=FromBank(bank.name))
        settings = {"examples": 30, "epochs": 3, "engine": Engine.INSTANT}
        session.lessons.begin(Lesson(title="Ask", settings=settings, pages=(page,)))
        settle(controller)
        config = controller.settings
        run.questions.lock(1)
        run.questions.run()
        wait_for(lambda: run.answer is not None)
        wait_for(lambda: controller.state is RunState.COMPLETED)
        session.guesses.keep("in the lesson")
        answer = run.answer
        saved = read(write(tmp_path / "left.linreg", document.capture())).lesson
        assert controller.settings != config
        assert saved is not None
        session.lessons.go_on(saved)
        wait_for(lambda: controller.settings == config and session.is_in_lesson)
        settle(controller)
        assert run.answer == answer
        assert run.questions.question is None, "it is not asked again"
        assert controller.state is RunState.READY
        assert [kept.name for kept in session.guesses.kept] == ["in the lesson"]
        kept = session.kept_runs
        assert kept.runs
        assert not any(map(kept.is_on_screen, kept.runs))

    def test_a_run_that_comes_in_between_does_not_keep_the_lesson_away(
        self, in_lesson: MainWindow, wait_for: Wait, tmp_path: Path, answers: Answer
    ) -> None:
        answers(1)
        document, controller = in_lesson.document, in_lesson.controller
        lesson = read(write(tmp_path / "left.linreg", document.capture())).lesson
        assert lesson is not None
        in_lesson.session.lessons.leave()
        wait_for(lambda: controller.settings.epochs == 3)
        settle(controller)
        in_lesson.session.lessons.go_on(lesson)
        assert document.capture().lesson is lesson, "a crash would not lose it meanwhile"
        controller.reset()
        wait_for(lambda: in_lesson.session.is_in_lesson)
        settle(controller)
        assert controller.run.history.step > 3  # type: ignore[union-attr]

    def test_answers_of_a_lesson_that_was_left_outlive_a_crash(
        self, in_lesson: MainWindow, wait_for: Wait, tmp_path: Path, answers: Answer
    ) -> None:
        answers(1)
        document, run = in_lesson.document, in_lesson.session.lesson_run
        lesson = run.lesson
        assert lesson is not None
        run.show_as_teacher(True)
        run.go_to(next(n for n, page in enumerate(lesson.pages) if isinstance(page.asks, Question)))
        run.say(1)
        sheet = run.sheet()
        in_lesson.session.lessons.leave()
        wait_for(lambda: in_lesson.controller.settings.epochs == 3)
        settle(in_lesson.controller)
        file = write(tmp_path / "left.linreg", document.capture())
        run.begin(Lesson(title="Other", pages=(Page(title="One"),)))
        in_lesson.document.asks = False
        document.exchange.open(file)
        wait_for(lambda: run.has_answers)
        assert run.sheet() == sheet
        assert not in_lesson.session.is_in_lesson
        run.note_export(sheet)
        assert document.capture().lesson is None

    def test_a_lesson_that_cannot_be_read_costs_nothing_else(
        self, in_lesson: MainWindow, wait_for: Wait, tmp_path: Path, answers: Answer
    ) -> None:
        answers(1)
        state = in_lesson.document.capture()
        assert state.lesson is not None
        damaged = replace(state, lesson=replace(state.lesson, progress={"is_open": 3}))
        file = write(tmp_path / "damaged.linreg", damaged)
        in_lesson.document.exchange.open(file)
        wait_for(lambda: in_lesson.document.file == file)
        said = "The lesson in this session cannot be opened:"
        wait_for(lambda: bad_sentence(in_lesson).startswith(said))
        assert not in_lesson.session.is_in_lesson
        assert in_lesson.controller.settings.epochs == 3


def test_a_question_that_was_left_open_changes_no_other_session(
    begun: MainWindow, wait_for: Wait
) -> None:
    controller, questions = begun.controller, begun.session.predict_questions
    controller.change_setting("epochs", 3)
    questions.ask(0)
    questions.lock(1)
    questions.run()
    wait_for(lambda: questions.verdict is not None)
    begun.document.exchange.begin_anew()
    wait_for(lambda: not questions.has_changed_settings)
    settle(controller)
    begun.session.leave_question()
    assert controller.settings == DEFAULTS


def test_a_locked_prediction_hides_nothing_of_a_new_session(
    begun: MainWindow, wait_for: Wait
) -> None:
    begun.session.predict_first.change(end=2.0)
    begun.session.predict_first.lock()
    assert begun.session.hides_answers
    begun.document.exchange.begin_anew()
    wait_for(lambda: not begun.session.predict_first.is_locked)
    assert not begun.session.hides_answers


class TestFaults:
    def test_what_cannot_be_written_is_said_and_stays_unsaved(
        self, begun: MainWindow, wait_for: Wait, tmp_path: Path, choose: Any
    ) -> None:
        keep_a_guess(begun)
        (tmp_path / "a folder.linreg").mkdir()
        for name, words in (
            ("nowhere/at all.linreg", "choose another folder"),
            ("a folder.linreg", "a folder.linreg"),
            ("x" * 300, "name is too long"),
        ):
            choose(tmp_path / name)
            save(begun, wait_for)
            assert words in bad_sentence(begun)
            assert begun.document.is_precious
        assert [each.name for each in tmp_path.iterdir() if each.suffix != ""] == [
            "a folder.linreg"
        ]

    def test_on_a_full_disk_the_old_file_is_still_there(
        self,
        begun: MainWindow,
        wait_for: Wait,
        tmp_path: Path,
        choose: Any,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        file = tmp_path / "full.linreg"
        choose(file)
        save(begun, wait_for)
        before = file.read_bytes()
        keep_a_guess(begun)

        def fill(_file: Path, _state: object) -> Any:
            yield 0.5
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(session_files, "writing_session", fill)
        save(begun, wait_for)
        assert "No space left" in bad_sentence(begun)
        assert begun.isWindowModified()
        assert file.read_bytes() == before
        assert [each.name for each in tmp_path.iterdir()] == ["full.linreg"]


def test_recent_files_are_remembered_and_a_damaged_list_is_ignored(tmp_path: Path) -> None:
    store = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    files = RecentFiles(store)
    for index in range(12):
        files.add(tmp_path / f"{index}.linreg")
    files.add(tmp_path / "7.linreg")
    names = [file.name for file in RecentFiles(store).files]
    assert names == [f"{index}.linreg" for index in (7, 11, 10, 9, 8, 6, 5, 4)]
    for damage in ("{", "7", '["", 3]'):
        store.setValue("recent", damage)
        assert RecentFiles(store).files == []


class TestTheLastState:
    @pytest.mark.usefixtures("own_window")
    def test_it_is_kept_at_rest_and_left_for_the_next_start(
        self, begun: MainWindow, wait_for: Wait, tmp_path: Path
    ) -> None:
        document, folder = begun.document, tmp_path / "state"
        train(begun, wait_for, examples=30, epochs=3)
        wait_for(lambda: any(folder.glob("[0-9]*.linreg")))
        assert document.last_session.file() is None, "it is of a process that lives"
        keep_a_guess(begun)
        document.asks = False
        assert begun.close()
        assert [each.name for each in folder.iterdir()] == ["last.linreg"]
        state = session_files.read_at_once(folder / "last.linreg")
        assert state.run is not None
        assert state.guesses is not None
        assert [kept.name for kept in state.guesses.kept] == ["by eye"], "the very last state"
        assert RecoveryFolder(folder).left_behind() is None

    def test_never_while_steps_arrive(
        self, begun: MainWindow, wait_for: Wait, tmp_path: Path
    ) -> None:
        autosave = begun.document.autosave
        assert autosave is not None
        begun.controller.start()
        wait_for(lambda: begun.controller.run.history.step > 5)  # type: ignore[union-attr]
        begun.document.refresh()
        autosave.keep()
        assert not (tmp_path / "state").exists()
        begun.controller.pause()
        settle(begun.controller)
        autosave.keep()
        wait_for(lambda: any((tmp_path / "state").glob("[0-9]*.linreg")))

    def test_a_change_does_not_begin_it_again(
        self, begun: MainWindow, wait_for: Wait, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        autosave, files = begun.document.autosave, begun.document.files
        assert autosave is not None
        write, begun_writes = files.write, list[Path]()

        def count(file: Path, *given: Any) -> Any:
            begun_writes.append(file)
            return write(file, *given)

        monkeypatch.setattr(files, "write", count)
        keep_a_guess(begun)
        autosave.keep()
        begun.session.guesses.keep("one more")
        begun.document.refresh()
        autosave.keep()
        assert len(begun_writes) == 1
        wait_for(lambda: not autosave._is_keeping)
        autosave.keep()
        assert len(begun_writes) == 2, "and what has changed is kept afterwards"
        wait_for(lambda: not autosave._is_keeping)
        assert any((tmp_path / "state").glob("*-*.linreg"))

    def test_what_is_saved_is_not_kept_as_well(
        self, begun: MainWindow, wait_for: Wait, tmp_path: Path, choose: Any
    ) -> None:
        autosave, folder = begun.document.autosave, tmp_path / "state"
        assert autosave is not None
        train(begun, wait_for, examples=30, epochs=3)
        autosave.keep()
        wait_for(lambda: any(folder.glob("[0-9]*.linreg")))
        choose(tmp_path / "mine.linreg")
        save(begun, wait_for)
        autosave.keep()
        wait_for(lambda: not any(folder.glob("*.linreg")))
        assert begun.document.last_session.file() == tmp_path / "mine.linreg"
        assert begun.document.last_session.words().startswith("mine.linreg, saved on ")

    @pytest.mark.usefixtures("own_window")
    def test_what_a_person_discards_is_not_left(
        self, begun: MainWindow, tmp_path: Path, answers: Answer
    ) -> None:
        keep_a_guess(begun)
        answers(1)
        assert begun.close()
        assert not list((tmp_path / "state").glob("*"))

    def test_a_folder_that_cannot_be_written_is_said_once(
        self, begun: MainWindow, wait_for: Wait, tmp_path: Path
    ) -> None:
        (tmp_path / "state").write_text("in the way", encoding="utf-8")
        autosave = begun.document.autosave
        assert autosave is not None
        train(begun, wait_for, examples=30, epochs=1)
        autosave.keep()
        assert "A crash would lose this session" in bad_sentence(begun)
        begun.messages.clear()
        autosave.keep()
        assert not begun.messages.isVisible()


def left_by_a_crash(window: MainWindow, folder: Path) -> Path:
    """Write the state of ``window`` as a process leaves it that is killed."""
    dead = RecoveryFolder(folder)
    session_files.write_at_once(dead.own, window.document.capture_to_keep(), 60)
    for lock in dead._locks.values():
        lock.close()
    return dead.own


class TestAfterACrash:
    @pytest.fixture
    def crashed(
        self, window: MainWindow, wait_for: Wait, tmp_path: Path, answers: Answer
    ) -> Iterator[MainWindow]:
        train(window, wait_for, examples=30, epochs=3)
        left_by_a_crash(window, tmp_path / "state")
        window.controller.change_setting("epochs", 9)
        window.controller.reset()
        settle(window.controller)
        window.welcome.begin(tmp_path / "state", greets=True)
        yield window
        window.document.asks = False

    def test_the_last_state_is_offered_and_opened(
        self, crashed: MainWindow, wait_for: Wait, tmp_path: Path
    ) -> None:
        crashed.controller.reset()
        wait_for(lambda: "ended unexpectedly" in bad_sentence(crashed))
        assert RecoveryFolder(tmp_path / "state").left_behind() is None, "one offers it"
        crashed.messages.cure.trigger()
        wait_for(lambda: crashed.controller.settings.epochs == 3)
        assert crashed.controller.state is RunState.COMPLETED
        wait_for(crashed.isWindowModified)
        assert crashed.document.last_session.left_behind() is None
        assert crashed.document.is_precious, "it is in no file"

    def test_who_does_not_want_it_finds_it_as_the_last_session(
        self, crashed: MainWindow, wait_for: Wait, tmp_path: Path
    ) -> None:
        crashed.controller.reset()
        wait_for(lambda: "ended unexpectedly" in bad_sentence(crashed))
        crashed.messages.findChildren(type(crashed.messages._close))[-1].click()
        assert crashed.document.last_session.left_behind() is None
        assert crashed.document.last_session.file() == tmp_path / "state" / "last.linreg"
        assert not crashed.messages.isVisible()

    def test_a_lesson_that_was_being_made_is_offered_too(
        self, begun: MainWindow, wait_for: Wait, tmp_path: Path, answers: Answer
    ) -> None:
        answers(1)
        document, desk, autosave = begun.document, begun.session.lessons, begun.document.autosave
        assert autosave is not None
        desk.compose()
        assert desk.draft is None
        assert not autosave.is_needed, "nothing is typed yet"
        desk.composer.title.setText("Mine")
        desk.composer.title.textEdited.emit("Mine")
        autosave.keep()
        own = autosave.recovery.own
        wait_for(lambda: own.exists() and not autosave._is_keeping)
        left = own.replace(tmp_path / "left.linreg")
        desk.composer.form.fields["text"].setPlainText("More")  # type: ignore[attr-defined]
        wait_for(lambda: own.exists() and not autosave._is_keeping)
        own.replace(left)
        desk.composer.draft.pages[0].text = "x" * MOST_BYTES
        autosave.keep()
        wait_for(lambda: own.exists() and not autosave._is_keeping)
        assert read(own).draft is None
        own.unlink()
        desk.composer.draft.pages[0].text = "More"
        assert "The lesson that you are making is not saved." in bad_sentence(begun)
        assert document.capture().draft is None, "a session that is saved has none"

        desk.composer.draft = LessonDraft()
        desk.composer._saved = LessonDraft()
        desk.composer.close()
        document.exchange.open(left)
        wait_for(desk.composer.isVisible)
        assert (desk.composer.title.text(), desk.composer.draft.pages[0].text) == ("Mine", "More")
        assert desk.draft is not None, "it is in no file"
        assert autosave.is_needed

        desk.composer.title.textEdited.emit("Mine")
        desk.composer.draft.title = "Another"
        document.exchange.open(left)
        wait_for(lambda: "Save this lesson first" in desk.composer.refusal.text())
        assert desk.composer.draft.title == "Another"

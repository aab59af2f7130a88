"""A teacher makes a lesson in the window, saves it, and opens it again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.data.classics import samples
from linreg_gui.guide.questions import Kind, Question
from linreg_gui.guide.run_prediction import Topic
from linreg_gui.guide.stops import StageWish
from linreg_gui.lessons.bundled import bundled
from linreg_gui.lessons.drafts import draft_of
from linreg_gui.lessons.markdown import write_lesson
from linreg_gui.lessons.pages import STAGES, FromBank, Lesson, Wait, WaitFor, WordsQuestion
from linreg_gui.look.inputs import ChoiceBox, NameField
from linreg_gui.look.theme import GRID
from linreg_gui.plots.examples_plot import ExamplesPlot
from linreg_gui.widgets.lessons.composer import Composer
from linreg_gui.widgets.panels.registry import LESSON
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import is_prepared, line_data

pytestmark = pytest.mark.usefixtures("shared_window")

HUBBLE = next(sample for sample in samples() if sample.name == "hubble")
TEXT = "Text with **stars**.\n\n- one\n- two"
Waiting = Callable[[Callable[[], bool]], None]


@pytest.fixture
def composer(window: MainWindow) -> Composer:
    window.session.lessons.compose()
    return window.session.lessons.composer


def put(qtbot: QtBot, composer: Composer, **values: object) -> None:
    """Type or choose each of these in the form, as a person does."""
    for name, value in values.items():
        field: QWidget = composer.form.fields[name]
        assert field.isVisible(), name
        if isinstance(field, ChoiceBox):
            field.setCurrentIndex(field.values.index(value))
            field.activated.emit(field.currentIndex())
        elif isinstance(field, QPlainTextEdit):
            field.setPlainText(str(value))
        else:
            assert isinstance(field, NameField)
            field.clear()
            qtbot.keyClicks(field, str(value))


def compose_everything(window: MainWindow, composer: Composer, qtbot: QtBot) -> None:
    """Make a page of every kind."""
    controller = window.controller
    qtbot.keyClicks(composer.title, "Galaxies")
    composer.minutes.clear()
    qtbot.keyClicks(composer.minutes, "8")
    window.session.tables.use_sample(HUBBLE)
    composer.form.take_over.emit()
    put(
        qtbot,
        composer,
        title="Look",
        text="Text with **stars**.\n\n- one\n- two",
        waits=WaitFor.RUN,
    )
    controller.change_settings(learning_rate=0.04)
    window.stage.suggest("loss")
    composer.add.click()
    put(qtbot, composer, title="Choose", asks=str(Kind.CHOICE))
    put(qtbot, composer, options="no | It does.\n*yes\nboth", why="So it is.", note="Wait.")
    composer.form.all_controls.click()
    composer.form.controls["learning_rate"].click()
    controller.use_data(line_data(0, 9), learning_rate=0.001)
    composer.add.click()
    put(qtbot, composer, title="Guess", asks=str(Kind.NUMBER))
    put(qtbot, composer, value="4,5", tolerance="2", unit="km", panel="sweep")
    composer.add.click()
    put(qtbot, composer, title="Say", asks="words", stage="data raw")
    put(qtbot, composer, model="A good one.")
    composer.add.click()
    put(qtbot, composer, title="Ask", asks="bank")
    put(qtbot, composer, bank="10-outlier")
    composer.add.click()
    put(qtbot, composer, title="Wait", waits=WaitFor.SETTING)
    put(qtbot, composer, setting="epochs", low="2", high="9")
    composer.add.click()
    put(qtbot, composer, title="Predict", waits=WaitFor.PREDICTION)
    composer.up.click()


def test_a_question_of_the_bank_is_chosen_by_its_title(composer: Composer) -> None:
    field = composer.form.fields["bank"]
    assert isinstance(field, ChoiceBox)
    field.set_value("10-outlier")
    assert field.currentText() == "One point is far off"


def reopened(window: MainWindow, wait_for: Waiting, file: Path) -> Lesson:
    got: list[Lesson] = []
    window.session.lessons.open(file, got.append)
    wait_for(lambda: bool(got))
    return got[0]


def test_a_lesson_made_in_the_window_opens_again_equal(
    window: MainWindow, composer: Composer, wait_for: Waiting, qtbot: QtBot, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    compose_everything(window, composer, qtbot)
    target = tmp_path / "galaxies"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    composer.save.click()
    file = tmp_path / "galaxies.linreg-lesson"
    wait_for(lambda: file.exists() and composer.is_saved)
    lesson = reopened(window, wait_for, file)
    assert write_lesson(lesson) == write_lesson(composer.draft.lesson())
    first, second, third, fourth, fifth, sixth, seventh = lesson.pages
    assert (lesson.title, lesson.minutes, first.text) == (
        "Galaxies", 8, TEXT,
    )  # fmt: skip
    assert lesson.settings["data"].sample == "hubble"
    assert lesson.settings["learning_rate"] == HUBBLE.learning_rate
    assert (first.changes, first.controls, first.wait.kind) == ({}, None, WaitFor.RUN)
    assert second.changes == {"learning_rate": 0.04}
    assert (second.stage, second.controls) == (StageWish("loss"), ("learning_rate",))
    assert isinstance(second.asks, Question)
    assert second.asks.options == ("no", "yes", "both")
    assert second.asks.refutations == ("It does.", "", "")
    assert (second.asks.value, second.note) == ("2", "Wait.")
    assert third.changes["data"].is_like(line_data(0, 9))
    assert isinstance(third.asks, Question)
    assert (third.asks.tolerance, third.asks.unit, third.panel) == (0.02, "km", "sweep")
    assert fourth.asks == WordsQuestion("A good one.")
    assert fourth.stage == StageWish("data", "raw")
    assert fifth.asks == FromBank("10-outlier")
    assert sixth.predicts == tuple(Topic)
    assert seventh.wait == Wait(WaitFor.SETTING, "epochs", 2.0, 9.0)


def test_what_a_lesson_lacks_is_said_and_nothing_is_lost(
    window: MainWindow, composer: Composer, qtbot: QtBot
) -> None:
    def complaint() -> str:
        composer.attempt.click()
        return composer.refusal.text()

    assert complaint() == "Give the lesson a title."
    qtbot.keyClicks(composer.title, "Mine")
    put(qtbot, composer, text="# A heading")
    assert complaint().startswith("Page 1: Inside a page, begin headings with ###")
    put(qtbot, composer, text="Fine", asks=str(Kind.CHOICE))
    put(qtbot, composer, options="one | It is not.\ntwo")
    assert "It is not." not in composer._preview.text()
    assert "begin the right one with *" in complaint()
    put(qtbot, composer, asks=str(Kind.NUMBER))
    assert complaint() == "Page 1: Give the right answer, as a number."
    put(qtbot, composer, value="many")
    assert complaint().endswith(".")
    put(qtbot, composer, asks="", waits=WaitFor.SETTING)
    assert complaint() == "Page 1: Give both ends of the range that the page waits for."
    put(qtbot, composer, low="9", high="1")
    assert "from the smaller number to the larger one" in complaint()
    assert composer.draft.pages[0].options == "one | It is not.\ntwo"
    put(qtbot, composer, waits=WaitFor.NOTHING)
    assert complaint() == ""
    assert window.session.lesson_run.lesson is not None
    assert window.session.switches[LESSON].isChecked()
    window.session.lessons.leave()


def test_the_window_stays_in_sight_beside_it(window: MainWindow) -> None:
    screen = window.screen().availableGeometry()
    window.setGeometry(20, 30, window.width(), 600)
    for top in (screen.bottom(), 30):
        window.move(20, top)
        composer = Composer(window)
        composer.begin()
        place = composer.frameGeometry()
        assert composer.width() < 0.5 * window.width()
        assert screen.contains(place)
        assert screen.right() - place.right() <= GRID, "at the right side"
        assert place.top() == min(
            window.frameGeometry().top(), screen.bottom() - place.height() + 1
        )
        composer.close()


def test_it_shows_how_a_page_reads(window: MainWindow, composer: Composer) -> None:
    assert composer.form.isVisible()
    narrow = composer.width()
    composer.reads.click()
    assert composer._preview.isVisible()
    assert not composer.form.isVisible()
    composer.resize(window.width(), composer.height())
    assert composer._preview.isVisible()
    assert composer.form.isVisible()
    assert not composer.reads.isVisible()
    composer.resize(narrow, composer.height())
    assert composer._side.minimumWidth() == 0
    assert not composer.form.isVisible()
    composer.attempt.click()
    assert composer.refusal.isVisible()
    assert composer.form.isVisible(), "a refusal is about what is in it"
    assert not composer._preview.isVisible()


def test_a_deleted_page_comes_back(composer: Composer, qtbot: QtBot) -> None:
    put(qtbot, composer, text="Precious")
    composer.delete.click()
    assert composer.pages.count() == 0
    assert not composer.form.isEnabled()
    composer.bring_back.click()
    assert composer.draft.pages[0].text == "Precious"
    assert composer.form.isEnabled()


def test_a_lesson_that_is_not_saved_stays(
    window: MainWindow, composer: Composer, wait_for: Waiting, qtbot: QtBot
) -> None:
    name = next(iter(bundled()))
    put(qtbot, composer, text="Precious")
    window.session.lessons.open(name, composer.edit)
    wait_for(composer.refusal.isVisible)
    assert composer.refusal.text().startswith("Save this lesson first")
    assert composer.draft.pages[0].text == "Precious"


def test_every_bundled_lesson_can_be_edited(
    window: MainWindow, composer: Composer, wait_for: Waiting
) -> None:
    for name in bundled():
        window.session.lessons.open(name, composer.edit)
        wait_for(lambda: composer.is_saved and composer.title.text() == bundled()[name])  # noqa: B023 - at once
        for row in range(composer.pages.count()):
            composer.pages.setCurrentRow(row)
        assert composer.is_saved  # looking changes nothing
        lesson = composer.draft.lesson()
        assert write_lesson(draft_of(lesson).lesson()) == write_lesson(lesson)


def test_the_pictures_of_a_lesson_are_those_of_the_window(window: MainWindow) -> None:
    views = {
        picture.name: tuple(view.name.lower() for view in picture.views)
        for picture in window.pictures
        if isinstance(picture, ExamplesPlot)
    }
    assert set(STAGES) == {picture.name for picture in window.pictures}
    assert {name: STAGES[name] for name in views} == views
    assert is_prepared(window.controller)


def test_a_lesson_is_saved_once_its_file_is_in_its_place(
    window: MainWindow, composer: Composer, wait_for: Waiting, qtbot: QtBot, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    qtbot.keyClicks(composer.title, "Mine")
    target = tmp_path / "mine.linreg-lesson"
    target.mkdir()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    composer.save.click()
    wait_for(lambda: "could not be written" in window.messages.label.text())
    assert "could not be written" in composer.refusal.text()
    assert not composer.is_saved
    target.rmdir()
    composer.save.click()
    wait_for(lambda: composer.is_saved)
    assert target.is_file()
    assert composer.refusal.text() == ""
    assert "is written" in composer._outcome.text()
    put(qtbot, composer, text="More")
    assert composer._outcome.text() == ""


def test_leaving_a_lesson_that_was_tried_brings_back_what_was_on_screen(
    window: MainWindow, composer: Composer, wait_for: Waiting, qtbot: QtBot
) -> None:
    window.stage.suggest("residuals")
    qtbot.keyClicks(composer.title, "Mine")
    put(qtbot, composer, stage="loss")
    composer.attempt.click()
    wait_for(lambda: window.stage.current.name == "loss")
    assert composer.isHidden(), "it would lie over the lesson"
    panel = window.side.panel(LESSON)
    assert not panel.go_on.isHidden()
    panel.go_on.click()
    assert composer.isVisible()
    composer.attempt.click()
    window.session.lessons.leave()
    assert composer.isVisible()
    wait_for(lambda: window.stage.current.name == "residuals")

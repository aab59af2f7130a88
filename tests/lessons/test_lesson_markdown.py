"""A lesson is read from Markdown, and what is written is read as the same lesson."""

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from linreg_gui.data.dataset import Dataset
from linreg_gui.guide.questions import Kind, Question
from linreg_gui.guide.run_facts import RunFacts, facts_of
from linreg_gui.guide.run_prediction import Topic
from linreg_gui.guide.stops import StageWish
from linreg_gui.lessons.bundled import bundled, lesson_file
from linreg_gui.lessons.drafts import draft_of
from linreg_gui.lessons.lesson_files import (
    LessonFileError,
    reading_lesson,
    writing_lesson,
)
from linreg_gui.lessons.markdown import parse_lesson, read_text, write_lesson
from linreg_gui.lessons.pages import PANELS, FromBank, Lesson, Page, Wait, WaitFor, WordsQuestion
from linreg_gui.sessions.archive import ArchiveWriter, Bounds
from linreg_gui.sessions.datasets import DatasetWriter
from linreg_gui.settings import Engine, Init, TrainingConfig
from tests.pseudo_languages import spoken
from tests.support import ROOT, line_data


def read_lesson(file: Path) -> Lesson:
    work = reading_lesson(file)
    while True:
        try:
            next(work)
        except StopIteration as end:
            lesson: Lesson = end.value
            return lesson


NAMES = [name.partition("-")[2] for name in bundled()]


def lesson_named(name: str) -> Lesson:
    return read_lesson(lesson_file(name))


def facts(config: TrainingConfig) -> RunFacts:
    work = facts_of({"run": config})
    while True:
        try:
            next(work)
        except StopIteration as end:
            found: dict[str, RunFacts] = end.value
            return found["run"]


CHOICE = Question(
    "", Kind.CHOICE, "2", options=("no", "yes", "both"), refutations=("It does.", "", "Not both.")
)
NUMBER = Question("", Kind.NUMBER, "-3.4", tolerance=0.07, unit="units", why="Look: there.")
EVERYTHING = Lesson(
    title="All of it: “quotes”, Ünï & <b>",
    summary="What *is* in it.",
    minutes=12,
    settings={
        "examples": 500,
        "true_weights": (1.5, -0.1, 1e-5),
        "learning_rate": 0.1,
        "init": Init.ZEROS,
        "shuffle": False,
        "engine": Engine.INSTANT,
    },
    pages=(
        Page(
            title="First",
            text="Text\n\n- a\n- b\n\n### A heading inside\n\n```python\nw = 1\n```",
            note="Say **this**.\n\n```\na fence\n```",
            stage=StageWish("data", "raw"),
            settings=("learning_rate", "batch_size"),
            panel="sweep",
            controls=("learning_rate",),
            asks=CHOICE,
            wait=Wait(WaitFor.ANSWER),
        ),
        Page(title="Second", controls=(), asks=NUMBER, wait=Wait(WaitFor.NOTHING)),
        Page(
            title="Third",
            changes={"data": line_data(0, 9), "standardize": True},
            predicts=(Topic.COURSE,),
            wait=Wait(WaitFor.PREDICTION),
        ),
        Page(title="4", wait=Wait(WaitFor.SETTING, "learning_rate", 0.1, 2.5)),
        Page(title="5", wait=Wait(WaitFor.SETTING, "standardize", 1.0, 1.0)),
        Page(title="6", asks=WordsQuestion("A model: answer."), wait=Wait(WaitFor.ANSWER)),
        Page(title="7", asks=FromBank("10-outlier"), wait=Wait(WaitFor.RUN)),
        Page(title="8", wait=Wait(WaitFor.DATA)),
    ),
)


def test_what_is_written_is_read_as_the_same_lesson() -> None:
    table = EVERYTHING.pages[2].changes["data"]
    assert parse_lesson(write_lesson(EVERYTHING), [table]) == EVERYTHING


@pytest.mark.parametrize("name", NAMES)
def test_a_bundled_lesson_is_read_and_written(name: str) -> None:
    lesson = lesson_named(name)
    assert 5 <= len(lesson.pages) <= 8
    assert 10 <= lesson.minutes <= 15
    assert write_lesson(parse_lesson(write_lesson(lesson))) == write_lesson(lesson)
    assert any(page.note for page in lesson.pages)


def test_there_are_six_lessons() -> None:
    titles = ["First contact", "Too fast and too slow", "Why batches?", "Why scale?"]
    assert list(bundled().values()) == [*titles, "An outlier", "Your own data"]


@pytest.mark.parametrize(
    ("former", "present", "sentence"),
    [
        ("# All", "All", "it must begin with a heading of the first level"),
        ("minutes: 12", "format: 2", "it was made by a newer LinReg"),
        ("value: 2", "value: 4", "page 1: the value of its answer must be the number"),
        ("value: 2", "value: __import__('os').abort()", "page 1: "),
        ("wait: prediction", "wait: supper", "page 3: a page cannot wait for “supper”"),
        ("predict: course\n", "", "page 3: it waits for a prediction, but has no line"),
        ("bank: 10-outlier", "bank: 99", "page 7: there is no question “99”"),
        ("panel: sweep", "panel: sweeep", "page 1: there is no panel “sweeep”"),
        ("controls: learning_rate", "controls: speed", "page 1: there is no setting “speed”"),
        ("learning_rate = 0.1", "learning_rate = -1", "Learning rate cannot be −1"),
        ("data = table 1", "data = other", "page 3: there is no classic “other”"),
        ("0.1 to 2.5", "2.5 to 0.1", "page 4: a range goes from the smaller number"),
        ("stage: data raw", "stege: data raw", "page 1: the window cannot have the line"),
    ],
)
def test_what_is_wrong_is_said(former: str, present: str, sentence: str) -> None:
    text, table = write_lesson(EVERYTHING), EVERYTHING.pages[2].changes["data"]
    assert former in text
    with pytest.raises(ValueError, match=re.escape(sentence)):
        parse_lesson(text.replace(former, present), [table])


def test_the_lesson_in_the_documents_is_one() -> None:
    text = (ROOT / "docs" / "lessons.md").read_text("utf-8")
    lesson = parse_lesson(text.split("````")[1].lstrip("\n"))
    assert [page.title for page in lesson.pages] == ["Watch", "What happened?"]
    assert all(f"`{name}`" in text for name in (*PANELS, *WaitFor) if name != WaitFor.SETTING)


def test_the_text_of_a_page_begins_no_page() -> None:
    assert read_text("a\n\n\n### b\n\n```\ncode\n```\n") == "a\n\n### b\n\n```\ncode\n```"
    for text in ("# a", "a\n\n## b", "b\n---", "```answer\nkind: words\n```"):
        with pytest.raises(ValueError, match=r"\.$"):
            read_text(text)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe", "is no lesson: it is not a text in UTF-8."),
        (b"", "it must begin with a heading of the first level, “# ”."),
        (b"# a" + b"\n" * 10**6, "is too large for a lesson; choose another file."),
        (b"# a\n\nb", "it has no page: a page begins with a heading “## ”."),
        (b"# a" + b"\n\n## p" * 61, "it has 61 pages, and a lesson can have 60."),
        (b"# a\n\n## " + b"[" * 70_000, "it has more than 60000 letters; divide it"),
    ],
)
def test_a_file_that_is_no_lesson(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "x.md"
    file.write_bytes(content)
    with pytest.raises(LessonFileError) as caught:
        read_lesson(file)
    assert str(caught.value).startswith("x.md ")
    assert sentence in str(caught.value)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(LessonFileError, match="could not be read"):
        read_lesson(tmp_path / "none.md")


def test_a_file_gives_the_lesson_back_with_its_tables(tmp_path: Path) -> None:
    file = tmp_path / "all.linreg-lesson"
    list(writing_lesson(file, EVERYTHING))
    again = read_lesson(file)
    table, read = (lesson.pages[2].changes["data"] for lesson in (EVERYTHING, again))
    assert read.is_like(table)
    third = replace(again.pages[2], changes=EVERYTHING.pages[2].changes)
    assert replace(again, pages=(*again.pages[:2], third, *again.pages[3:])) == EVERYTHING
    list(writing_lesson(tmp_path / "again", again))
    assert (tmp_path / "again").read_bytes() == file.read_bytes()


def test_a_damaged_file_is_refused_in_one_sentence_or_read(tmp_path: Path) -> None:
    whole = tmp_path / "whole.linreg-lesson"
    list(writing_lesson(whole, EVERYTHING))
    texts = [lesson_file("an-outlier").read_bytes(), whole.read_bytes()]
    file, chance = tmp_path / "damaged", random.Random(1)
    for number in range(200):
        damaged = bytearray(texts[number % 2])
        for _ in range(chance.randrange(1, 9)):
            place = chance.randrange(len(damaged))
            damaged[place : place + chance.randrange(9)] = chance.randbytes(chance.randrange(4))
        file.write_bytes(damaged[: chance.choice([None, chance.randrange(len(damaged))])])
        try:
            lesson = read_lesson(file)
        except LessonFileError as error:
            sentence = str(error)
        else:
            sentence = f"{lesson.title}."
        assert sentence.endswith(".")
        assert "\n" not in sentence


def test_what_the_first_lesson_says_is_so() -> None:
    lesson = lesson_named("first-contact")
    run = facts(lesson.config(0))
    assert run.steps == 5000
    assert run.end == pytest.approx([2, -3.4, 4.2], abs=0.001)
    assert run.moving_losses[0] < run.moving_losses[200]  # it starts at 0
    fast = facts(replace(lesson.config(0), learning_rate=0.005))
    late, early = run.below(1.0), fast.below(1.0)
    assert late is not None
    assert early is not None
    assert 4 < late / early < 6


def test_what_the_lesson_on_rates_says_is_so() -> None:
    lesson = lesson_named("too-fast-and-too-slow")
    good, slow, fast = (facts(lesson.config(index)) for index in (0, 1, 3))
    assert (good.course, slow.course, fast.course) == ("arrives", "slow", "diverges")
    assert slow.steps == 500
    assert slow.loss > 15
    assert slow.best == pytest.approx(0.01, abs=0.001)
    assert max(slow.way) < 0.25
    assert 70 < fast.steps < 130
    assert 0.9 < good.largest_rate < 1
    wide, small = (facts(replace(lesson.config(0), learning_rate=rate)) for rate in (0.6, 0.1))
    assert wide.course == "arrives"
    ratios = [a / b for a, b in zip(wide.wobble, small.wobble, strict=True)]
    assert min(ratios) > 4.5
    assert max(ratios) < 10


def test_what_the_lesson_on_batches_says_is_so() -> None:
    lesson = lesson_named("why-batches")
    one, eight, full = (facts(lesson.config(index)) for index in (0, 1, 3))
    assert one.course == "restless"
    assert eight.steps == 2500
    assert full.steps == 10
    assert full.loss == pytest.approx(5, abs=0.4)
    assert eight.loss == pytest.approx(1, abs=0.05)
    middle = facts(replace(lesson.config(0), batch_size=64))
    assert middle.wobble == pytest.approx([0.02] * 3, abs=0.01)
    assert middle.end == pytest.approx(middle.optimum, abs=0.06)
    wobbles = [facts(replace(lesson.config(0), batch_size=size)).wobble[-1] for size in (1, 64)]
    assert 7 < wobbles[0] / wobbles[1] < 15


def test_what_the_lesson_on_scale_says_is_so() -> None:
    lesson = lesson_named("why-scale")
    data = lesson.config(0).data
    assert data is not None
    income, illiteracy = data.features.mean(axis=0)
    assert income == pytest.approx(4400, abs=50)
    assert illiteracy == pytest.approx(1.2, abs=0.05)
    tiny = facts(lesson.config(2))
    assert tiny.steps == 1500
    assert tiny.end[0] == pytest.approx(tiny.optimum[0], abs=0.01)
    assert tiny.end[1:] == pytest.approx([0, 0], abs=0.005)
    assert tiny.optimum[1:] == pytest.approx([-6.33, 36.5], abs=0.05)
    scaled = facts(replace(lesson.config(0), standardize=True, epochs=300))
    assert scaled.course == "arrives"
    assert tiny.largest_rate == pytest.approx(5e-8, rel=0.01)
    assert scaled.largest_rate == pytest.approx(0.7, abs=0.01)


def test_what_the_lesson_on_an_outlier_says_is_so() -> None:
    lesson = lesson_named("an-outlier")
    config = lesson.config(0)
    assert config.data is not None
    run = facts(config)
    assert run.end == pytest.approx([0.5, 3.0], abs=0.005)
    features, target = config.data.features, config.data.target
    far = features[:, 0] == 13
    assert far.sum() == 1
    errors = target - features[:, 0] * run.optimum[0] - run.optimum[1]
    assert errors[far] == pytest.approx([3.2], abs=0.05)
    assert sorted(abs(errors))[len(errors) // 2] < 1
    ten = Dataset(features[~far], target[~far], ("x",))
    without = facts(replace(config, data=ten))
    assert without.end == pytest.approx([0.345, 4.01], abs=0.005)
    stars = lesson.config(4).data
    assert stars is not None
    assert stars.size == 47


def test_what_the_lesson_on_own_data_says_is_so() -> None:
    lesson = lesson_named("your-own-data")
    run = facts(lesson.config(0))
    assert run.run.dataset.size == 24
    assert run.end[0] == pytest.approx(454, abs=1)


def test_a_table_that_claims_to_be_a_classic_keeps_its_own_numbers(tmp_path: Path) -> None:
    data = replace(line_data(0, 9), sample="hubble")
    file = tmp_path / "x.linreg-lesson"
    lesson = Lesson(title="x", settings={"data": data}, pages=(Page(title="y"),))
    with ArchiveWriter(file, Bounds(parts=9, total_bytes=10**6)) as archive:
        writer = DatasetWriter(archive)
        for _ in writer.writing(data):
            pass
        text = write_lesson(lesson, lambda _: 1)
        archive.add("lesson.md", text.replace("hubble", "table 1").encode())
    opened = read_lesson(file).settings["data"]
    assert not opened.sample
    again = tmp_path / "again.linreg-lesson"
    for _ in writing_lesson(again, replace(lesson, settings={"data": opened})):
        pass
    assert read_lesson(again).settings["data"].is_like(data)


def test_a_teacher_types_decimal_commas_and_the_file_has_points() -> None:
    asked = Question("", Kind.NUMBER, "-2.5", tolerance=0.005)
    wait = Wait(WaitFor.SETTING, "learning_rate", 0.02, 1.5)
    pages = (Page(title="One", asks=asked, wait=Wait(WaitFor.ANSWER)), Page(title="Two", wait=wait))
    lesson = Lesson(title="Mine", pages=pages, settings={"true_weights": (0.5, -1.25)})
    text = write_lesson(lesson)
    with spoken("de"):
        draft = draft_of(lesson)
        one, two = draft.pages
        assert (one.value, one.tolerance, two.low, two.high) == ("-2,5", "0,5", "0,02", "1,5")
        assert write_lesson(draft.lesson()) == text
        assert parse_lesson(text) == lesson
        one.asks, one.value = Kind.COUNT, "10.000"
        assert "value: 10000\n" in write_lesson(draft.lesson())

"""A lesson that is being made outlives a crash: its draft is saved as it was typed."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from linreg_gui.guide.run_prediction import Topic
from linreg_gui.guide.stops import Highlight
from linreg_gui.lessons.bundled import bundled, lesson_file
from linreg_gui.lessons.drafts import LessonDraft, PageDraft, draft_of
from linreg_gui.lessons.lesson_files import reading_lesson
from linreg_gui.lessons.markdown import write_lesson
from linreg_gui.lessons.pages import WaitFor
from linreg_gui.lessons.saved_drafts import MOST_BYTES, read_draft, saved_draft
from linreg_gui.pieces import at_once
from linreg_gui.sessions.state import SavedDraft, SessionState
from tests.saved_sessions import read, write
from tests.support import line_data

UNFINISHED = LessonDraft(
    title="  ",
    minutes="ten",
    settings={"data": line_data(0, 5), "learning_rate": 0.05},
    pages=[
        PageDraft(
            title="[*] # One\n",
            text="```set\nüß" + 20_000 * "x",
            stage="data raw",
            highlight=Highlight.GRADIENT,
            settings=("learning_rate",),
            predicts=(Topic.END,),
            controls=("batch_size",),
            waits=WaitFor.SETTING,
            low="0,",
            asks="choice",
            options="*\n | ",
        ),
        PageDraft(changes={"data": None, "true_weights": (1.0, 2.0, 3.0)}, controls=()),
        PageDraft(),
    ],
)


def through_a_file(draft: LessonDraft, folder: Path) -> LessonDraft:
    state = read(write(folder / "kept.linreg", SessionState(draft=saved_draft(draft))))
    assert state.draft is not None
    return read_draft(state.draft)


def test_whatever_is_typed_comes_back(tmp_path: Path) -> None:
    again = through_a_file(UNFINISHED, tmp_path)
    data = again.settings["data"]
    assert (data.features == line_data(0, 5).features).all()
    assert replace(again, settings={**again.settings, "data": None}) == replace(
        UNFINISHED, settings={**UNFINISHED.settings, "data": None}
    )


@pytest.mark.parametrize("name", bundled())
def test_every_lesson_of_the_program_comes_back(name: str, tmp_path: Path) -> None:
    draft = draft_of(at_once(reading_lesson(lesson_file(name))))
    again = through_a_file(draft, tmp_path)
    assert write_lesson(again.lesson()) == write_lesson(draft.lesson())


@pytest.mark.parametrize(("letter", "size"), [("x", 1), ("\x01", 6), ("界", 3)])
def test_whatever_is_written_can_be_read_again(letter: str, size: int, tmp_path: Path) -> None:
    half = letter * ((MOST_BYTES - 2000) // (2 * size))
    draft = LessonDraft(title=half, pages=[PageDraft(text=half)])
    assert through_a_file(draft, tmp_path) == draft
    draft.minutes = half
    assert saved_draft(draft) is None


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"title": 3}, "title"),
        ({"pages": []}, "changes"),
        ({"changes": [["nonsense"], []]}, "changes"),
        ({"changes": [[], ["learning_rate"], []]}, "changes"),
        ({"pages": [{}]}, "pages.title"),
        ({"pages": [{"setting": "data"}]}, "pages.setting"),
    ],
)
def test_a_wrong_one_is_refused(wrong: dict[str, object], name: str, tmp_path: Path) -> None:
    state = SessionState(draft=saved_draft(LessonDraft(pages=[PageDraft()])))
    saved = read(write(tmp_path / "kept.linreg", state)).draft
    assert saved is not None
    values = {**saved.values}
    for part, value in wrong.items():
        is_a_page = part == "pages" and value
        values[part] = [{**values["pages"][0], **each} for each in value] if is_a_page else value  # type: ignore[attr-defined]
    if wrong == {"pages": [{}]}:
        del values["pages"][0]["title"]
    with pytest.raises(ValueError, match=f"^{re.escape(name)}$"):
        read_draft(SavedDraft(values, saved.settings))

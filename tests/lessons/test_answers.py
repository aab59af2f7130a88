"""Answers are files that come together in one table."""

from dataclasses import replace
from pathlib import Path

import pytest

from linreg_gui.lessons.answers import (
    AnswersError,
    AnswerSheet,
    PageAnswer,
    Result,
    class_table,
    read_answers,
    to_bytes,
)

ANNA = AnswerSheet(
    "Anna",
    "An outlier",
    "abc",
    "2026-01-02T10:00:00+01:00",
    (
        PageAnswer("Look", "a steeper line", Result.RIGHT, 61),
        PageAnswer("=How?", "=2+3", Result.OPEN, 90),
        PageAnswer("Why?", "17", Result.WRONG, 120),
        PageAnswer("And?"),
    ),
)


def test_a_file_gives_the_answers_back(tmp_path: Path) -> None:
    file = tmp_path / "anna.linreg-answers"
    file.write_bytes(to_bytes(ANNA))
    assert read_answers(file) == ANNA


def test_a_class_table_has_a_row_for_each_student() -> None:
    ben = replace(ANNA, person="ben", answers=tuple(PageAnswer(a.page) for a in ANNA.answers))
    other = replace(ANNA, person="Cem", lesson_id="xyz")
    (head, *rows), left_out = class_table({"b": ben, "c": other, "a": ANNA})
    assert left_out == ["c"]
    assert head[:6] == ["name", "began", "answered", "right", "wrong", "minutes"]
    assert head[6:] == ["Look", "=How?", "Why?", "And?"]
    assert rows[0][0] == "Anna"
    assert rows[0][2:] == [3, 1, 1, 2.0, "✓ a steeper line", "=2+3", "✗ 17", ""]
    assert rows[1] == ["ben", ANNA.began, 0, 0, 0, 0.0, "", "", "", ""]


def test_an_answer_is_below_its_page_whatever_a_file_leaves_out() -> None:
    look, how, why, _ = ANNA.answers
    again = PageAnswer("Look", "again", Result.OPEN, 5)
    ben = replace(ANNA, person="Ben", answers=(why, PageAnswer("New", "n")))
    cem = replace(ANNA, person="Cem", answers=(again, look, how, why, again))
    (head, *rows), _ = class_table({"b": ben, "c": cem, "a": ANNA})
    assert head[6:] == ["Look", "Look", "=How?", "Why?", "Look", "And?", "New"]
    columns = {(title, head[:place].count(title)): place for place, title in enumerate(head)}
    assert rows[1][columns["Why?", 0]] == "✗ 17"
    assert rows[1][columns["New", 0]] == "n"
    assert rows[1][columns["Look", 0]] == ""
    assert rows[2][columns["Look", 0]] == "again"
    assert rows[2][columns["Look", 1]] == "✓ a steeper line"
    assert rows[0][columns["And?", 0]] == ""


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        to_bytes(ANNA).replace(b'"right"', b'"brilliant"'),
        to_bytes(ANNA).replace(b"61", b"1e999"),
        to_bytes(ANNA).replace(b'"Anna"', b"17"),
        to_bytes(ANNA).replace(b'"2026-01', b'"=2+3; 2026-01'),
        to_bytes(ANNA)[:-20],
        b" " * 2_000_000,
    ],
)
def test_what_is_no_file_of_answers_is_said(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.linreg-answers"
    file.write_bytes(content)
    with pytest.raises(AnswersError, match=r"x\.linreg-answers is no file of answers; choose"):
        read_answers(file)


def test_answers_of_a_newer_program_and_missing_files_are_said(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(to_bytes(ANNA).replace(b'"format": 1', b'"format": 2'))
    with pytest.raises(AnswersError, match="by a newer LinReg; open it with that one"):
        read_answers(file)
    with pytest.raises(AnswersError, match="could not be read"):
        read_answers(tmp_path / "none")

"""Predictions are kept, summed up, and copied without harm."""

import csv
from dataclasses import replace

from linreg_gui.guide.prediction_log import (
    MOST_ENTRIES,
    Entry,
    as_csv,
    as_text,
    from_json,
    headings,
    summary,
    to_json,
)

RIGHT = Entry("Ada", "2026-11-29 09:00", "b at the end", "4.2", "4.2", is_right=True)
WRONG = Entry("Ada", "2026-11-29 09:00", "steps", "10", "99", is_right=False, idea="it is quick")
OPEN = Entry("", "2026-11-29 09:00", "steps", "10", explanation="=1+1, because")


def test_what_is_kept_comes_back() -> None:
    assert from_json(to_json([RIGHT, WRONG, OPEN])) == [RIGHT, WRONG, OPEN]


def test_anything_else_that_is_stored_is_left_out() -> None:
    for text in ("", "None", "{}", "[1, {}]", '[{"about": 1}]', "[" * 100_000):
        assert from_json(text) == []
    assert from_json('[{"about": "x", "is_right": "yes"}]') == []
    assert len(from_json(to_json([RIGHT] * 500))) == MOST_ENTRIES


def test_a_long_text_is_cut() -> None:
    (entry,) = from_json(to_json([Entry("x" * 9999, "", "y" * 9999, "", explanation="z" * 9999)]))
    assert len(entry.person) <= 60
    assert len(entry.explanation) <= 500


def test_the_summary_counts_and_names_the_ideas() -> None:
    assert summary([RIGHT, WRONG, WRONG, OPEN]) == [
        "Ada: 1 of 3 right.",
        "Without a name: 0 of 0 right, 1 still open.",
        "Wrong ideas: “it is quick” (2).",
    ]
    assert summary([]) == ["Nothing has been predicted yet."]


def test_a_copied_table_has_no_formulas() -> None:
    table = list(csv.reader(as_csv([RIGHT, OPEN]).splitlines()))
    assert table[0] == headings()
    assert table[1] == ["b at the end", "4.2", "4.2", "right", "", "", "Ada", "2026-11-29 09:00"]
    assert table[2][5] == "'=1+1, because"


def test_a_copied_text_has_everything() -> None:
    assert as_text([WRONG]).splitlines() == [
        "Ada: 0 of 1 right.",
        "Wrong ideas: “it is quick” (1).",
        "",
        "steps",
        "predicted: 10",
        "happened: 99",
        "verdict: not right",
        "idea: it is quick",
        "who: Ada",
        "when: 2026-11-29 09:00",
    ]
    assert as_text([replace(WRONG, person="=Ada")]).startswith("'=Ada: ")

"""The stops are Markdown files. Mistakes in them are named, and they show the real lesson."""

import inspect
from pathlib import Path

import pytest

from linreg_gui.guide.questions import COLUMNS, Kind, Question, Verdict
from linreg_gui.guide.stops import Highlight, StageWish, lesson_lines, parse_stop, read_stops

STOP = """# A title

```window
stage: data raw
highlight: minibatch
settings: batch_size shuffle
run: window
```

Some *prose*.

```lesson
net
```

More of it.

```python keep
a = 1
```

```python
print(a)
```

## Before you run it

What is `a`?

```answer
kind: count
value: a
unit: apples
why: It was set.
```

## Afterwards

It was 1.
"""


def test_the_lesson_has_nine_stops_in_order_and_each_asks_something() -> None:
    stops = read_stops()
    assert [stop.name for stop in stops] == [
        "01-data",
        "02-scatter",
        "03-iterator",
        "04-parameters",
        "05-model",
        "06-loss",
        "07-optimizer",
        "08-loop",
        "09-takeaway",
    ]
    assert all(stop.question and stop.opening and stop.afterwards for stop in stops)


def test_the_shown_functions_are_the_lesson_s_own() -> None:
    from linreg_gui import lesson

    for name in {name for stop in read_stops() for name in stop.functions}:
        assert lesson_lines([name]) == inspect.getsource(getattr(lesson, name)).rstrip()


def test_a_file_becomes_its_parts() -> None:
    stop = parse_stop("x", STOP)
    assert (stop.title, stop.opening, stop.bridge) == ("A title", "Some *prose*.", "More of it.")
    assert (stop.functions, stop.kept) == (("net",), "a = 1\n")
    assert stop.lines == "a = 1\n\nprint(a)\n"
    assert stop.question == Question(
        "What is `a`?", Kind.COUNT, "a", unit="apples", why="It was set."
    )
    assert stop.afterwards == "It was 1."


def test_a_file_says_what_it_wants_in_the_window() -> None:
    stop = parse_stop("x", STOP)
    assert (stop.stage, stop.highlight) == (StageWish("data", "raw"), Highlight.MINIBATCH)
    assert (stop.settings, stop.trains) == (("batch_size", "shuffle"), True)


def test_a_file_may_want_nothing() -> None:
    stop = parse_stop("x", "# T\n\n```python\nprint(1)\n```\n")
    assert (stop.stage, stop.highlight, stop.settings, stop.trains) == (None, None, (), False)


def test_the_stops_want_the_pictures_that_they_speak_of() -> None:
    stops = {stop.name: stop for stop in read_stops()}
    assert stops["02-scatter"].stage == StageWish("data", "raw")
    assert stops["03-iterator"].highlight is Highlight.MINIBATCH
    assert stops["07-optimizer"].stage == StageWish("landscape")
    assert stops["07-optimizer"].highlight is Highlight.GRADIENT
    assert [stop.name for stop in stops.values() if stop.trains] == ["08-loop"]
    assert stops["09-takeaway"].stage == StageWish("loss", "noise floor")


def test_their_lines_are_short_enough_for_a_narrow_panel() -> None:
    for stop in read_stops():
        lines = f"{stop.lines}\n{lesson_lines(stop.functions)}".splitlines()
        assert max(map(len, lines)) <= 46, max(lines, key=len)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("# A title", "A title", "must begin with a heading"),
        ("lesson\nnet", "lesson\nmet", "the lesson has no function met"),
        ("```python\n", "```pyton\n", "a block cannot be “pyton” here"),
        ("print(a)", "print(a", r"“print\(a” is not Python"),
        ("kind: count", "kind: guess", "an answer cannot be a guess"),
        ("kind: count\n", "", "its answer has no kind"),
        ("unit: apples", "units: apples", "an answer cannot have the line “units: apples”"),
        ("kind: count", "kind: choice", "a choice needs two options or more"),
        ("value: a", "value: a +", r"“a \+” is not Python"),
        ("unit: apples", "tolerance: some", "“some” is not a number"),
        ("stage: data raw", "picture: data", "cannot have the line “picture: data”"),
        ("highlight: minibatch", "highlight: all", "cannot have the line “highlight: all”"),
        ("shuffle\n", "shuffles\n", "cannot have the line “settings: batch_size shuffles”"),
    ],
)
def test_a_malformed_file_is_named_with_what_is_wrong(old: str, new: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=f"^x.md: .*{complaint}"):
        parse_stop("x", STOP.replace(old, new))


def test_a_stop_without_a_question_may_just_run(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("# T\n\n```python\nprint(1)\n```\n", "utf-8")
    (stop,) = read_stops(tmp_path)
    assert (stop.question, stop.afterwards) == (None, "")


def question(kind: Kind, **values: object) -> Question:
    return Question("?", kind, "x", **values)  # type: ignore[arg-type]


class TestAPrediction:
    def test_is_right_within_the_tolerance(self) -> None:
        asked = question(Kind.NUMBER, tolerance=0.2)
        assert asked.judge(0.01, 0.00985) == Verdict(True, "You said 0.01; it was 0.00985.")
        assert asked.judge(0.1, 0.00985) == Verdict(False, "You said 0.1; it was 0.00985.")

    def test_that_is_not_right_is_told_why(self) -> None:
        asked = question(Kind.COUNT, why="It is empty.")
        assert asked.judge(1, 0).words == "You said 1; it was 0. It is empty."
        assert asked.judge(0, 0).words == "You said 0; it was 0."

    def test_is_read_in_every_country_s_way(self) -> None:
        assert question(Kind.NUMBER).read("0,01") == 0.01
        assert question(Kind.COUNT).read("2,500") == 2500

    @pytest.mark.parametrize("kind", [Kind.NUMBER, Kind.COUNT])
    def test_that_is_too_large_is_refused(self, kind: Kind) -> None:
        assert question(kind).read("9e299") == 9e299
        with pytest.raises(ValueError, match="1e300 is too large"):
            question(kind).read("1e300")

    def test_of_a_count_must_be_exact(self) -> None:
        asked = question(Kind.COUNT)
        assert asked.judge(2500, 2500.0) == Verdict(True, "You said 2,500; it was 2,500.")
        assert asked.judge(2501, 2500.0) == Verdict(False, "You said 2,501; it was 2,500.")

    def test_of_a_choice_is_told_in_its_words(self) -> None:
        asked = question(Kind.CHOICE, options=("thin", "thick"))
        assert asked.judge(1, 2.0).words == "You said “thin”; it was “thick”."

    def test_of_a_curve_is_compared_by_its_course_and_its_heights(self) -> None:
        asked = question(Kind.SKETCH)
        falling = tuple(1 - k / (COLUMNS - 1) for k in range(COLUMNS))
        humped = (0.0, *falling[:-1])
        happened = tuple(20 * height for height in humped)
        assert asked.judge(humped, happened) == Verdict(
            True,
            "Your curve rises first, then falls, and so does the real one. "
            "On average, your heights are off by 0% of the highest value.",
        )
        verdict = asked.judge(falling, happened)
        assert not verdict.is_right
        assert verdict.words.startswith("Your curve falls; the real one rises first, then falls.")

    def test_of_another_kind_does_not_fit(self) -> None:
        choice = question(Kind.CHOICE, options=("thin", "thick"))
        assert [choice.fits(answer) for answer in (1, 3, None, "1", (1.0,))] == [True] + [False] * 4
        sketch = question(Kind.SKETCH)
        assert [sketch.fits(answer) for answer in ((0.5,) * COLUMNS, (0.5,), 1)] == [
            True,
            False,
            False,
        ]

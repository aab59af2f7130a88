"""The questions are Markdown files. Each wrong answer is refuted, and the right one is right."""

from dataclasses import replace

import pytest

from linreg_gui.guide import question_bank
from linreg_gui.guide.question_bank import (
    BankQuestion,
    parse_bank_question,
    read_bank,
    words_of,
)
from linreg_gui.guide.questions import Kind, Question
from linreg_gui.guide.run_facts import facts_of
from linreg_gui.settings import DEFAULTS, Engine, Init
from tests.guide.test_run_prediction import finished

QUESTION = """# A title

What is it?

```runs
first: learning_rate = 0.01, init = zeros
second: data = hubble, standardize = on
```

```answer
kind: choice
option: this
option: that
wrong: It is not.
value: 1 if first.loss < second.loss else 2
```

```shows
loss = first.loss
steps with 2 = 3 = second.steps
```

## Why

Because.
"""


@pytest.fixture(scope="module")
def bank() -> tuple[BankQuestion, ...]:
    return read_bank()


def test_there_are_twenty_questions_about_what_classes_get_wrong(
    bank: tuple[BankQuestion, ...],
) -> None:
    assert [int(question.name[:2]) for question in bank] == list(range(1, 21))
    assert len({question.title for question in bank}) == 20


def test_every_wrong_answer_has_its_refutation(bank: tuple[BankQuestion, ...]) -> None:
    for question in bank:
        for number, words in enumerate(question.question.refutations, 1):
            assert bool(words) is (number != question.right), question.name
            assert number == question.right or 40 < len(words) < 200, question.name


def test_the_file_of_a_question_is_read_once_for_all_its_words(
    bank: tuple[BankQuestion, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = bank[0]
    assert words_of(asked.name) == asked.title
    monkeypatch.setattr(question_bank, "resource_path", None)
    for number, words in enumerate(asked.question.options, 1):
        assert words_of(asked.name, number) == words


def test_an_answer_inside_a_sentence_has_no_full_stop_of_its_own() -> None:
    question = Question("", Kind.CHOICE, "1", ("It stays.", "変わらない。", "as before"))
    words = [question.write(number) for number in (1, 2, 3)]
    assert words == ["“It stays”", "“変わらない”", "“as before”"]


@pytest.mark.parametrize("seed", [1, 20])
def test_the_answer_called_right_is_right(bank: tuple[BankQuestion, ...], seed: int) -> None:
    for question in bank:
        facts = finished(facts_of(question.configs(replace(DEFAULTS, seed=seed))))
        assert question.answer(facts) == question.right, question.name
        evidence = question.evidence(question.values(facts))
        assert evidence, question.name
        assert not any("nan" in line or "None" in line for line in evidence), evidence
        if question.name == "16-another-seed":
            assert len({line.rpartition(": ")[2] for line in evidence[:2]}) == 2, evidence


def test_a_file_becomes_its_parts() -> None:
    question = parse_bank_question("x", QUESTION)
    assert (question.title, question.question.text, question.why) == (
        "A title",
        "What is it?",
        "Because.",
    )
    assert (question.right, question.question.refutations) == (1, ("", "It is not."))
    assert question.shows == (("loss", "first.loss"), ("steps with 2 = 3", "second.steps"))
    first, second = question.configs(replace(DEFAULTS, seed=5, engine=Engine.INSTANT)).values()
    assert (first.learning_rate, first.init, first.seed) == (0.01, Init.ZEROS, 5)
    assert first.engine is second.engine is Engine.INSTANT
    assert second.data is not None
    assert second.data.sample == "hubble"
    assert second.standardize


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("# A title", "A title", "must begin with a heading"),
        ("## Why", "## Because", "must have one more heading, “## Why”"),
        ("wrong: It is not.\n", "", "each option but the right one needs a line “wrong”"),
        ("option: this\n", "option: this\nwrong: No.\n", "and the right one none"),
        ("option: this\n", "wrong: No.\noption: this\n", "cannot have the line “wrong: No.”"),
        ("kind: choice", "kind: choice\nkind: choice", "cannot have the line “kind: choice”"),
        ("kind: choice", "kind: number", "a choice needs two options or more"),
        ("value: 1 if", "value: if", "is not Python"),
        ("value: 1 if first.loss < second.loss else 2\n", "", "its answer has no value"),
        ("```answer", "```anser", "a block cannot be “anser” here"),
        ("```shows", "```answer", "needs one block “answer”, and this one has 2"),
        ("first: ", "1st: ", "a run cannot have the line “1st"),
        ("second: ", "first: ", "a run cannot have the line “first"),
        ("learning_rate = 0.01", "speed = 0.01", "“speed = 0.01” is no setting"),
        ("learning_rate = 0.01", "learning_rate = 0", "Learning rate cannot be 0"),
        ("learning_rate = 0.01", "learning_rate = x", "“x” is not a number"),
        ("init = zeros", "engine = instant", "“engine = instant” is no setting"),
        ("data = hubble", "data = bubble", "there is no classic “bubble”"),
        ("standardize = on", "standardize = yes", "standardize can be on or off"),
        ("loss = first.loss", "first.loss", "cannot have the line “first.loss”"),
        ("What is it?\n", "", "it needs a text for the question"),
        ("Because.\n", "", "one for why"),
    ],
)
def test_a_mistake_in_a_file_is_named(old: str, new: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=r"^x\.md: .*\.$") as error:
        parse_bank_question("x", QUESTION.replace(old, new, 1))
    assert complaint in str(error.value)
    assert not str(error.value).endswith("..")


def test_a_sentence_with_options_that_are_sentences_has_one_full_stop() -> None:
    question = Question("", Kind.CHOICE, "2", options=("It fell.", "It rose."))
    assert question.judge(1, 2).words == "You said “It fell”; it was “It rose”."

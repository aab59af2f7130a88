"""What has told a text is kept with it, and calls nothing but our own functions for texts."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from linreg_gui.guide.question_bank import bank_names, words_of
from linreg_gui.languages import ENGLISH, TELLERS, english_texts, retold, speak
from linreg_gui.number_text import exact, fixed, joined, spoken, whole
from linreg_gui.settings import DEFAULTS, setting_words
from linreg_gui.tellings import told_value, with_tellings
from linreg_gui.texts import in_a_row, paragraph, reason_of, shortened, tr, trn
from tests.pseudo_languages import LONGER
from tests.pseudo_languages import spoken as speaking
from tests.support import ROOT

SKIPPED = (
    "{rows} of {total} row skipped: {reasons}.",
    "{rows} of {total} rows skipped: {reasons}.",
)


@pytest.fixture
def german() -> Iterator[None]:
    speak("de")
    yield
    speak(ENGLISH)


def saved(text: str) -> Any:
    """Return a text and its telling as they come out of a file."""
    return json.loads(json.dumps(with_tellings({"said": text})))


@pytest.mark.parametrize(
    "tell",
    [
        lambda: tr("Close this message"),
        lambda: tr("Stopped at step {step}.").format(step=whole(12_345)),
        lambda: trn(*SKIPPED, 5_000).format(
            rows=whole(3), total=whole(5_000), reasons=in_a_row(["a", tr("bias")])
        ),
        lambda: paragraph(tr("Close this message"), joined([exact(0.5), fixed(0.25, 2)])),
        lambda: in_a_row(setting_words(DEFAULTS).values()),
        lambda: reason_of(ValueError(tr("Close this message"))),
        lambda: shortened(tr("Close this message"), 7),
        lambda: spoken(3.5e6),
        lambda: tr("Stopped at step {step}.").format(step=exact(-1e300)),
        lambda: words_of(bank_names()[0], 2),
    ],
)
def test_a_saved_text_is_told_in_the_language_of_now(tell: Callable[[], str]) -> None:
    values = saved(tell())
    english = told_value(values, "said")
    assert (english, english) == (values["said"], tell())
    with speaking(LONGER):
        assert told_value(values, "said") == tell() == retold(english) != english
        longer = saved(tell())
    assert told_value(longer, "said") == english


def test_texts_in_lists_and_in_objects_have_tellings_beside_them() -> None:
    values = with_tellings({"a": ["x", tr("bias")], "b": [{"c": tr("bias"), "d": "y"}], "e": [1]})
    assert values == {
        "a": ["x", "bias"],
        "a_told": [None, ["tr", "bias"]],
        "b": [{"c": "bias", "c_told": ["tr", "bias"], "d": "y"}],
        "e": [1],
    }
    with speaking(LONGER):
        assert told_value(values, "a") == ["x", tr("bias")]


def test_a_text_that_others_wrote_has_no_telling() -> None:
    assert with_tellings({"said": "bias", "is": None}) == {"said": "bias", "is": None}


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    "telling",
    [
        ["tr", "Words of another program"],
        ["tr", ["tr", "Words of another program"]],
        ["trn", "{count} row", "{count:99999999}", 5],
        ["trc", "a button", "{0.__class__}"],
        ["tr", {"text": "{0.__class__}"}],
        ["tr"],
        ["tr", "bias", "bias"],
        ["format", "{a.__class__}", {"a": 1}],
        ["format", ["shortened", "{a:99999999}", 100], {"a": 1}],
        ["format", ["tr", "Stopped at step {step}."], {"other": 1}],
        ["eval", "1"],
        ["__class__", "1"],
        [["tr"], "bias"],
        ["fixed", 1.5, 999_999_999],
        ["fixed", 1.5, {"decimals": 999_999_999}],
        ["fixed", 1.5, -1],
        ["fixed", "1.5", 2],
        ["whole", 10**400],
        ["whole", float("inf")],
        ["whole", None],
        ["paragraph", 5],
        ["paragraph", *["bias"] * 9_999],
        ["in_a_row", *["bias"] * 1_500],
        ["words_of", f"../questions/{bank_names()[0]}", 0],
        ["words_of", "nothing", 0],
        ["words_of", bank_names()[0], 900],
        "tr",
        7,
        [],
        {},
    ],
)
def test_a_telling_that_is_none_of_ours_leaves_the_text(telling: Any) -> None:
    assert told_value({"said": "as it was", "said_told": telling}, "said") == "as it was"


def test_a_telling_without_end_leaves_the_text() -> None:
    telling: list[Any] = ["tr", "bias"]
    for _ in range(5_000):
        telling = ["paragraph", telling]
    assert told_value({"said": "as it was", "said_told": telling}, "said") == "as it was"


def test_tellings_that_are_not_as_many_as_the_texts_are_left_out() -> None:
    values = {"said": ["a", "b"], "said_told": [["tr", "bias"]]}
    assert told_value(values, "said") == ["a", "b"]


def test_of_a_list_no_more_is_told_than_is_wanted() -> None:
    values = {"said": ["a", "b", "c"], "said_told": [["tr", "bias"], None, ["tr", "bias"]]}
    assert told_value(values, "said", 2) == ["bias", "b"]
    assert told_value(values, "said") == ["bias", "b", "bias"]


def test_the_format_names_each_function_that_tells_texts() -> None:
    text = (ROOT / "docs/session-format.md").read_text("utf-8")
    _, section = text.split("## Texts that are told again")
    section, *_ = section.split("\n## ")
    rows = re.findall(r"^\| (.+?) \|", section, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == TELLERS.keys()


def test_english_texts_are_all_that_is_looked_up() -> None:
    assert {"Close this message", *SKIPPED} <= english_texts()
    assert "" not in english_texts()

"""The program speaks the language of a .po file, as it is written."""

from collections.abc import Callable, Iterator
from copy import deepcopy

import pytest

from linreg_gui import languages
from linreg_gui.languages import (
    ENGLISH,
    NAMES,
    begin,
    clauses,
    either,
    first_clause,
    first_sentence,
    fitting,
    in_a_row,
    language,
    listed,
    of_system,
    paragraph,
    read_catalogue,
    speak,
)
from linreg_gui.number_text import exact, joined, significant, typed, whole
from linreg_gui.prose import parts_of_lines, translated
from linreg_gui.settings import DEFAULTS, setting_words
from linreg_gui.texts import in_lines, reason_of, retold, shortened, tr, trc, trn

PO = r"""# A comment.
msgid ""
msgstr ""
"Language: uk\n"
"Plural-Forms: nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n"
"%100>=20) ? 1 : 2;\n"

#: linreg_gui/a.py
msgid "Run"
msgstr "Пуск"

#, fuzzy
msgid "Stop"
msgstr "Пуск"

msgid "Reset"
msgstr ""

msgid ""
"two \"lines\"\n"
"and a \\"
msgstr ""
"два \"рядки\"\n"
"і \\"

msgctxt "a button"
msgid "right"
msgstr "праворуч"

msgid "right"
msgstr "правильно"

#, python-brace-format
msgid "{count} step"
msgid_plural "{count} steps"
msgstr[0] "{count} крок"
msgstr[1] "{count} кроки"
msgstr[2] "{count} кроків"

msgid "{count} row"
msgid_plural "{count} rows"
msgstr[0] "{count} рядок"
msgstr[1] ""
msgstr[2] ""

#~ msgid "Pause"
#~ msgstr "Пауза"
"""


@pytest.fixture
def ukrainian() -> Iterator[None]:
    speak("uk", read_catalogue(PO))
    yield
    speak(ENGLISH)


@pytest.mark.usefixtures("ukrainian")
def test_a_text_is_looked_up_in_the_catalogue() -> None:
    assert tr("Run") == "Пуск"
    assert tr('two "lines"\nand a \\') == 'два "рядки"\nі \\'
    assert (trc("a button", "right"), tr("right")) == ("праворуч", "правильно")


@pytest.mark.usefixtures("ukrainian")
def test_what_is_not_translated_stays_english() -> None:
    assert (tr("Stop"), tr("Reset"), tr("Pause"), tr("")) == ("Stop", "Reset", "Pause", "")
    assert trc("a verdict", "right") == "right"
    assert trn("{count} row", "{count} rows", 5) == "{count} rows"


@pytest.mark.usefixtures("ukrainian")
@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "кроків"), (1, "крок"), (3, "кроки"), (11, "кроків"), (21, "крок"), (1002, "кроки")],
)
def test_a_text_that_counts_has_the_form_that_the_number_needs(count: int, words: str) -> None:
    assert trn("{count} step", "{count} steps", count) == f"{{count}} {words}"


def test_english_counts_by_itself() -> None:
    assert [trn("step", "steps", count) for count in (0, 1, 2)] == ["steps", "step", "steps"]


@pytest.mark.parametrize(
    "tell",
    [
        lambda: trc("a button", "right"),
        lambda: trn("{count} step", "{count} steps", 21).format(count=whole(21_000)),
        lambda: paragraph(tr("Run"), "", tr("Run")),
        lambda: in_lines(tr("Run"), in_a_row(["x", tr("Run")]), clauses(["x", tr("Run")])),
        lambda: listed([tr("Run"), either(["x", tr("Run")])]),
        lambda: joined([exact(0.5), significant(0.25), typed(0.125)]),
        lambda: first_sentence(paragraph(tr("Run"), tr("Run"))),
        lambda: str(ValueError(tr("Run"))),
        lambda: reason_of(ValueError(tr("Run"))),
        lambda: shortened(tr("Run"), 4),
        lambda: setting_words(DEFAULTS)["true_weights"],
    ],
)
def test_a_text_is_told_again_in_the_language_of_now(tell: Callable[[], str]) -> None:
    english = tell()
    speak("uk", read_catalogue(PO))
    ukrainian = tell()
    again = retold(english)
    speak(ENGLISH)
    assert again == ukrainian != english
    assert retold(again) == english


def test_a_text_that_others_wrote_is_not_told_again() -> None:
    assert retold("Run") == "Run"
    assert retold(tr("{name} by {move}").format(name="Run", move="")) == "Run by "


def test_a_text_can_be_copied() -> None:
    words = tr("{count} rows").format(count=whole(2))
    assert retold(deepcopy(words)) == words


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (["de_AT.UTF-8@euro"], "de"),
        (["pt-PT"], "pt_BR"),
        (["zh-Hans-CN"], "zh_CN"),
        (["tlh", "", "fr_CA"], "fr"),
        (["en_GB", "de"], "en"),
        (["tlh"], "en"),
        ([], "en"),
    ],
)
def test_a_relative_of_a_language_is_better_than_none(wanted: list[str], code: str) -> None:
    assert fitting(wanted) == code


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ({"LANG": "de_DE.UTF-8"}, ["", "de_DE.UTF-8"]),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "uk:fr"}, ["uk", "fr", "de_DE.UTF-8"]),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "ja_JP.UTF-8"}, ["", "ja_JP.UTF-8"]),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8", "LANGUAGE": "uk"}, ["en"]),
        ({"LANG": ""}, []),
    ],
)
def test_the_system_s_language_is_found_as_gettext_finds_it(
    variables: dict[str, str], wanted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.setenv(name, variables.get(name, ""))
    assert of_system() == wanted


@pytest.mark.parametrize("arguments", [["--language", "ja"], ["--batch", "x", "--language=ja"]])
def test_the_command_line_comes_before_the_system(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("LANGUAGE", "")
    spoken: list[str] = []
    monkeypatch.setattr(languages, "speak", spoken.append)
    begin(arguments)
    begin([])
    assert spoken == ["ja", "de"]


def test_each_language_that_is_offered_has_a_file() -> None:
    for code in NAMES:
        speak(code)
        assert language() == code
    speak(ENGLISH)


LESSON = """# Run

```window
stage: data
```

1. Press **Run**.

```answer
kind: choice
option: Run
value: 2 = 3
```

```shows
σ = 1 = run.loss
```

## Why

Run
"""


def test_prose_is_told_from_settings_and_code() -> None:
    parts = [*parts_of_lines(LESSON)]
    assert "\n".join(map("".join, parts)) == LESSON
    assert [words for _, words, _ in parts if words] == [
        "Run",
        "Press **Run**.",
        "Run",
        "σ = 1",
        "Run",
    ]


@pytest.mark.usefixtures("ukrainian")
def test_prose_is_translated_line_by_line() -> None:
    assert translated(LESSON) == (
        LESSON.replace("# Run", "# Пуск")
        .replace("option: Run", "option: Пуск")
        .replace("\nRun\n", "\nПуск\n")
    )


def test_names_and_sentences_follow_each_other_as_the_language_has_it() -> None:
    assert in_a_row(["a", "b", "c"]) == "a, b, c"
    assert paragraph("One.", "", "Two.") == "One. Two."
    assert first_sentence("One at 0.5. Two.") == "One at 0.5."
    assert clauses(["a, b", "c"]) == "a, b; c"
    assert first_clause("Ended; as well as it can.") == "Ended."
    assert first_clause("Ended.") == "Ended."
    speak("ja")
    try:
        assert in_a_row(["a", "b"]) == "a、b"
        assert either(["a", "b", "c"]) == "a、b または c"
        assert paragraph("一つ。", "", "二つ。") == "一つ。二つ。"
        assert first_sentence("一つ。二つ。") == "一つ。"
        assert clauses(["a", "b"]) == "a\N{FULLWIDTH SEMICOLON}b"
        assert first_clause("一つ\N{FULLWIDTH SEMICOLON}二つ。") == "一つ。"
        speak("fr")
        assert clauses(["a", "b"]) == "a\u202f; b"
        assert first_clause("Terminé au pas 5\u202f; RMSE 1.") == "Terminé au pas 5."
    finally:
        speak(ENGLISH)

"""What is translated is right, and has the places, the markup and the forms that it needs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from linreg_gui.guide.contrasts import read_contrasts
from linreg_gui.guide.question_bank import read_bank
from linreg_gui.guide.stops import read_stops
from linreg_gui.languages import ENGLISH, NAMES, speak
from linreg_gui.lessons.lesson_files import reading_lesson
from linreg_gui.lessons.pages import Lesson
from linreg_gui.pieces import at_once
from linreg_gui.resources import resource_path
from tests.catalogues import files
from tests.catalogues.checks import complaints, unseen_bold, untranslated
from tests.catalogues.files import ROOT, codes, extracted, read

OTHERS = [code for code in NAMES if code != ENGLISH]


@pytest.mark.parametrize("code", OTHERS)
def test_translations_are_right(code: str) -> None:
    assert complaints(read(code)) == []


def test_each_file_is_of_a_language_that_is_offered() -> None:
    assert codes() == sorted(OTHERS)


@pytest.mark.parametrize(
    ("english", "translation", "complaint"),
    [
        ("{n} of {m}", "{n} von {M}", "the same places"),
        ("Press **Run**.", "Drücke **Run**.", "“Run” is called “Start”"),
        ("Press **Run**.", "Drücke Start.", "bold words"),
        ("**So:** more", "**Also:**mehr", "“Also:” is bold"),
        ("a **“b”** c", "a**“b”** c", "““b”” is bold"),
        ("about 5,000 steps", "etwa 5.000 Schritte", "the number 5\u202f000"),
        ("rate 0.05", "Rate 0.05", "the number 0,05"),
        ("Where is `b`?", "Wo ist b?", "code"),
        ("It ends.", "Es endet", "end with “.”"),
        ("end", "Ende.", "full stop"),
        ("&File", "Datei", "mnemonics"),
        ("end", "Ende ", "blanks"),
        ("Undo (Ctrl+Z)", "Zurück (Ctrl+Z)", "Ctrl is called “Strg”"),
        (("{count} row", "{count} rows"), ("Zeile", "Zeilen"), "the same places"),
        (("{count} row", "{count} rows"), ("{count} Zeile",), "2 forms"),
    ],
)
def test_a_wrong_translation_is_found(
    english: str | tuple[str, ...], translation: str | tuple[str, ...], complaint: str
) -> None:
    catalogue = Catalog("de")
    catalogue.add("Run", "Start")
    catalogue.add("Ctrl", "Strg", context="a key")
    assert complaints(catalogue) == []
    catalogue.add(english, translation)
    assert any(complaint in line for line in complaints(catalogue))


def test_numbers_have_the_marks_of_their_language_outside_of_code() -> None:
    english = "`p = 0.1` and 1,234.5 in Babel 2.1.0"
    for code, right in (
        ("de", "`p = 0.1` und 1\u202f234,5 in Babel 2.1.0"),
        ("ja", "`p = 0.1` と 1,234.5 (Babel 2.1.0)"),
    ):
        catalogue = Catalog(code)
        catalogue.add(english, right)
        assert complaints(catalogue) == []


def test_a_short_form_needs_no_full_stop() -> None:
    catalogue = Catalog("de")
    catalogue.add("least sq.", "kl. Quadrate")
    assert complaints(catalogue) == []


def test_comments_at_the_top_of_a_file_stay(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    catalogue = Catalog("de", header_comment="# example = Beispiel")
    files.write("de", catalogue)
    assert files.read("de").header_comment == "# example = Beispiel"


def test_reading_and_writing_a_file_leaves_it_as_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    catalogue = Catalog("de")
    catalogue.add("start", "Start", [("c.py", 1), ("a.py", 1)])
    catalogue.add("stop", "Stopp", [("b.py", 1)])
    files.write("de", catalogue)
    written = (tmp_path / "de.po").read_bytes()
    files.write("de", files.read("de"))
    assert (tmp_path / "de.po").read_bytes() == written


def test_the_form_for_one_thing_needs_no_number() -> None:
    for code, is_right in (("de", True), ("fr", False)):  # French has it for 0, too
        catalogue = Catalog(code)
        catalogue.add(("{count} row", "{count} rows"), ("x", *["{count} xs"] * 2))
        if code == "de":
            catalogue = Catalog(code)
            catalogue.add(("{count} row", "{count} rows"), ("eine Zeile", "{count} Zeilen"))
        assert (complaints(catalogue) == []) is is_right


def test_missing_and_doubtful_translations_are_named() -> None:
    catalogue = Catalog("de")
    catalogue.add("Run", "Start")
    catalogue.add("Stop")
    catalogue.add("Reset", "Zurück", flags=["fuzzy"])
    assert [line.split(":")[0] for line in untranslated(catalogue)] == [
        "look at it, then take “#, fuzzy” away",
        "not translated",
    ]


def test_every_text_and_every_paragraph_is_extracted(template: Catalog) -> None:
    found = {message.id for message in template}
    assert {"Run", ("{count} step", "{count} steps")} <= found
    assert "minus" in found  # stands in an f-string
    assert "a line that is steeper and misses the ten points" in found


@pytest.fixture(params=OTHERS)
def _spoken(request: pytest.FixtureRequest) -> Iterator[None]:
    speak(request.param)
    yield
    speak(ENGLISH)


@pytest.mark.usefixtures("_spoken")
def test_the_guide_can_be_read_in_each_language() -> None:
    assert (len(read_stops()), len(read_bank()), len(read_contrasts())) == (9, 20, 6)
    for file in resource_path("lessons").glob("*.md"):
        assert isinstance(at_once(reading_lesson(file)), Lesson)


@pytest.fixture(scope="module")
def template() -> Catalog:
    return extracted()


@pytest.mark.parametrize("code", OTHERS)
def test_catalogues_are_complete(code: str, template: Catalog) -> None:
    catalogue = read(code)
    texts = [each for each in template if each.id]
    unknown = [each.id for each in texts if catalogue.get(each.id, each.context) is None]
    missing = [*map(str, unknown), *untranslated(catalogue)]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("code", OTHERS)
def test_the_readme_begins_in_each_language_with_the_same_commands(code: str) -> None:
    english = (ROOT / "README.md").read_text("utf-8")
    translation = (ROOT / "docs" / f"README.{code}.md").read_text("utf-8")
    commands = re.findall(r"^```\n(.*?)^```$", translation, re.MULTILINE | re.DOTALL)
    assert commands
    assert (
        commands
        == re.findall(r"^```\n(.*?)^```$", english, re.MULTILINE | re.DOTALL)[: len(commands)]
    )
    assert "`py app.py`" in english  # which Windows needs
    assert "`py app.py`" in translation
    assert f"[{NAMES[code]}](docs/README.{code}.md)" in english
    assert list(unseen_bold(translation)) == []
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", translation):
        assert (ROOT / "docs" / link).exists(), link

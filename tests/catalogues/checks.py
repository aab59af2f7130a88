"""What is missing and what is wrong in a catalogue."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from gettext import c2py

from babel.messages.catalog import Catalog, Message

from linreg_gui.languages import WITH_DECIMAL_COMMA

_PLACE = r"\{[^{}]*\}"
_SAME = {
    "tags": r"</?\w+[^<>]*>",
    "bold words": r"\*\*",
    "code": r"`[^`]+`",
    "links": r"\]\([^()]*\)",
    "options": r"--[a-z][a-z-]*",
    "file names": r"\.(?:csv|linreg|md|xlsx|ods|png|svg|pdf|gif|webp|json|py|venv)\b",
    "line breaks": r"\n",
    "tabs": r"\t",
    "joined blanks": "\u00a0(?=\\d)",
    "mnemonics": r"&(?=\w)",
}
"""What a translation has as often as the English text has it."""

_NUMBER = re.compile("\\d+(?:[.,\u202f]\\d+)*")
_WITH_MARKS = re.compile(r"\d+\.\d+|\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_TO_COMMAS = str.maketrans(".,", ",\u202f")
_CODE = re.compile("`[^`]+`")
_ABOUT_MARKS = re.compile(r"0[.,]05 with a|(?:Point|Comma) \(")
"""Texts whose numbers are an example of a mark, and the same in every language."""

_ENDS = {".": ".。", ":": ":\uff1a", "?": "?\uff1f", "!": "!\uff01", "…": "…"}
"""The last sign of an English text, and which signs of other languages stand for it."""

_SHORTENED = re.compile(r"[a-z ]+\.")
"""A short form, as “least sq.”: other languages may need no full stop for it."""

_COUNTS = range(201)


def untranslated(catalogue: Catalog) -> list[str]:
    """Return a line for each text that has no translation, or one that is marked as fuzzy."""
    messages = [message for message in catalogue if message.id]
    return [
        *(
            f"look at it, then take “#, fuzzy” away: {_shown(each)}"
            for each in messages
            if each.fuzzy
        ),
        *(f"not translated: {_shown(each)}" for each in messages if not all(_forms(each))),
    ]


def complaints(catalogue: Catalog) -> list[str]:
    """Return a line for each translation that is wrong, as far as a program can tell."""
    on_screen = {
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str) and isinstance(message.string, str)
    }
    keys = {str(each.id): str(each.string) for each in catalogue if each.context == "a key"}
    has_comma = str(catalogue.locale) in WITH_DECIMAL_COMMA
    lines = []
    for message in catalogue:
        if not message.id or message.fuzzy or not all(_forms(message)):
            continue
        english = message.id if isinstance(message.id, str) else message.id[1]
        wrong = [
            *_wrong_forms(message, catalogue),
            *(each for form in _forms(message) for each in _wrong_words(english, form, on_screen)),
            *(
                each
                for form in _forms(message)
                for each in _wrong_numbers(english, form, has_comma)
            ),
            *(each for form in _forms(message) for each in _wrong_keys(english, form, keys)),
        ]
        lines += [f"{each}: {_shown(message)}" for each in dict.fromkeys(wrong)]
    return lines


def _wrong_forms(message: Message, catalogue: Catalog) -> Iterator[str]:
    """Yield what is wrong with the number of forms, and with the places in them."""
    forms = _forms(message)
    if isinstance(message.id, str):
        if _found(_PLACE, message.id) != _found(_PLACE, forms[0]):
            yield "not the same places in braces"
        return
    if len(forms) != catalogue.num_plurals:
        yield f"it needs {catalogue.num_plurals} forms"
        return
    form_of = c2py(catalogue.plural_expr)
    for index, form in enumerate(forms):
        is_for_one = sum(form_of(count) == index for count in _COUNTS) == 1
        missing = _found(_PLACE, message.id[1]) - _found(_PLACE, form)
        more = _found(_PLACE, form) - _found(_PLACE, message.id[1])
        if more or missing.total() > is_for_one:
            yield "not the same places in braces"


def _wrong_words(english: str, words: str, on_screen: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with one translation, or with one of its forms."""
    for what, pattern in _SAME.items():
        if _found(pattern, english) != _found(pattern, words):
            yield f"not the same {what}"
    end, last = english[-1], words[-1]
    if last not in _ENDS.get(end, last) and not _SHORTENED.fullmatch(english):
        yield f"it does not end with “{end}”"
    if end not in _ENDS and last in ".。":
        yield "it ends with a full stop"
    if words != words.strip():
        yield "blanks at its ends"
    for word in re.findall(r"\*\*([^*]+)\*\*", english):
        if f"**{on_screen.get(word) or word}**" not in words and on_screen.get(word):
            yield f"on the screen “{word}” is called “{on_screen[word]}”"
    for bold in unseen_bold(words):
        yield f"Markdown does not see that “{bold}” is bold: move its outermost sign out"


def _wrong_keys(english: str, words: str, keys: Mapping[str, str]) -> Iterator[str]:
    """Yield which keys have another name than in the menus."""
    for key, name in keys.items():
        if len(re.findall(rf"\b{key}(?=[+)])", english)) > words.count(name):
            yield f"in the menus the key {key} is called “{name}”"


def unseen_bold(words: str) -> Iterator[str]:
    """Yield what is between ``**`` but not bold in Markdown.

    That happens where a sign stands inside of ``**`` and a letter directly outside, as between
    words that have no blanks.
    """
    parts = words.split("**")
    for before, bold, after in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
        if (before[-1:].isalnum() and not bold[:1].isalnum()) or (
            after[:1].isalnum() and not bold[-1:].isalnum()
        ):
            yield bold


def _wrong_numbers(english: str, words: str, has_comma: bool) -> Iterator[str]:
    """Yield a number that a translation lacks; outside of code it has the marks of its language."""
    numbers = set(_NUMBER.findall(_CODE.sub("", english)))
    if has_comma and not _ABOUT_MARKS.search(english):
        numbers = {
            each.translate(_TO_COMMAS) if _WITH_MARKS.fullmatch(each) else each for each in numbers
        }
    if missing := numbers - set(_NUMBER.findall(_CODE.sub("", words))):
        yield f"it lacks the number {min(missing)}"


def _found(pattern: str, text: str) -> Counter[str]:
    return Counter(re.findall(pattern, text))


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def _shown(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    context = f" [{message.context}]" if message.context else ""
    return f"{text!r}{context}"

"""What is missing and what is wrong in a catalogue."""

import re
from collections import Counter
from collections.abc import Iterator
from gettext import c2py

from babel.messages.catalog import Catalog, Message

_SAME = {
    "places": r"\{[^{}]*\}",
    "tags": r"</?\w+[^<>]*>",
    "bold words": r"\*\*",
    "code": r"`[^`]+`",
    "links": r"\]\([^()]*\)",
    "options": r"--[a-z][a-z-]*",
    "file names": r"\*?\.(?:csv|linreg-lesson|linreg|md|xlsx|ods|png|svg|pdf|gif|webp|json|py|venv)\b",
    "line breaks": r"\n",
    "tabs": r"\t",
    "joined blanks": "\u00a0(?=\\d)",
    "mnemonics": r"&(?=\w)",
}
"""What a translation has as often as the English text has it."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ENDS = {
    ".": ".。।",
    ":": ":：",
    "?": "?？;",
    "…": "…",
    "!": "!！",
}
_COUNTS = range(201)


def untranslated(catalogue: Catalog) -> list[str]:
    """Return a line for each text that has no translation, or one that is marked as fuzzy."""
    lines = []
    for message in catalogue:
        if message.id and message.fuzzy:
            lines.append(f"look at it and take away “#, fuzzy”: {_shown(message)}")
        elif message.id and not all(_forms(message)):
            lines.append(f"not translated: {_shown(message)}")
    return lines


def complaints(catalogue: Catalog) -> list[str]:
    """Return a line for each translation that is wrong, as far as a program can tell."""
    translations = {
        message.id: message.string for message in catalogue if isinstance(message.id, str)
    }
    lines = []
    for message in catalogue:
        if not message.id or message.fuzzy or not all(_forms(message)):
            continue
        for complaint in _complaints_of(message, catalogue, translations):
            lines.append(f"{complaint}: {_shown(message)}")
    return lines


def _complaints_of(
    message: Message, catalogue: Catalog, translations: dict[str, str]
) -> Iterator[str]:
    english = message.id if isinstance(message.id, str) else message.id[1]
    forms = _forms(message)
    if not isinstance(message.id, str) and len(forms) != catalogue.num_plurals:
        yield f"it needs {catalogue.num_plurals} forms"
        return
    for index, form in enumerate(forms):
        is_for_one = not isinstance(message.id, str) and _counts_of(index, catalogue) == 1
        for what, pattern in _SAME.items():
            wanted, found = (Counter(re.findall(pattern, text)) for text in (english, form))
            if is_for_one and what == "places":
                wanted -= Counter(["{count}"])
                found -= Counter(["{count}"])
            if wanted != found:
                yield f"not the same {what}"
        numbers = set(_NUMBER.findall(english)) - set(_NUMBER.findall(form))
        if numbers:
            yield f"it lacks the number {min(numbers)}"
        if (english[0] == " ", english[-1] == " ") != (form[0] == " ", form[-1] == " "):
            yield "not the same blanks at its ends"
        end = english.rstrip()[-1:]
        if end in _ENDS and form.rstrip()[-1:] not in _ENDS[end]:
            yield f"it does not end with “{end}”"
        if end not in _ENDS and form.rstrip()[-1:] in ".。":
            yield "it ends with a full stop"
        for word in re.findall(r"\*\*([^*]+)\*\*", english):
            there = translations.get(word)
            if there and f"**{there}**" not in form:
                yield f"“{word}” is called “{there}” on the screen"


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def _counts_of(index: int, catalogue: Catalog) -> int:
    """Return how many counts use a form."""
    form_of = c2py(catalogue.plural_expr)
    return sum(form_of(count) == index for count in _COUNTS)


def _shown(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    context = f" [{message.context}]" if message.context else ""
    return f"{text!r}{context}"

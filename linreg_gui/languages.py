"""The language of the program, and its texts in that language.

A catalogue is a .po file of gettext in ``resources/languages``. It is read as it is, so nothing has
to be made from it first. Set-up speaks before any package is there: standard library of Python 3.6.
"""

import os
import re
import sys
from functools import lru_cache, wraps
from gettext import c2py

from linreg_gui.resources import resource_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import ParamSpec

    Given = ParamSpec("Given")

ENGLISH = "en"
OPTION = "--language"
NAMES = {
    ENGLISH: "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "pt_BR": "Português (Brasil)",
    "uk": "Українська",
    "ja": "日本語",
    "zh_CN": "简体中文",
}
"""The languages that the program speaks, each with its name in it, as the menu lists them."""

WITH_DECIMAL_COMMA = ("de", "es", "fr", "pt_BR", "uk")
"""Those that write 0,05. The others write 0.05."""

EAST_ASIAN = ("ja", "zh_CN")
"""Those with no blank between sentences, and with words for 10⁴ and 10⁸, not for 10⁶ and 10⁹.

Their translations of “{count} million” and “{count} billion” are these words.
"""

_FULL_WIDTH = "\N{FULLWIDTH SEMICOLON}"
_SEMICOLONS = {"fr": "\N{NARROW NO-BREAK SPACE}; ", "ja": _FULL_WIDTH, "zh_CN": _FULL_WIDTH}

_ENTRY = re.compile(
    r'(?:msgctxt "(.*)"\n)?msgid "(.*)"\n(?:msgid_plural ".*"\n)?'
    r'msgstr(\[0\])? "(.*)"\n((?:msgstr\[\d\] ".*"\n)*)'
)
_FUZZY = re.compile(r"^#,.* fuzzy.*\n(?:.+\n)*", re.MULTILINE)
_ESCAPED = re.compile(r"\\(.)")
_BETWEEN = "\x04"
"""Stands between the context of a text and the text, as in gettext."""


class Catalogue:
    r"""The texts of a language.

    Attributes
    ----------
    texts : mapping of str to str
        Each English text with its translation; before a text that has a context is the context and
        ``"\\x04"``. Empty for English.
    plurals : mapping of str to sequence of str
        The forms of a text that counts, by its English text for one.
    form : callable
        Returns for a count which of the forms it needs.
    """

    def __init__(
        self,
        texts: "Mapping[str, str]",
        plurals: "Mapping[str, Sequence[str]]",
        form: "Callable[[int], int]",
    ) -> None:
        self.texts = texts
        self.plurals = plurals
        self.form = form


def read_catalogue(text: str) -> Catalogue:
    """Return the catalogue of a .po file: of what is translated, and not marked as fuzzy."""
    texts, plurals = {}, {}
    text = _FUZZY.sub("", text + "\n").replace('"\n"', "")  # each string in one line
    for context, english, counts, first, others in _ENTRY.findall(text):
        key = _meant(context + _BETWEEN + english if context else english)
        if counts:
            forms = [_meant(each) for each in [first, *re.findall('"(.*)"', others)]]
            if all(forms):
                plurals[key] = forms
        elif first:
            texts[key] = _meant(first)
    rule = re.search("plural=(.*?);", texts.pop("", ""))
    return Catalogue(texts, plurals, c2py(rule.group(1) if rule else "n != 1"))


def catalogue_of(code: str) -> Catalogue:
    """Return the catalogue of a language; nothing is translated into English."""
    if code == ENGLISH:
        return _NOTHING
    with open(_path_of(code), encoding="utf-8") as file:
        return read_catalogue(file.read())


@lru_cache(maxsize=None)
def english_texts() -> "frozenset[str]":
    """Return what the program says in English, as the catalogues have it."""
    with open(_path_of("de"), encoding="utf-8") as file:
        text = file.read().replace('"\n"', "")
    return frozenset(map(_meant, re.findall('(?m)^msgid(?:_plural)? "(.+)"$', text)))


def _path_of(code: str) -> str:
    return str(resource_path("languages", code + ".po"))


def _meant(string: str) -> str:
    r"""Return a string of a .po file with what its escapes stand for."""
    return _ESCAPED.sub(_unescaped, string) if "\\" in string else string


def _unescaped(escape: "re.Match[str]") -> str:
    return {"n": "\n", "t": "\t", "r": "\r"}.get(escape.group(1), escape.group(1))


_NOTHING = Catalogue({}, {}, c2py("n != 1"))
_language = ENGLISH
_catalogue = _NOTHING


def language() -> str:
    """Return the code of the program's language."""
    return _language


def decimal_mark() -> str:
    """Return what stands before the decimals of a number in the program's language."""
    return "," if _language in WITH_DECIMAL_COMMA else "."


def speak(code: str, catalogue: "Catalogue | None" = None) -> None:
    """Let every later text be in the language ``code``. Without ``catalogue`` its file is read."""
    global _language, _catalogue
    if catalogue is None and code == _language:
        return
    _language, _catalogue = code, catalogue or catalogue_of(code)


def begin(arguments: "Sequence[str]") -> None:
    """Speak the language that the command line asks for, or else that of the system."""
    asked = re.search(OPTION + "[= ]([^ ]+)", " ".join(arguments))
    speak(fitting([asked.group(1)] if asked else of_system()))


class Told(str):
    """A text that remembers what has told it, and of what, so that `retold` can tell it again.

    Other methods of str than `format` return a text that remembers nothing, as do Qt's texts: a
    signal with a text to be kept is of ``object``. Arguments are texts and numbers, nothing large.
    """

    __slots__ = ("told_by",)
    told_by: "tuple[Callable[..., str], tuple[object, ...], dict[str, object]]"

    def __str__(self) -> str:
        return self  # so that the sentence of an error remembers it, too

    def format(self, *given: object, **named: object) -> str:
        """Return the text with its places filled; it remembers what fills them."""
        return _filled(self, *given, **named)


TELLERS: "dict[str, Callable[..., str]]" = {}
"""Each function that is `tellable`, by its name. Sessions have these names."""


def tellable(tell: "Callable[Given, str]") -> "Callable[Given, str]":
    """Let what ``tell`` returns be told again, from the same texts and numbers.

    A session of unknown origin may call ``tell`` with any of these, so it must do nothing else.
    """

    @wraps(tell)
    def telling(*given: "Given.args", **named: "Given.kwargs") -> str:
        told = Told(tell(*given, **named))
        told.told_by = telling, given, named
        return told

    TELLERS[tell.__name__.lstrip("_")] = telling
    return telling


def retold(text: str) -> str:
    """Return ``text`` in the language of now, as far as this program has told it."""
    if not isinstance(text, Told):
        return text
    tell, given, named = text.told_by
    return tell(*map(_again, given), **{name: _again(each) for name, each in named.items()})


def _again(given: object) -> object:
    return retold(given) if isinstance(given, str) else given


_filled = tellable(str.format)


@tellable
def tr(text: str) -> str:
    """Return ``text`` in the program's language."""
    return _catalogue.texts.get(text, text)


@tellable
def trc(context: str, text: str) -> str:
    """Return ``text`` as it is in ``context``, a few English words for translators.

    For words that mean two things in English, which have two names in other languages.
    """
    return _catalogue.texts.get(context + _BETWEEN + text, text)


@tellable
def trn(one: str, many: str, count: int) -> str:
    """Return the text for ``count`` things, whose place for the number is still to be filled.

    Parameters
    ----------
    one, many : str
        The English texts for 1 and for other counts. Both have the same places.
    count : int
        How many there are.
    """
    forms = _catalogue.plurals.get(one)
    if forms is None:
        return one if count == 1 else many
    return forms[min(_catalogue.form(count), len(forms) - 1)]


def listed(names: "Sequence[str]") -> str:
    """Return names as in ``a, b and c``; of a single one that itself."""
    return _joined(names, tr("{first} and {last}"))


def either(names: "Sequence[str]") -> str:
    """Return names as in ``a, b or c``; of a single one that itself."""
    return _joined(names, tr("{first} or {last}"))


def in_a_row(names: "Iterable[str]") -> str:
    """Return names as in ``a, b, c``, where more may follow, or a heading stands before them."""
    return _in_a_row(*names)


def clauses(parts: "Iterable[str]") -> str:
    """Return parts as in ``a, b; c``, where commas are not enough to tell them apart."""
    return _clauses(*parts)


@tellable
def in_lines(*texts: str) -> str:
    """Return texts below one another."""
    return "\n".join(texts)


@tellable
def first_sentence(paragraph: str) -> str:
    """Return the first sentence of ``paragraph``, with its full stop."""
    first, stop, _ = paragraph.partition("。" if _language in EAST_ASIAN else ". ")
    return first + stop.strip()


@tellable
def first_clause(sentence: str) -> str:
    """Return what stands before the first semicolon of ``sentence``, with its full stop."""
    clause, *more = sentence.split(_SEMICOLONS.get(_language, "; "), 1)
    return clause + sentence[-1] if more else clause


@tellable
def paragraph(*sentences: str) -> str:
    """Return sentences one after another, without those that are empty."""
    return ("" if _language in EAST_ASIAN else " ").join(filter(None, sentences))


@tellable
def _in_a_row(*names: str) -> str:
    return ("、" if _language in EAST_ASIAN else ", ").join(names)


@tellable
def _clauses(*parts: str) -> str:
    return _SEMICOLONS.get(_language, "; ").join(parts)


def _joined(names: "Sequence[str]", words: str) -> str:
    *first, last = names
    return words.format(first=in_a_row(first), last=last) if first else last


def fitting(wanted: "Sequence[str]") -> str:
    """Return the code of the first language of ``wanted`` that the program speaks, or of English.

    ``pt_PT.UTF-8``, ``pt-PT`` and ``pt`` all find ``pt_BR``: a relative is better than none.
    """
    for each in wanted:
        code = re.split("[.@]", each.replace("-", "_"))[0]
        for known in NAMES:
            if code == known or code.split("_")[0] == known.split("_")[0]:
                return known
    return ENGLISH


def of_system() -> "list[str]":
    """Return the languages that a person wants, the best first, as gettext finds them; often one.

    On Windows they are in the system's settings. On a Mac only Qt finds them, unless the terminal
    has told.
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            if value.split(".")[0] in ("C", "POSIX"):
                return [ENGLISH]
            return [*os.environ.get("LANGUAGE", "").split(":"), value]
    if sys.platform == "win32":
        import ctypes
        import locale

        number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return [locale.windows_locale.get(number, ENGLISH)]
    return []

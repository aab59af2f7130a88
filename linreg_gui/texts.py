"""Every sentence for the screen goes through ``tr``, and for the terminal through ``complain``.

``trn`` is for what counts things, and ``trc`` for a word that other languages have two words for.
What others wrote, such as the name of a column, goes through `cleaned` or `quoted`.
"""

import re
import sys

from linreg_gui import platforms
from linreg_gui.languages import (
    clauses,
    either,
    first_clause,
    first_sentence,
    in_a_row,
    in_lines,
    listed,
    paragraph,
    retold,
    tellable,
    tr,
    trc,
    trn,
)

__all__ = [
    "IDEOGRAPHS",
    "breakable",
    "clauses",
    "cleaned",
    "cleaned_lines",
    "complain",
    "either",
    "first_clause",
    "first_sentence",
    "foldable",
    "in_a_row",
    "in_lines",
    "in_quotes",
    "listed",
    "paragraph",
    "quoted",
    "reason_of",
    "retold",
    "shortened",
    "shortened_inside",
    "shortened_name",
    "spreadsheet_cell",
    "tellable",
    "tr",
    "trc",
    "trn",
    "without_marks",
]

_BREAK = "\N{ZERO WIDTH SPACE}"
IDEOGRAPHS = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
"""Chinese and Japanese letters and signs: a line can end after nearly each, and Qt knows where."""

_ENDLESS = re.compile(rf"[^\s{_BREAK}{IDEOGRAPHS}]{{25,}}")
_PLACE_TO_BREAK = re.compile(r"[\w.]{1,11}[_\-·/…](?=[\w(−-])|\w{12}(?=\w)")

_LONGEST_QUOTE = 60
_LONGEST_REASON = 160
_NO_MEMORY_FOR_MXNET = "Failed to allocate CPU Memory"

_MARK = r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PIECE = re.compile(f"(.{{12}})(?!{_MARK}|[\u200d\ufe0f]|$)")
_UNFIT = {
    re.compile(r"[\x00-\x1f\x7f-\x9f]"): " ",
    re.compile(
        "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
        "\U000e0000-\U000e007f]"
    ): "",
    re.compile(r"[\ud800-\udfff\ufffe\uffff]"): "\ufffd",
    re.compile(f"({_MARK}{{3}}){_MARK}+"): r"\1",
    re.compile(rf"^\s*(?={_MARK})"): "\u25cc",
}
"""What does not stay in its place on a line, and what stands for it."""

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)

_INVISIBLE = dict.fromkeys(map(ord, f"\u00ad\u2068\u2069{_BREAK}"))
_BEGINNINGS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def cleaned(text: str) -> str:
    """Return foreign text in one line that changes nothing around it.

    Foreign is what a file, a person or a library wrote. Every such text goes through this function,
    or through one that shortens, when it enters the program. Control characters become blanks,
    invisible ones and marks piled upon a letter go, and what is no character becomes �. Text with
    letters that are read from right to left is isolated from the sentence around it.
    """
    return _isolated(_in_one_line(text))


def cleaned_lines(text: str) -> str:
    """Return foreign text of several lines, each `cleaned` but for the blanks it begins with."""
    lines = []
    for line in text.expandtabs(4).splitlines():
        rest = line.lstrip(" ")
        lines.append(" " * (len(line) - len(rest)) + _in_one_line(rest))
    return "\n".join(lines).strip("\n")


@tellable
def shortened(text: str, most: int) -> str:
    """Return the text `cleaned`, without its end if it has more than ``most`` characters."""
    line = _in_one_line(text)
    return _isolated(line if len(line) <= most else f"{line[: most - 1].rstrip()}…")


def shortened_inside(text: str, most: int) -> str:
    """Return the text `cleaned`, without its middle if it has more than ``most`` characters.

    The end of a file's name says as much as its beginning.
    """
    line = _in_one_line(text)
    if len(line) > most:
        end = most // 2
        line = f"{line[: most - 1 - end].rstrip()}…{line[-end:].lstrip()}"
    return _isolated(line)


def in_quotes(words: str) -> str:
    """Return ``words`` in the quotation marks of the language, for where no sentence has them."""
    return tr("“{words}”").format(words=words)


def quoted(text: str) -> str:
    """Return foreign text for a sentence of ours: `cleaned`, and not longer than can be read."""
    return shortened_inside(text, _LONGEST_QUOTE)


def _in_one_line(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        for pattern, replacement in _UNFIT.items():
            text = pattern.sub(replacement, text)
    return " ".join(text.split())


def _isolated(line: str) -> str:
    return f"\u2068{line}\u2069" if _RIGHT_TO_LEFT.search(line) else line


def breakable(text: str) -> str:
    """Return the text with places where a line may end inside its long words.

    These are invisible, and come after punctuation or after a number of letters.
    """
    return _PLACE_TO_BREAK.sub(lambda piece: piece[0] + _BREAK, text)


def foldable(text: str) -> str:
    """Return the text with places where a line may end, in each word too long for any line."""
    return _ENDLESS.sub(lambda word: _PIECE.sub(rf"\1{_BREAK}", word[0]), text)


def shortened_name(name: str, most: int = 18) -> str:
    """Return the name of a column in at most ``most`` characters.

    A unit in parentheses at its end goes first, then the middle.
    """
    if len(name) > most:
        name = re.sub(r"\s*\([^()]*\)$", "", name) or name
    return shortened_inside(name, most) if len(name) > most else name


def without_marks(text: str) -> str:
    """Return the text for another program, without invisible marks of ours or of translators."""
    return text.translate(_INVISIBLE)


def spreadsheet_cell(words: str) -> str:
    """Return words for a cell that no spreadsheet runs as a formula: an apostrophe prevents it."""
    words = without_marks(words)
    return f"'{words}" if words.startswith(_BEGINNINGS_OF_FORMULAS) else words


def reason_of(error: BaseException) -> str:
    """Return the reason of ``error`` in one line, for use inside a sentence."""
    words = getattr(error, "strerror", None) or str(error)  # without a number and a file
    if isinstance(error, MemoryError) or _NO_MEMORY_FOR_MXNET in words:
        return tr("there is not enough memory for this many examples")
    return _reason_in(words) or type(error).__name__


@tellable
def _reason_in(words: str) -> str:
    lines = words.strip().split("\n")
    if lines[0].startswith("Traceback"):  # MXNet says first where, and then what
        lines = [*(line for line in lines[1:] if not line.startswith(" ")), ""]
    first_line = lines[0].removeprefix("MXNetError: ")
    return shortened(first_line, _LONGEST_REASON).rstrip(".")


def complain(sentence: str) -> None:
    """Print ``sentence`` in one line on stderr, after the program's name, if anybody listens.

    A program of Windows without a console shows it in a box.
    """
    line = _in_one_line(sentence)
    if sys.stderr is None:
        platforms.show_message(line)
    platforms.print_line(line)

"""The prose in our Markdown files, which goes through the catalogue line by line.

A paragraph is one line. Headings, paragraphs and items of lists are prose, and so are some lines of
our blocks. All else, such as settings and code, is the same in every language.
"""

import re
from collections.abc import Iterator

from linreg_gui import languages

_MARK = re.compile(r"#{1,6} +|\d+\. +|[-*>] +|")
_FENCE = re.compile(r"(`{3,})\s*(\S*)")
_NAMES_OF_PARTS = ("## Why", "## What differs, and why?")
"""Headings that a reader of the files looks for, and that nobody sees."""

_LINES = {
    "answer": re.compile("((?:option|wrong|why|unit|across|up|model): *)(.+)()"),
    "contrast": re.compile("((?:left|right) words: *)(.+)()"),
    "shows": re.compile("()(.+)( = .+)"),
    "teacher": re.compile("()(.+)()"),
}
"""The lines of a block that have prose: what stands before it, the prose, and what comes after."""


def translated(markdown: str) -> str:
    """Return one of our Markdown files in the language of the program."""
    if languages.language() == languages.ENGLISH:
        return markdown
    return "\n".join(
        before + (languages.tr(words) if words else "") + after
        for before, words, after in parts_of_lines(markdown)
    )


def parts_of_lines(markdown: str) -> Iterator[tuple[str, str, str]]:
    """Yield for each line what stands before its prose, the prose, and what comes after it."""
    fence = info = ""
    for line in markdown.split("\n"):
        opening = _FENCE.match(line)
        if fence:
            found = _LINES[info].fullmatch(line) if info in _LINES else None
            if line == fence:
                fence, found = "", None
            yield (found[1], found[2], found[3]) if found else (line, "", "")
        elif opening:
            fence, info = opening[1], opening[2]
            yield line, "", ""
        elif line in _NAMES_OF_PARTS:
            yield line, "", ""
        else:
            mark = _MARK.match(line)
            assert mark is not None
            yield mark[0], line[mark.end() :], ""

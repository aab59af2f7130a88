"""The predictions that were made and what became of them, as they are kept and summed up."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from linreg_gui.tellings import told_value, with_tellings
from linreg_gui.texts import clauses, quoted, retold, shortened, spreadsheet_cell, tr

MOST_ENTRIES = 200
"""The oldest go first."""

LONGEST_EXPLANATION = 500
_LONGEST = 160


@dataclass(frozen=True)
class Entry:
    """A prediction, and what became of it.

    Attributes
    ----------
    person : str
        Who made it; empty if no name was given.
    session : str
        When the program was started.
    about, said, happened : str
        What was predicted, the prediction, and what happened; the last is empty while unknown.
    is_right : bool or None
        Whether it was right; None while unknown.
    idea : str
        The wrong idea that is likely to be behind it; empty if none is known.
    explanation : str
        Why it came out this way, in the person's own words.
    """

    person: str
    session: str
    about: str
    said: str
    happened: str = ""
    is_right: bool | None = None
    idea: str = ""
    explanation: str = ""

    def cleaned(self) -> "Entry":
        """Return it with texts that are not longer than what is kept."""
        return Entry(
            person=quoted(self.person),
            session=_fit(self.session),
            about=_fit(self.about),
            said=_fit(self.said),
            happened=_fit(self.happened),
            is_right=self.is_right,
            idea=_fit(self.idea),
            explanation=_fit(self.explanation, LONGEST_EXPLANATION),
        )

    def retold(self) -> "Entry":
        """Return it in the language of now."""
        return replace(
            self,
            about=retold(self.about),
            said=retold(self.said),
            happened=retold(self.happened),
            idea=retold(self.idea),
        )


def _fit(text: str, most: int = _LONGEST) -> str:
    """Return the text as it is, so that it can be told again, unless it must be shortened."""
    short = shortened(text, most)
    return text if text == short else short


def verdict_words(is_right: bool | None) -> str:
    """Return a verdict in a word or two."""
    if is_right is None:
        return tr("open")
    return tr("right") if is_right else tr("not right")


def to_json(entries: Iterable[Entry]) -> str:
    """Return ``entries`` as `from_json` reads them."""
    return json.dumps(as_values(entries))


def from_json(text: str) -> list[Entry]:
    """Return the entries of ``text``; what is no entry is left out."""
    try:
        return read_entries(json.loads(text))
    except (ValueError, RecursionError):
        return []


def as_values(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return ``entries`` as plain data of JSON."""
    return [with_tellings(asdict(entry)) for entry in entries]


def read_entries(kept: Any) -> list[Entry]:
    """Return the entries of what `as_values` has returned; what is no entry is left out."""
    from linreg_gui.guide import question_bank  # noqa: F401, PLC0415 - tells its titles; seldom

    entries = []
    for each in kept if isinstance(kept, list) else []:
        if not isinstance(each, dict) or each.get("is_right", None) not in (True, False, None):
            continue
        names = [field.name for field in fields(Entry)]
        values = dict.fromkeys(names, "") | each
        texts = {name: told_value(values, name) for name in names}
        is_right = texts.pop("is_right")
        if all(isinstance(text, str) for text in texts.values()) and texts["about"]:
            known = is_right if isinstance(is_right, bool) else None
            entries.append(Entry(**texts, is_right=known).cleaned())
    return entries[-MOST_ENTRIES:]


def summary(entries: Sequence[Entry]) -> list[str]:
    """Return how often each person was right, and which ideas came up, in sentences."""
    if not entries:
        return [tr("Nothing has been predicted yet.")]
    sentences = []
    for person in dict.fromkeys(entry.person for entry in entries):
        own = [entry.is_right for entry in entries if entry.person == person]
        words = tr("{person}: {right} of {judged} right.")
        if None in own:
            words = tr("{person}: {right} of {judged} right, {open} still open.")
        sentences.append(
            words.format(
                person=person or tr("Without a name"),
                right=own.count(True),
                judged=len(own) - own.count(None),
                open=own.count(None),
            )
        )
    ideas = Counter(retold(entry.idea) for entry in entries if entry.idea)
    if ideas:
        listed = clauses(
            tr("“{idea}” ({count})").format(idea=idea, count=count)
            for idea, count in ideas.most_common()
        )
        sentences.append(tr("Wrong ideas: {ideas}.").format(ideas=listed))
    return sentences


def headings() -> list[str]:
    """Return the headings of `rows`."""
    return [
        tr("what"),
        tr("predicted"),
        tr("happened"),
        tr("verdict"),
        tr("idea"),
        tr("why"),
        tr("who"),
        tr("when"),
    ]


def rows(entries: Iterable[Entry]) -> list[list[str]]:
    """Return the cells of each entry, in the order of `headings`."""
    return [
        [
            entry.about,
            entry.said,
            entry.happened,
            verdict_words(entry.is_right),
            entry.idea,
            entry.explanation,
            entry.person,
            entry.session,
        ]
        for entry in map(Entry.retold, entries)
    ]


def as_text(entries: Sequence[Entry]) -> str:
    """Return the summary, and then a paragraph for each entry; no line looks like a formula."""
    lines = summary(entries)
    for cells in rows(entries):
        lines += ["", cells[0]]
        named = zip(headings()[1:], cells[1:], strict=True)
        lines += [
            tr("{name}: {words}").format(name=heading, words=cell)
            for heading, cell in named
            if cell
        ]
    return "\n".join(map(spreadsheet_cell, lines))


def as_csv(entries: Sequence[Entry]) -> str:
    """Return a table with commas, whose cells no spreadsheet takes for formulas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in (headings(), *rows(entries)):
        writer.writerow(map(spreadsheet_cell, row))
    return text.getvalue()

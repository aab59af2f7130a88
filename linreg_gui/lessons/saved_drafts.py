"""The draft of a lesson as plain data, so that a crash does not lose it.

All that is typed stays as it is, however unfinished. Settings that differ from those before are
saved as whole settings, with the names of those that count.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from linreg_gui.guide.run_prediction import Topic
from linreg_gui.guide.stops import Highlight
from linreg_gui.lessons.drafts import LessonDraft, PageDraft
from linreg_gui.lessons.markdown import waitable_settings
from linreg_gui.lessons.pages import WaitFor
from linreg_gui.sessions.fields import Fields
from linreg_gui.sessions.state import SavedDraft
from linreg_gui.settings import DEFAULTS, TrainingConfig

MOST_BYTES = 1_000_000
"""Of a draft as JSON; the settings of its pages come on top. No lesson has a tenth of it."""
_NO_TEXTS = ("highlight", "settings", "predicts", "controls", "changes", "waits")
_TEXTS = tuple(each.name for each in fields(PageDraft) if each.name not in _NO_TEXTS)
_SETTINGS = frozenset(each.name for each in fields(TrainingConfig))


def saved_draft(draft: LessonDraft) -> SavedDraft | None:
    """Return what `read_draft` makes a draft of again; None if it is larger than `MOST_BYTES`."""
    changes = [draft.settings, *(page.changes for page in draft.pages)]
    pages = [asdict(replace(page, changes={})) for page in draft.pages]
    head = {"title": draft.title, "summary": draft.summary, "minutes": draft.minutes}
    values = {**head, "pages": pages, "changes": [[*names] for names in changes]}
    if len(json.dumps(values, ensure_ascii=False).encode(errors="replace")) > MOST_BYTES:
        return None
    return SavedDraft(values, tuple(replace(DEFAULTS, **each) for each in changes))


def read_draft(saved: SavedDraft) -> LessonDraft:
    """Return the draft that was saved.

    Raises
    ------
    ValueError
        If it is none.
    """
    facts = Fields(saved.values)
    pages, names = facts.each_inside("pages"), facts.items("changes")
    if not len(names) == len(saved.settings) == len(pages) + 1:
        raise facts.wrong("changes")
    changes = [
        _chosen(Fields({"changes": each}).texts("changes"), config)
        for each, config in zip(names, saved.settings, strict=True)
    ]
    return LessonDraft(
        title=facts.text("title", MOST_BYTES),
        summary=facts.text("summary", MOST_BYTES),
        minutes=facts.text("minutes", MOST_BYTES),
        settings=changes[0],
        pages=[_read_page(*each) for each in zip(pages, changes[1:], strict=True)],
    )


def _chosen(names: tuple[str, ...], config: TrainingConfig) -> dict[str, Any]:
    if not _SETTINGS.issuperset(names):
        raise Fields({}).wrong("changes")
    return {name: getattr(config, name) for name in names}


def _read_page(facts: Fields, changes: Mapping[str, Any]) -> PageDraft:
    texts = {name: facts.text(name, MOST_BYTES) for name in _TEXTS}
    if texts["setting"] not in waitable_settings():
        raise facts.wrong("setting")
    return PageDraft(
        **texts,
        highlight=facts.optional("highlight", lambda name: facts.choice(name, Highlight)),
        settings=facts.texts("settings"),
        predicts=facts.choices("predicts", Topic),
        controls=facts.optional("controls", facts.texts),
        changes=changes,
        waits=facts.choice("waits", WaitFor),
    )

"""Makes a failure short: drops actions while the same fault is still seen."""

from collections.abc import Callable, Sequence

from tests.monkey.actions import Action

Fails = Callable[[Sequence[Action]], bool]
"""Plays the actions; returns whether the fault is seen."""

MOST_TRIES = 150


def shrunk(actions: Sequence[Action], fails: Fails) -> list[Action]:
    """Return fewer of ``actions`` with which it ``fails``, or all of them.

    First large pieces are dropped, then smaller ones, down to single actions.
    """
    kept, tries, size = list(actions), 0, len(actions) // 2
    while size and tries < MOST_TRIES:
        place, before = 0, len(kept)
        while place < len(kept) and tries < MOST_TRIES:
            shorter = kept[:place] + kept[place + size :]
            tries += 1
            if shorter and fails(shorter):
                kept = shorter
            else:
                place += size
        if size > 1 or len(kept) == before:
            size //= 2
    return kept

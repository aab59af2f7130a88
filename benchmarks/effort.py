"""How much measuring is done."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """Sizes of the measurements.

    Attributes
    ----------
    repeats : int
        How often each side of a comparison runs.
    start_repeats : int
        The same for starts of the program, which vary more and take less.
    warm_up, steps : int
        Steps of a training run before those that are measured, and those.
    clicks : int
        Clicks in one process.
    many_examples : int
        The largest dataset.
    many_steps : int
        What a long run has made when it is looked at.
    endless_steps : int
        What a history is filled with to show that it is bounded.
    train_there : bool
        Whether a long run is really trained; otherwise its history is filled.
    """

    repeats: int = 5
    start_repeats: int = 9
    warm_up: int = 500
    steps: int = 4500
    clicks: int = 40
    many_examples: int = 1_000_000
    many_steps: int = 1_000_000
    endless_steps: int = 20_000_000
    train_there: bool = False


QUICK = Effort(
    repeats=1,
    start_repeats=1,
    warm_up=100,
    steps=300,
    clicks=3,
    many_examples=20_000,
    many_steps=20_000,
    endless_steps=200_000,
)
"""Only to see that everything works: its figures say little."""

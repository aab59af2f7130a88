"""How much is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """Sizes of the measurements.

    Attributes
    ----------
    repeats : int
        How often each side of a comparison runs.
    start_repeats : int
        The same for starts of the program, which vary more and are shorter.
    warm_up, steps : int
        Steps of a training run before the measurement, and during it.
    clicks : int
        Clicks in one process.
    many_examples : int
        The largest dataset.
    many_steps : int
        Steps of a long run before the measurement.
    endless_steps : int
        Steps of a history, to show that its memory is bounded.
    train_there : bool
        Whether to really train a long run, and not only fill its history.
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
"""Only checks that everything works; its figures say little."""

"""The shuffling of `NDArrayIter`, from a state of its own, and in pieces."""

from typing import Any

import numpy as np
import numpy.typing as npt

_AT_ONCE = 2**18
"""Numbers that NumPy may shuffle in one call, which keeps the interpreter from the window."""

_PIECE = 2**12
"""Numbers that change places together, by measurement."""


class ShuffleState:
    """A copy of NumPy's global generator in its present state, to shuffle with.

    Inside of ``with`` this copy is the global generator. So other code that draws numbers neither
    changes the order of the shuffled examples, nor is changed by it.
    """

    def __init__(self, state: Any = None) -> None:
        self._start = np.random.get_bit_generator().state if state is None else state
        self._own = np.random.MT19937(_Unmixed())  # type: ignore[arg-type]  # its type is too narrow
        self._own.state = self._start  # type: ignore[assignment]  # its type is too wide

    def copy(self) -> "ShuffleState":
        """Return a new one that shuffles as this one did from the start."""
        return ShuffleState(self._start)

    def shuffle(self, numbers: npt.NDArray[np.int64]) -> None:
        """Do what `np.random.shuffle` does, in place. Other threads can run between its pieces."""
        generator = np.random.RandomState(self._own)
        left = len(numbers)
        scratch = np.empty(left if left > _AT_ONCE else 0, np.intp)
        while left > _AT_ONCE:
            partners = generator.randint(0, np.arange(left, left - _PIECE, -1), dtype=np.uint32)
            _swap_last(numbers[:left], partners, scratch)
            left -= _PIECE
        generator.shuffle(numbers[:left])

    def __enter__(self) -> None:
        self._shared = np.random.get_bit_generator()
        np.random.set_bit_generator(self._own)

    def __exit__(self, *_error: object) -> None:
        np.random.set_bit_generator(self._shared)
        del self._shared


class _Unmixed(np.random.bit_generator.ISeedSequence):
    """Seeds a generator whose state is set right after it. To mix a seed would take longer."""

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> npt.NDArray[Any]:
        return np.zeros(n_words, dtype)


def _swap_last(
    numbers: npt.NDArray[np.int64], partners: npt.NDArray[np.uint32], scratch: npt.NDArray[np.intp]
) -> None:
    """Swap the last number with its partner, then the one before it, and so on.

    Parameters
    ----------
    numbers : ndarray, shape (n,)
        Changed in place.
    partners : ndarray, shape (k,)
        The place to swap with, for the last number first. None is behind the number itself.
    scratch : ndarray, shape (n,) or longer
        Overwritten.
    """
    last, first = len(numbers) - 1, len(numbers) - len(partners)
    given = numbers[: first - 1 : -1].copy()  # what each swap puts at its partner's place
    for swap in np.flatnonzero(partners >= first).tolist():
        given[last - int(partners[swap])] = given[swap]
    taken = numbers[partners]  # what each swap finds there, unless another one was there before
    swaps = np.arange(len(partners))
    scratch[partners[::-1]] = swaps[::-1]  # of equal places, NumPy keeps the last
    former = scratch[partners]
    for swap in np.flatnonzero(former < swaps).tolist():
        place = partners[swap]
        taken[swap] = given[scratch[place]]
        scratch[place] = swap
    numbers[partners] = given
    numbers[first:] = taken[::-1]

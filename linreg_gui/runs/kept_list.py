"""What a person keeps, such as runs to compare: each with a color, and the last deleted one."""

from collections.abc import Iterable
from itertools import count
from typing import Protocol, TypeVar


class Kept(Protocol):
    """Something that is kept.

    Attributes
    ----------
    color_index : int
        The index of its color in the palette.
    """

    color_index: int


AnyKept = TypeVar("AnyKept", bound=Kept)


class KeptList(list[AnyKept]):
    """Things in the order in which they were kept.

    Parameters
    ----------
    kept : iterable
        The first ones.

    Attributes
    ----------
    deleted : Kept or None
        What `restore` brings back.
    """

    def __init__(self, kept: Iterable[AnyKept] = ()) -> None:
        super().__init__(kept)
        self.deleted: AnyKept | None = None
        self._place = 0

    def delete(self, kept: AnyKept) -> None:
        """Delete ``kept``; `restore` brings it back."""
        self._place, self.deleted = self.index(kept), kept
        self.remove(kept)

    def restore(self) -> None:
        """Bring back to its place what was deleted last, if anything was."""
        if self.deleted is not None:
            self.insert(self._place, self.deleted)
            self.deleted = None

    def free_color(self) -> int:
        """Return the first color that nothing has, not even what can be brought back."""
        known = self if self.deleted is None else [*self, self.deleted]
        taken = {kept.color_index for kept in known}
        return next(index for index in count() if index not in taken)

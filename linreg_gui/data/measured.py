"""Examples that somebody measured: the chosen columns of a table, as they were read."""

from dataclasses import dataclass

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.texts import tr


@dataclass(frozen=True)
class Skipped:
    """Rows that are not trained on, each counted with the first reason that holds.

    Attributes
    ----------
    total : int
        All rows below the header.
    too_long : int
        They have more cells than the table has columns.
    missing, infinite, too_large : int
        A chosen column has no number there, an infinite one, or one beyond single precision.
    """

    total: int
    too_long: int = 0
    missing: int = 0
    infinite: int = 0
    too_large: int = 0

    @property
    def rows(self) -> int:
        """Return how many there are."""
        return self.too_long + self.missing + self.infinite + self.too_large

    @property
    def sentence(self) -> str:
        """Return how many of how many and why; empty if there are none."""
        if not self.rows:
            return ""
        reasons = (
            (self.missing, tr("1 has no number"), tr("{count:,} have no number")),
            (self.infinite, tr("1 is not finite"), tr("{count:,} are not finite")),
            (
                self.too_large,
                tr("1 is too large for single precision"),
                tr("{count:,} are too large for single precision"),
            ),
            (
                self.too_long,
                tr("1 has more cells than there are columns"),
                tr("{count:,} have more cells than there are columns"),
            ),
        )
        return tr("{rows:,} of {total:,} rows skipped: {reasons}.").format(
            rows=self.rows,
            total=self.total,
            reasons=", ".join(
                (one if count == 1 else many).format(count=count)
                for count, one, many in reasons
                if count
            ),
        )


@dataclass(frozen=True, eq=False)
class Measured:
    """Measured examples. Equal only to itself, so that settings may hold it and be compared.

    Attributes
    ----------
    name : str
        Where they come from, in few words: a file's name.
    features : ndarray, shape (n, d), float64
    target : ndarray, shape (n,), float64
        Finite, and not too large for single precision; read-only, so that threads may share them.
    feature_names : tuple of str
        One name for each column of ``features``.
    target_name : str
        Name of the target.
    skipped : Skipped
        The rows of the table that are not among them.
    """

    name: str
    features: DoubleArray
    target: DoubleArray
    feature_names: tuple[str, ...]
    target_name: str
    skipped: Skipped

    def __post_init__(self) -> None:
        self.features.setflags(write=False)
        self.target.setflags(write=False)

    def __str__(self) -> str:
        return self.name

    @property
    def size(self) -> int:
        """Return the number of examples, n."""
        return len(self.target)

    @property
    def dimension(self) -> int:
        """Return the number of features, d."""
        return self.features.shape[1]

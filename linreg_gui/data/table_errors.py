"""What can go wrong when a table is read."""

from linreg_gui.texts import tr


class TableError(ValueError):
    """A table that cannot be used, with one sentence that says why and what to do."""


class WrongEncodingError(TableError):
    """Bytes that the chosen encoding does not know."""


class Cancelled(Exception):  # noqa: N818 - it is asked for, so nothing is wrong
    """Reading ended early because it was asked to."""


def damaged() -> str:
    """Return what to say of a file that cannot be unpacked."""
    return tr("The compressed file is damaged; copy it again, or unpack it first.")

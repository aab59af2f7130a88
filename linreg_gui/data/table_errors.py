"""What can go wrong when a table is read."""

from linreg_gui.texts import tr


class TableError(ValueError):
    """A table that cannot be used, with one sentence that says why and what to do."""


class WrongEncodingError(TableError):
    """Bytes that the chosen encoding does not know."""


class Cancelled(Exception):  # noqa: N818 - it is asked for, so nothing is wrong
    """Reading ended early because it was asked to."""


def not_a_table() -> str:
    """Return what to say of a file that is neither text nor a workbook."""
    return tr("This is not a table; open a CSV or text file, or an Excel workbook (.xlsx).")


def damaged() -> str:
    """Return what to say of a file that cannot be unpacked."""
    return tr("The compressed file is damaged; copy it again, or unpack it first.")

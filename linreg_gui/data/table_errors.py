"""What can go wrong when a table is read."""

import logging

from linreg_gui.texts import reason_of, tr

_logger = logging.getLogger(__name__)


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


def why_unusable(error: Exception) -> str:
    """Return what to say of an error that has come up while a table was read, whatever it is."""
    if isinstance(error, TableError):
        return str(error)
    _logger.debug("the table was of no use", exc_info=error)
    if isinstance(error, MemoryError):
        return tr("There is not enough memory for this table; take a part of it.")
    return tr("The table cannot be used: {reason}.").format(reason=reason_of(error))

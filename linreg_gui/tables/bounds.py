"""How much of a table is read. Each bound holds while it is read, not afterwards.

Ordinary tables stay far below: a million rows of fifty numbers, a sheet of Excel's full length.
What is above is no table, or needs more memory than there may be.
"""

from linreg_gui.number_text import whole
from linreg_gui.texts import tr

MOST_BYTES = 1_000_000_000
"""Of a file, or a sheet of a workbook, when it is unpacked: 50 million cells of 20 letters."""

MOST_SECONDS = 4
"""How long the processor may read without finding a number. It finds millions in that time."""

MOST_SECONDS_IN_ALL = 20
"""So long by the clock, where other programs keep the processor busy, if it has read for one."""

MOST_CELLS = 50_000_000
"""Of all rows, also of those that are left out. As numbers they take 400 MB."""

MOST_LINES = 50_000_000
"""Of a text, with blank ones."""

MOST_COLUMNS = 1000
"""More than anyone can choose from."""

MOST_LETTERS = 1_000_000
"""Of a line or a cell. A longer one is more likely a quote that is never closed."""

KEPT_LETTERS = 1000
"""Of a text in a cell of a workbook. The others are of no use, and the rows stay in memory."""

MOST_JSON_BYTES = 20_000_000
"""The values made of them take ten times as much memory."""

MOST_SMALL_BYTES = 200_000_000
"""Of the parts of a workbook beside its sheets, whose content is kept in memory."""

MOST_ROWS = 1_048_576
"""How many rows a sheet can have."""

MOST_SHEET_COLUMNS = 16_384
"""How many columns a sheet can have."""

MOST_SHEETS = 1000
"""Of a workbook: more than anyone can choose from."""

MOST_DIRECTORY_BYTES = 2_000_000
"""Of the list of files in a zip file, which is read at once. A workbook has some twenty files."""

MOST_DEPTH = 100
"""Of elements in elements of XML; a sheet has seven. The parser keeps the open ones."""

MOST_NAMES = 10_000
"""Different names in XML, which the parser keeps; a sheet has fifty."""


def too_many_bytes(most: int) -> str:
    """Return what to say of a table with more bytes."""
    sentence = tr("The table is too large: more than {most} MB unpacked; use only a part of it.")
    return sentence.format(most=whole(most // 1_000_000))


def too_many_cells(most: int) -> str:
    """Return what to say of a table with more cells."""
    sentence = tr("The table is too large: more than {most} cells; use only a part of it.")
    return sentence.format(most=whole(most))


def too_many_lines(most: int) -> str:
    """Return what to say of a text with more lines."""
    sentence = tr("The table is too large: more than {most} lines; use only a part of it.")
    return sentence.format(most=whole(most))


def too_many_columns(most: int) -> str:
    """Return what to say of a table with more columns."""
    sentence = tr("The table has more than {most} columns; use only a part of it.")
    return sentence.format(most=whole(most))


def too_many_sheets(most: int) -> str:
    """Return what to say of a workbook with more sheets."""
    sentence = tr("The workbook has more than {most} sheets; save one of them alone.")
    return sentence.format(most=whole(most))


def too_long_line(most: int) -> str:
    """Return what to say of a line with more letters."""
    sentence = tr("A line has more than {most} letters; this is not a table.")
    return sentence.format(most=whole(most))


def too_long_cell(most: int) -> str:
    """Return what to say of a cell with more letters."""
    sentence = tr("A cell has more than {most} letters; this is not a table.")
    return sentence.format(most=whole(most))

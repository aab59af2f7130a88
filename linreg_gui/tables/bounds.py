"""How much of a table is read. Each bound holds while it is read, not afterwards.

Ordinary tables stay far below: a million rows of fifty numbers, a sheet of Excel's full length.
What is above is no table, or needs more memory than there may be.
"""

MOST_BYTES = 2_000_000_000
"""Of a file, or a sheet of a workbook, when it is unpacked: 50 million cells of 40 letters."""

MOST_SMALL_BYTES = 200_000_000
"""Of the other parts of a workbook, whose content is kept in memory."""

MOST_SECONDS = 10
"""How long the processor may read without finding a number. It finds millions in that time."""

MOST_LETTERS = 1_000_000
"""Of a line or a cell. A longer one is more likely a quote that is never closed."""

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

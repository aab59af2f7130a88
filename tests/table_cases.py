"""Tables that are hard to read correctly, as spreadsheets write them."""

from pathlib import Path

import psutil

from linreg_gui.tables.reading import reading

BOM = b"\xef\xbb\xbftemp,sales\n10,52\n15,61\n20,74\n"
DUPLICATE_HEADERS = b"x,x,y\n1,10,2\n2,30,4\n3,20,6\n"
MISSING_VALUES = b"x,y\n1,2\n2,\n3,NA\n4,8\n,10\n6,?\n7,14\n"
NO_HEADER = b"1,2\n2,4\n3,6\n"
SEMICOLON = b"temp;sales\n10,5;52,1\n15,0;61,4\n20,25;73,9\n"
TEXT_COLUMN = b"name,x,y\nAnna,1,2\nBert,2,4\nCleo,3,6\n"

ONLY_ONE = "There is only one numeric column; two are needed, a feature and the target."


def is_left_open(path: Path, steps: int) -> bool:
    """Stop reading a table after some steps; return whether its file is still open."""
    started = reading(path)
    for _ in range(steps):
        next(started)
    started.close()
    return str(path.resolve()) in [file.path for file in psutil.Process().open_files()]

"""Arrays of numbers as parts of an archive, in NumPy's format ``.npy``: exact, and read by many.

Only plain numbers in rows are read, never Python objects.
"""

import io
import math
import re
from collections.abc import Generator, Iterator
from typing import Any

import numpy as np

from linreg_gui.data.dataset import FloatArray
from linreg_gui.data.single_precision import LARGEST
from linreg_gui.sessions.archive import PIECE, Archive, ArchiveWriter

FloatKind = np.dtype[np.floating[Any]]
SINGLE: FloatKind = np.dtype(np.float32)
DOUBLE: FloatKind = np.dtype(np.float64)

_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '<f([48])', 'fortran_order': False, "
    rb"'shape': \((\d{1,12}), ?(\d{0,12})\), \} *\n",
    re.DOTALL,
)


def writing_array(
    archive: ArchiveWriter, name: str, array: FloatArray
) -> Generator[None, None, None]:
    """Write an array of single or double precision, of one or two dimensions, piece by piece."""
    yield from archive.adding(name, _pieces(array))


def reading_array(
    archive: Archive, name: str, kind: FloatKind, shape: tuple[int, ...]
) -> Generator[None, None, FloatArray]:
    """Read an array of this type and shape piece by piece; return it.

    -1 as the last length stands for any. No number may be beyond single precision.

    Raises
    ------
    ArchiveError
        If it is another one, or damaged.
    """
    pieces = archive.reading(name)
    with archive.checking(name):
        first = next(pieces, b"")
        found = _HEADER.match(first)
        if found is None or int(found[1]) != kind.itemsize:
            raise archive.wrong(name)
        lengths = tuple(int(length) for length in found.groups()[1:] if length)
        size = math.prod(lengths) * kind.itemsize
        fits = len(lengths) == len(shape) and lengths[:-1] == shape[:-1]
        fits = fits and shape[-1] in {-1, lengths[-1]}
        if not fits or archive.parts[name] - found.end() != size:
            raise archive.wrong(name)
        content = np.empty(size, np.uint8)
        done = 0
        piece: bytes | None = first[found.end() :]
        while piece is not None:
            content[done : done + len(piece)] = np.frombuffer(piece, np.uint8)
            done += len(piece)
            yield
            piece = next(pieces, None)
        if done < size:
            raise archive.wrong(name)
        array = content.view(kind.newbyteorder("<")).astype(kind, copy=False)
        for start in range(0, array.size, PIECE):
            largest = np.abs(array[start : start + PIECE]).max()
            if not largest <= LARGEST:  # or no number at all
                raise archive.wrong(name)
            yield
        return array.reshape(lengths)


def _pieces(array: FloatArray) -> Iterator[bytes]:
    kind = array.dtype.newbyteorder("<")
    header = io.BytesIO()
    facts = {"descr": kind.str, "fortran_order": False, "shape": array.shape}
    np.lib.format.write_array_header_1_0(header, facts)  # type: ignore[no-untyped-call]
    yield header.getvalue()
    rows = array if array.ndim > 1 else array[np.newaxis]
    columns = PIECE // kind.itemsize
    together = max(columns // max(rows.shape[1], 1), 1)
    for first in range(0, len(rows), together):
        for left in range(0, rows.shape[1], columns):
            block = rows[first : first + together, left : left + columns]
            yield block.astype(kind, copy=False).tobytes()

"""Files that are zipped XML, like workbooks: unpacked and parsed piece by piece, within bounds."""

from collections.abc import Callable, Iterator, Mapping
from io import SEEK_END
from typing import IO, BinaryIO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED

from linreg_gui.tables.bounds import (
    MOST_DEPTH,
    MOST_DIRECTORY_BYTES,
    MOST_LETTERS,
    MOST_NAMES,
    too_long_cell,
    too_many_bytes,
)
from linreg_gui.tables.source import StoppedError, TableError
from linreg_gui.zipped import DAMAGED, open_zip

Attributes = Mapping[str, str]

_PIECE = 64 * 1024
_BROKEN = (*DAMAGED, expat.ExpatError)
"""What the modules that unpack a file raise if it is damaged."""


class DamagedError(ValueError):
    """The file is not what its beginning promises."""


class Package:
    """A zip file of parts in XML.

    Parameters
    ----------
    content : file object
        It has to stay open.
    check : callable
        It is called before each piece, and may raise an error to stop.

    Raises
    ------
    DamagedError, TableError
        If the file is damaged, or beyond a bound. Each method may raise them.
    """

    def __init__(self, content: BinaryIO, check: Callable[[], None]) -> None:
        self._check = check
        try:
            self._zip = open_zip(content, MOST_DIRECTORY_BYTES)
        except StoppedError:
            raise
        except _BROKEN as error:
            raise DamagedError from error
        # Some programs list their parts with other capitals, or with backslashes.
        self._parts = {_plain(part.filename): part for part in self._zip.infolist()}

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._parts

    def parse(self, name: str, reader: "XmlReader", most: int) -> Iterator[float]:
        """Parse a part of at most ``most`` bytes; yield which share is done after each piece."""
        part = self._parts.get(_plain(name))
        if part is None or part.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise DamagedError
        if part.file_size > most:  # more than that does not come out
            raise StoppedError(too_many_bytes(most))
        try:
            with self._zip.open(part) as content:
                yield from _parse(content, reader, part.file_size, self._check)
        except (TableError, DamagedError):
            raise
        except _BROKEN as error:
            raise DamagedError from error

    def read(self, name: str, reader: "XmlReader", most: int) -> None:
        """Parse a part of at most ``most`` bytes."""
        for _ in self.parse(name, reader, most):
            pass


class FlatPackage:
    """A file that is itself the only part; it has any name. See `Package`."""

    def __init__(self, content: BinaryIO, check: Callable[[], None]) -> None:
        self._content = content
        self._check = check
        self._size = content.seek(0, SEEK_END)

    def parse(self, _name: str, reader: "XmlReader", most: int) -> Iterator[float]:
        """Parse it, at most ``most`` bytes; yield which share is done after each piece."""
        if self._size > most:
            raise StoppedError(too_many_bytes(most))
        self._content.seek(0)
        try:
            yield from _parse(self._content, reader, self._size, self._check)
        except (TableError, DamagedError):
            raise
        except _BROKEN as error:
            raise DamagedError from error


def _parse(
    content: "IO[bytes]", reader: "XmlReader", size: int, check: Callable[[], None]
) -> Iterator[float]:
    done = 0
    while piece := content.read(_PIECE):
        check()
        reader.feed(piece)
        done += len(piece)
        yield done / size
    reader.feed(b"", is_last=True)


class XmlReader:
    """Passes on what it reads. Prefixes of names are left out.

    Parameters
    ----------
    starts : mapping
        What to call with the attributes when an element begins, by its name.
    ends : mapping
        What to call when an element ends.
    texts : mapping
        What to call with the text of an element. Inside there must be none of ``texts``.

    Attributes
    ----------
    depth : int
        How many elements are open, without one that ends just now.
    """

    def __init__(
        self,
        starts: Mapping[str, Callable[[Attributes], None]],
        ends: Mapping[str, Callable[[], None]] | None = None,
        texts: Mapping[str, Callable[[str], None]] | None = None,
    ) -> None:
        self._starts = starts
        self._ends = ends or {}
        self._texts = texts or {}
        self.depth = 0
        self._fed = 0
        self._pieces: list[str] = []
        self._letters = 0
        self._names: dict[str, str] = {}
        kept: dict[str, str] = {}
        self._kept = kept
        self._parser = expat.ParserCreate(intern=kept)
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse_entities
        self._parser.StartElementHandler = self._on_start
        self._parser.EndElementHandler = self._on_end

    def feed(self, piece: bytes, *, is_last: bool = False) -> None:
        """Read on."""
        self._parser.Parse(piece, is_last)
        self._fed += len(piece)
        if self._fed - self._parser.CurrentByteIndex > MOST_LETTERS:  # a tag that may never end
            raise StoppedError(too_long_cell(MOST_LETTERS))
        if len(self._kept) > MOST_NAMES:
            raise DamagedError

    def add_text(self, text: str) -> None:
        """Add to the text that is being read, for an element that stands for letters."""
        if self._parser.CharacterDataHandler:
            self._on_text(text)

    def _on_start(self, name: str, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise DamagedError
        name = self._names.get(name) or self._without_prefix(name)
        if name in self._texts:
            self._pieces.clear()
            self._letters = 0
            self._parser.CharacterDataHandler = self._on_text
        if handle := self._starts.get(name):
            handle(attributes)

    def _on_end(self, name: str) -> None:
        self.depth -= 1
        name = self._names[name]
        if take := self._texts.get(name):
            self._parser.CharacterDataHandler = None
            take("".join(self._pieces))
        elif handle := self._ends.get(name):
            handle()

    def _on_text(self, text: str) -> None:
        self._letters += len(text)
        if self._letters > MOST_LETTERS:
            raise StoppedError(too_long_cell(MOST_LETTERS))
        self._pieces.append(text)

    def _without_prefix(self, name: str) -> str:
        return self._names.setdefault(name, name.rpartition(":")[2])


def _plain(name: str) -> str:
    return name.replace("\\", "/").lower()


def _refuse_entities(*_: object) -> None:
    raise DamagedError  # a workbook has none, and they can stand for any amount of text

"""Decodes text whose encoding only its letters tell, while it is read."""

import codecs
import io
from typing import TYPE_CHECKING, BinaryIO

from linreg_gui.tables.encoding import find_encoding

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PIECE = 128 * 1024
_MOST_KEPT = 64 * 1024


class Letters:
    """The letters beyond ASCII in a text, and the encoding that they are in.

    Attributes
    ----------
    encoding : str
        Empty until one is given, or found at the first letter: text before it is the same in all
        of them. So no file is read twice, however late that letter comes.
    lines : bytes
        The first lines that have such letters, which tell encodings apart.
    """

    def __init__(self) -> None:
        self.encoding = ""
        self.lines = b""
        self._decoder: codecs.IncrementalDecoder | None = None

    def recoded(self, content: BinaryIO) -> BinaryIO:
        """Return the content in UTF-8, with U+FFFD for what is not valid in its encoding."""
        return io.BufferedReader(_Recoded(content, self), _PIECE)

    def decode(self, piece: bytes, content: BinaryIO) -> bytes:
        """Return a piece of the content in UTF-8; an empty one ends it."""
        is_ascii = piece.isascii()
        if self._decoder is None:
            if is_ascii and not self.encoding:
                return piece
            if not self.encoding:
                piece += content.read(_PIECE)  # a letter at the very end tells little
                self.encoding = find_encoding(piece)
            self._decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        if not is_ascii and len(self.lines) < _MOST_KEPT:
            beyond = [line for line in piece.splitlines() if not line.isascii()]
            self.lines += b"\n".join([*beyond, b""])[:_MOST_KEPT]
        return self._decoder.decode(piece, final=not piece).encode()


class _Recoded(io.RawIOBase):
    def __init__(self, content: BinaryIO, letters: Letters) -> None:
        super().__init__()
        self._content = content
        self._letters = letters
        self._rest = b""

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        room = memoryview(buffer).cast("B")
        is_over = False
        while not (self._rest or is_over):
            piece = self._content.read(_PIECE)
            is_over = not piece
            self._rest = self._letters.decode(piece, self._content)
        count = min(len(room), len(self._rest))
        room[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def readable(self) -> bool:
        return True

"""Which encoding a text is in, told from its beginning."""

import codecs
import re

from linreg_gui.data.table_errors import TableError, not_a_table
from linreg_gui.texts import tr

FALLBACK = "cp1252"
"""What is neither Unicode nor plain ASCII: Windows in western Europe, and so most of such files."""

_MARKED = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")
_WORDS = re.compile(rb"[A-Za-z\x80-\xff]{3,}")


def find_encoding(head: bytes) -> str:
    """Return the encoding: by byte order mark, by zero bytes, UTF-8 where it fits, a code page.

    Code pages cannot be told apart for certain. Words mostly of bytes above 127 are taken for
    Cyrillic (cp1251), all others for `FALLBACK`, and what has bytes unknown there for latin-1,
    which knows every byte; numbers are the same in any.
    """
    for mark, encoding in _MARKED:
        if head.startswith(mark):
            return encoding
    if zeros := head.count(0):
        if zeros * 3 > len(head):
            return "utf-16-le" if head[1::2].count(0) * 2 > zeros else "utf-16-be"
        return FALLBACK
    try:
        decode_head(head, "utf-8", errors="strict")
    except UnicodeDecodeError:
        return _find_code_page(head)
    return "utf-8"


def decode_head(head: bytes, encoding: str, *, errors: str = "replace") -> str:
    """Return the text of a beginning that may end within a character.

    Raises
    ------
    TableError
        If Python does not know the encoding.
    """
    try:
        decoder = codecs.getincrementaldecoder(encoding)(errors)
    except LookupError:
        raise TableError(
            tr("The encoding “{encoding}” is not known; choose another.").format(encoding=encoding)
        ) from None
    return decoder.decode(head)


def refuse_binary(text: str) -> None:
    """Raise `TableError` if the text is none: letters and digits need no control characters."""
    if len(_CONTROLS.findall(text)) * 100 > len(text):
        raise TableError(not_a_table())


def _find_code_page(head: bytes) -> str:
    words = b"".join(word for word in _WORDS.findall(head) if max(word) > 127)
    high = sum(byte >= 0xC0 for byte in words)
    page = "cp1251" if high * 2 > len(words) else FALLBACK
    try:
        decode_head(head, page, errors="strict")
    except UnicodeDecodeError:
        return "latin-1"
    return page

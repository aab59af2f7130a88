"""Whether files of a Python for Windows are those that the Python Software Foundation has signed.

Programs and libraries carry its signature. For the modules it has signed a catalog of checksums.
"""

import hashlib
import struct
import subprocess
import tempfile
from pathlib import Path

SIGNER = "O = Python Software Foundation"


class SignatureError(Exception):
    """Which file is not what was signed."""


def check_program(file: Path, released: int) -> None:
    """Check a program or library.

    Parameters
    ----------
    file : Path
        In the PE format, see Microsoft's "PE Format".
    released : int
        When it was, in seconds since 1970: the certificate must have been good then.

    Raises
    ------
    SignatureError
        If its signature is not good.
    """
    content = file.read_bytes()
    header = struct.unpack_from("<I", content, 0x3C)[0] + 24
    checksum, entry = header + 64, header + 112 + 4 * 8  # of 64-bit programs
    (start,) = struct.unpack_from("<I", content, entry)
    (size,) = struct.unpack_from("<I", content, start)
    signature = content[start + 8 : start + size]
    signed = content[:checksum] + content[checksum + 4 : entry] + content[entry + 8 : start]
    if hashlib.sha256(signed).digest() not in _verified(signature, file, released):
        raise SignatureError(f"{file.name} has been changed after it was signed")


def checked_catalog(file: Path, released: int) -> bytes:
    """Return a catalog of checksums, whose signature is good; see `check_program`."""
    return _verified(file.read_bytes(), file, released)


def is_in_catalog(file: Path, catalog: bytes) -> bool:
    """Return whether a catalog has the checksum of a file; of empty ones it needs none."""
    content = file.read_bytes()
    ends = (content, content.replace(b"\r\n", b"\n"))
    return not content or any(
        hashlib.new(kind, each).digest() in catalog for kind in ("sha1", "sha256") for each in ends
    )


def _verified(signature: bytes, file: Path, released: int) -> bytes:
    """Return what is signed, once OpenSSL has found the signature good."""
    content = _content(signature)
    with tempfile.TemporaryDirectory() as folder:
        signature_file, content_file, signer = (Path(folder, name) for name in ("s", "c", "who"))
        signature_file.write_bytes(signature)
        content_file.write_bytes(content)
        subprocess.run(
            [
                *("openssl", "smime", "-verify", "-inform", "DER", "-in", str(signature_file)),
                *("-content", str(content_file), "-CApath", "/etc/ssl/certs"),
                *("-attime", str(released), "-purpose", "any"),
                *("-signer", str(signer), "-out", "/dev/null"),
            ],
            stderr=subprocess.DEVNULL,
            check=False,
        )
        name = ["openssl", "x509", "-noout", "-subject", "-nameopt", "space_eq", "-in", str(signer)]
        who = subprocess.run(name, capture_output=True, text=True, check=False).stdout
    if SIGNER not in who:
        raise SignatureError(f"{file.name} has no good signature of the foundation")
    return content


def _content(signature: bytes) -> bytes:
    """Return what a signature in the format PKCS #7 signs: the inside of its second sequence."""
    at = _inside(signature, 0)  # the whole
    at = _inside(signature, _after(signature, at))  # after its type: what it has
    at = _inside(signature, at)  # the signed data
    at = _after(signature, _after(signature, at))  # after their version and kinds of checksums
    at = _inside(signature, at)
    at = _inside(signature, _after(signature, at))  # after the type of the content
    return signature[_inside(signature, at) : _after(signature, at)]


def _inside(data: bytes, at: int) -> int:
    """Return where the content of a DER element begins."""
    length = data[at + 1]
    return at + 2 + (length & 0x7F if length & 0x80 else 0)


def _after(data: bytes, at: int) -> int:
    """Return where the next DER element begins."""
    inside, length = _inside(data, at), data[at + 1]
    if length & 0x80:
        length = int.from_bytes(data[at + 2 : inside], "big")
    return inside + length

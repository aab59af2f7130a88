"""Damaged sessions: bytes, parts, and values of JSON. A seed decides everything."""

import io
import json
import random
import stat
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tests.fuzz.damage import damage, with_damaged_part

SESSIONS = sorted(Path(__file__).parents[1].joinpath("sessions", "files").glob("*.linreg"))

_ODD_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1, 2.5, -0.0, 1e308, 1e-320, 2**31, 2**53, 2**63, 10**400),
    *("", "NaN", "x" * 20_000, "\ud800", "=1+1", "../../etc/passwd"),
    *([], [[]], {}, {"": {}}, [1, "a"], [[1, 2], [3]], [1e300] * 3),
]
_ODD_NAMES = [
    *("../escaped", "/etc/passwd", "a/../../b", "a\\b", "C:evil", "run//run.json", "./x", "\n"),
    *("run", "x" * 5000, "data/1.json", "kept/99/run.json", "\u202egnp.exe"),
]


def damaged_session(seed: int) -> bytes:
    """Return the file that a seed makes."""
    chance = random.Random(seed)
    content = chance.choice(SESSIONS).read_bytes()
    ways = [_with_odd_value] * 5 + [_with_odd_part] + [with_damaged_part] * 2 + [damage] * 2
    return chance.choice(ways)(content, chance)


def parts_of(content: bytes) -> dict[str, bytes]:
    """Return the parts of a session."""
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    """Return a session with these parts."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def _with_odd_value(content: bytes, chance: random.Random) -> bytes:
    parts = parts_of(content)
    name = chance.choice(sorted(name for name in parts if name.endswith(".json")))
    values = json.loads(parts[name])
    for _ in range(chance.choice([1, 1, 1, 3])):
        _change(values, chance)
    text = json.dumps(values, ensure_ascii=chance.random() < 0.9)
    if chance.random() < 0.05:
        text = text.replace(":", ": " + "[" * 100_000, 1)
    return zipped(parts | {name: text.encode("utf-8", errors="surrogatepass")})


def _change(values: Any, chance: random.Random) -> None:
    """Change one value, however deep it is."""
    while True:
        places = list(values) if isinstance(values, dict) else list(range(len(values)))
        if not places:
            return
        place = chance.choice(places)
        inner = values[place]
        if isinstance(inner, dict | list) and chance.random() < 0.8:
            values = inner
        elif chance.random() < 0.2:
            del values[place]
            return
        else:
            values[place] = deepcopy(chance.choice(_ODD_VALUES))
            return


def _with_odd_part(content: bytes, chance: random.Random) -> bytes:
    parts = parts_of(content)
    changes: list[Callable[[], bytes]] = [
        lambda: zipped(parts | {chance.choice(_ODD_NAMES): b"x"}),
        lambda: zipped({name: part for name, part in parts.items() if chance.random() < 0.9}),
        lambda: zipped(dict(zip(parts, chance.sample([*parts.values()], len(parts)), strict=True))),
        lambda: zipped({f"inside/{name}": part for name, part in parts.items()}),
        lambda: _with_link(parts),
        lambda: zipped(parts | {"big.txt": bytes(2_000_000)}),
        lambda: zipped(parts | {f"{number}": b"" for number in range(3000)}),
    ]
    return chance.choice(changes)()


def _with_link(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO(zipped(parts))
    with ZipFile(file, "a") as archive:
        link = ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return file.getvalue()

"""MXNet whose calls fail on purpose."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

_CALL = re.compile(r"_LIB\.(MX(?:Imperative|Invoke|NDArray|Autograd|CachedOp)\w+)")


class FailingLibrary:
    """MXNet's own library, one call of which can be refused: of those that ``match``, if given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, match: str = "") -> None:
        self.calls, self.fatal = 0, 0
        import mxnet

        source = "".join(file.read_text() for file in Path(mxnet.__file__).parent.rglob("*.py"))
        for name in set(_CALL.findall(source)):
            is_wanted = match in name and "Free" not in name
            if is_wanted and hasattr(mxnet.base._LIB, name):
                call = getattr(mxnet.base._LIB, name)
                monkeypatch.setattr(mxnet.base._LIB, name, self._wrap(call))

    def _wrap(self, call: Callable[..., int]) -> Callable[..., int]:
        def counted(*arguments: Any) -> int:
            self.calls += 1
            return -1 if self.calls == self.fatal else call(*arguments)

        return counted

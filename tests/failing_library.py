"""MXNet whose calls fail on purpose."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

_CALL = re.compile(r"_LIB\.(MX(?:Imperative|Invoke|NDArray|Autograd|CachedOp)\w+)")


class FailingLibrary:
    """MXNet's own library, one call of which can be refused."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls, self.fatal = 0, 0
        import mxnet

        source = "".join(file.read_text() for file in Path(mxnet.__file__).parent.rglob("*.py"))
        for name in set(_CALL.findall(source)):
            if not re.search("Free|AutogradSet", name) and hasattr(mxnet.base._LIB, name):
                call = getattr(mxnet.base._LIB, name)
                monkeypatch.setattr(mxnet.base._LIB, name, self._wrap(call))

    def _wrap(self, call: Callable[..., int]) -> Callable[..., int]:
        def counted(*arguments: Any) -> int:
            self.calls += 1
            return -1 if self.calls == self.fatal else call(*arguments)

        return counted

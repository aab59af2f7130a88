"""The files that were opened or saved last, from one start to the next."""

import json
from pathlib import Path

from PySide6.QtCore import QSettings

_KEY = "recent"
_MOST = 8


class RecentFiles:
    """The files, the last one first. They are remembered in ``store``, if there is one."""

    def __init__(self, store: QSettings | None) -> None:
        self._store = store
        self._files: list[str] = []
        try:
            found = json.loads(str(store.value(_KEY))) if store is not None else []
        except ValueError:  # nothing is there, or it is damaged
            found = []
        if isinstance(found, list):
            self._files = [name for name in found if isinstance(name, str) and name][:_MOST]

    @property
    def files(self) -> list[Path]:
        """Return the files, whether they are still there or not."""
        return [Path(name) for name in self._files]

    def add(self, file: Path) -> None:
        """Put ``file`` first."""
        name = str(file.absolute())
        self._keep([name, *(each for each in self._files if each != name)][:_MOST])

    def remove(self, file: Path) -> None:
        """Forget ``file``."""
        self._keep([each for each in self._files if each != str(file.absolute())])

    def _keep(self, files: list[str]) -> None:
        self._files = files
        if self._store is not None:
            # Not in UTF-8: a name may be of another encoding.
            self._store.setValue(_KEY, json.dumps(files))

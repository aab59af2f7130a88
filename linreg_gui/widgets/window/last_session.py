"""What a person may go on with: the last files, and the newest session or what a crash has left."""

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from linreg_gui.files import stamp_of
from linreg_gui.look.words_of_qt import day_in_words
from linreg_gui.texts import quoted, tr

if TYPE_CHECKING:
    from linreg_gui.sessions.recovery import RecoveryFolder
    from linreg_gui.widgets.window.document import Document

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


class LastSession:
    """Knows the last session: of this process, of one that has ended, or that has crashed."""

    def __init__(self, document: "Document") -> None:
        self._document = document

    @property
    def _recovery(self) -> "RecoveryFolder | None":
        autosave = self._document.autosave
        return None if autosave is None else autosave.recovery

    def left_behind(self) -> Path | None:
        """Return what a crash has left and nobody has taken; None if there is nothing."""
        return None if self._recovery is None else self._recovery.left_behind()

    def put_by(self, file: Path) -> None:
        """Keep what a crash has left, but offer it only as the last session."""
        if self._recovery is not None:
            self._recovery.put_by(file)

    def has_kept(self, file: Path) -> bool:
        """Return whether a session that has ended has left ``file``, and no person has saved it."""
        recovery = self._recovery
        return recovery is not None and file in {recovery.last, recovery.left_behind()}

    def file(self) -> Path | None:
        """Return the last session: what a crash has left, or else the newest one."""
        files = self._document.recent.files
        files = files if self._recovery is None else [*files, self._recovery.last]
        stamps = {file: stamp for file in files if (stamp := stamp_of(file))}
        return self.left_behind() or max(stamps, key=lambda file: stamps[file], default=None)

    def words(self) -> str:
        """Say what `file` is; empty if there is none."""
        file = self.file()
        if file is None:
            return ""
        try:
            moment = dt.datetime.fromtimestamp(file.stat().st_mtime).astimezone()
        except OSError:  # it has gone meanwhile
            return ""
        if file == self.left_behind():
            words = tr("LinReg ended unexpectedly. This is how it was on {time}.")
        elif file in self._document.recent.files:
            words = tr("{file}, saved on {time}")
        else:
            words = tr("As it was on {time}")
        day, time = day_in_words(moment.date()), f"{moment:%H:%M}"
        when = tr("{day}, {time}").format(day=day, time=time)
        return words.format(file=quoted(file.name), time=when)

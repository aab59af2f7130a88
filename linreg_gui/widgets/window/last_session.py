"""What a person may go on with: what a crash has left, or the newest session."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from linreg_gui.files import stamp_of
from linreg_gui.look.words_of_qt import day_in_words
from linreg_gui.texts import quoted, tr

if TYPE_CHECKING:
    from linreg_gui.widgets.window.document import Document


class LastSession:
    """Knows the last session: of this process, of one that has ended, or that has crashed."""

    def __init__(self, document: "Document") -> None:
        self._document = document

    def left_behind(self) -> Path | None:
        """Return what a crash has left and nobody has taken; None if there is nothing."""
        return None if self._document.autosave is None else self._document.autosave.left_behind()

    def put_by(self, file: Path) -> None:
        """Keep what a crash has left, but offer it only as the last session."""
        if self._document.autosave is not None:
            self._document.autosave.put_by(file)

    def has_kept(self, file: Path) -> bool:
        """Return whether a session that has ended has left ``file``, and no person has saved it."""
        autosave = self._document.autosave
        return autosave is not None and file in {autosave.last, autosave.left_behind()}

    def file(self) -> Path | None:
        """Return the last session: what a crash has left, or else the newest one."""
        autosave, files = self._document.autosave, self._document.recent.files
        files = files if autosave is None else [*files, autosave.last]
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
        time = f"{day_in_words(moment.date())}, {moment:%H:%M}"
        return words.format(file=quoted(file.name), time=time)

"""Questions to a person: before what cannot be undone, and which file."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit, QMessageBox, QWidget

from linreg_gui.file_kinds import FileKind
from linreg_gui.look.scale import px
from linreg_gui.texts import quoted, tr

_MARGIN = 16


def ask(window: QWidget, sentence: str, *answers: str) -> int:
    """Ask ``sentence`` over ``window``; return the index of the answer.

    The first answer is the usual one. The last one changes nothing: it is that of Escape, too.
    """
    box = QMessageBox(window)
    box.setWindowTitle("LinReg")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(sentence)
    if (layout := box.layout()) is not None:
        layout.setContentsMargins(*[px(_MARGIN)] * 4)
    roles = [QMessageBox.ButtonRole.ActionRole] * len(answers)
    buttons = [box.addButton(words, role) for words, role in zip(answers, roles, strict=True)]
    box.setDefaultButton(buttons[0])
    box.setEscapeButton(buttons[-1])
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return buttons.index(clicked) if clicked in buttons else len(answers) - 1


def ask_for_text(window: QWidget, question: str, proposed: str = "") -> str | None:
    """Let a person type a line; return it without blanks around it, None if they gave up."""
    usual = QLineEdit.EchoMode.Normal
    text, is_given = QInputDialog.getText(window, "LinReg", question, usual, proposed)
    return text.strip() if is_given else None


def file_to_write(
    window: QWidget, title: str, proposed: Path, suffixes: Sequence[str]
) -> Path | None:
    """Let a person choose a file to write; return None if they gave up.

    A name without any of the ``suffixes`` gets the one that was chosen in the list. Nobody's file
    is replaced without a question.
    """
    filters = {_words_for(suffix) + f" (*{suffix})": suffix for suffix in suffixes}
    name, chosen = QFileDialog.getSaveFileName(
        window, title, str(_folder() / proposed), ";;".join(filters)
    )
    if not name:
        return None
    file = Path(name)
    if not file.name.lower().endswith(tuple(suffixes)):  # the dialog asked about another name
        file = file.with_name(file.name + filters.get(chosen, suffixes[0]))
        words = tr("{file} is already there.").format(file=quoted(file.name))
        if _is_there(file) and ask(window, words, tr("Replace it"), tr("Cancel")):
            return None
    _remember(file)
    return file


def file_to_read(window: QWidget, title: str, filters: Sequence[str]) -> Path | None:
    """Let a person choose a file; None if they gave up."""
    name, _ = QFileDialog.getOpenFileName(window, title, str(_folder()), ";;".join(filters))
    if not name:
        return None
    _remember(Path(name))
    return Path(name)


def all_files() -> str:
    """Return the filter that leaves nothing out."""
    return tr("All files") + " (*)"


_last_folder: list[Path] = []


def _folder() -> Path:
    """Return where a person has chosen a file last, or else where their documents are."""
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    return _last_folder[0] if _last_folder else Path(QStandardPaths.writableLocation(documents))


def _remember(file: Path) -> None:
    _last_folder[:] = [file.absolute().parent]


def _is_there(file: Path) -> bool:
    try:
        return file.exists()
    except OSError:  # as with a name that is too long: writing it will say so
        return False


def _words_for(suffix: str) -> str:
    own = {
        FileKind.SESSION.value: tr("Sessions"),
        FileKind.LESSON.value: tr("Lessons"),
        ".linreg-answers": tr("Answers"),
    }
    return own.get(suffix) or tr("{kind} files").format(kind=suffix[1:].upper())

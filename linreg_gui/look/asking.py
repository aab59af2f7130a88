"""A question to a person, before anything is done that cannot be undone."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask(window: QWidget, sentence: str, *answers: str) -> int:
    """Ask ``sentence`` over ``window``; return the index of the answer.

    The first answer is the usual one. The last one changes nothing: it is that of Escape, too.
    """
    box = QMessageBox(window)
    box.setWindowTitle("LinReg")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(sentence)
    roles = [QMessageBox.ButtonRole.ActionRole] * len(answers)
    buttons = [box.addButton(words, role) for words, role in zip(answers, roles, strict=True)]
    box.setDefaultButton(buttons[0])
    box.setEscapeButton(buttons[-1])
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return buttons.index(clicked) if clicked in buttons else len(answers) - 1

"""The form for one page of a lesson that a teacher writes."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from linreg_gui.guide.question_bank import bank_names, words_of
from linreg_gui.guide.questions import Kind
from linreg_gui.lessons.drafts import PageDraft
from linreg_gui.lessons.markdown import waitable_settings
from linreg_gui.lessons.pages import PANELS, STAGES, WaitFor
from linreg_gui.look.controls import area, fill, push_button, show_text, text_label
from linreg_gui.look.inputs import ChoiceBox, NameField
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import GRID, set_style_property
from linreg_gui.settings import CONTROLLED_WITH, setting_of, settings
from linreg_gui.texts import tr, trc
from linreg_gui.widgets.panels.registry import PANELS as ALL_PANELS

_TEXT_HEIGHT, _SHORT_HEIGHT, _LOW_HEIGHT = 168, 88, 64
_NUMBER_WIDTH = 88


class PageForm(QWidget):
    """Shows a `PageDraft` field by field, and changes it while a person types.

    Attributes
    ----------
    fields : dict of str to QWidget
        The field of each attribute of the draft that can be typed or chosen.
    controls : dict of str to QCheckBox
        The settings that students can change; `all_controls` is for all of them.

    Signals
    -------
    edited()
        The draft has changed.
    take_over()
        The picture and the settings of the window are wanted.
    """

    edited = Signal()
    take_over = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._page = PageDraft()
        self.fields: dict[str, QWidget] = {}
        self._column = fill(QVBoxLayout(self), spacing=6, margins=(12, GRID, 12, 12))
        self._labels = {name: setting_of(name).words().label for name, _ in settings()}
        self._add(tr("Heading"), self._line("title"))
        self._add(tr("Text, in Markdown"), self._lines("text", _TEXT_HEIGHT))
        self._add_picture()
        self._add_wait()
        self._add_question()
        self._add(tr("Students can change"), self._make_controls())
        panels = {"": tr("no panel")}
        panels |= {spec.name: spec.title() for spec in ALL_PANELS if spec.name in PANELS}
        self._add(tr("Offer to open the panel"), self._choice("panel", panels))
        self._add(tr("Note for the teacher"), self._lines("note", _SHORT_HEIGHT))
        self._column.addStretch()

    def _add_picture(self) -> None:
        self._add(tr("On the stage"), self._choice("stage", _stages()))
        self._changes = text_label("muted")
        takes = push_button(tr("Take picture and settings from the window"), self.take_over)
        for part in (self._changes, _row(takes, None)):
            self._column.addWidget(part)

    def _add_wait(self) -> None:
        waits = {
            WaitFor.NOTHING: tr("nothing"),
            WaitFor.RUN: tr("a run that has gone to its end"),
            WaitFor.PREDICTION: tr("a prediction of the run"),
            WaitFor.ANSWER: tr("the answer to its question"),
            WaitFor.SETTING: tr("a setting within a range"),
            WaitFor.DATA: tr("a table of their own"),
        }
        self._add(tr("Next waits for"), self._choice("waits", waits))
        names = {name: self._labels[name] for name in waitable_settings()}
        self._range = _row(
            self._choice("setting", names),
            self._number("low", trc("a range", "from")),
            text_label("", trc("a range", "to"), wraps=False),
            self._number("high", trc("a range", "to")),
            None,
        )
        self._column.addWidget(self._range)

    def _add_question(self) -> None:
        asks = {
            "": tr("no question"),
            str(Kind.CHOICE): tr("options to choose from"),
            str(Kind.NUMBER): tr("a number"),
            str(Kind.COUNT): tr("a whole number"),
            "words": tr("an answer in words"),
            "bank": tr("one of “Predict first”"),
        }
        self._add(tr("Question"), self._choice("asks", asks))
        self._options = self._lines("options", _SHORT_HEIGHT)
        self._options.setPlaceholderText(tr(
            "One option a line\n*The right one has a star\nA wrong one | and why it is wrong"
        ))  # fmt: skip
        named: dict[str, tuple[str, QWidget]] = {
            "options": (tr("Options"), self._options),
            "value": (tr("Right answer, how far off in %, and the unit"), _row(
                self._number("value", tr("Right answer")),
                self._number("tolerance", tr("How far off it may be, in percent")),
                self._line("unit"),
            )),
            "why": (tr("Reason, for who was wrong"), self._lines("why", _LOW_HEIGHT)),
            "model": (tr("A good answer, for the teacher"), self._lines("model", _LOW_HEIGHT)),
            "bank": (tr("Which one"), self._choice(
                "bank", {name: words_of(name) for name in bank_names()}
            )),
        }  # fmt: skip
        self._parts: dict[str, QWidget] = {}
        for name, (words, widget) in named.items():
            self.fields[name].setAccessibleName(words)
            self._parts[name] = area(fill(QVBoxLayout(), text_label("muted", words), widget,
                                          spacing=4))  # fmt: skip
            self._column.addWidget(self._parts[name])

    def show_page(self, page: PageDraft) -> None:
        """Show ``page``, and change it from now on."""
        self._page = page
        for name, widget in self.fields.items():
            value = getattr(page, name)
            if isinstance(widget, ChoiceBox):
                widget.set_value(value if value in widget.values else widget.values[0])
            elif isinstance(widget, QPlainTextEdit):
                if widget.toPlainText() != value:
                    widget.blockSignals(True)
                    widget.setPlainText(value)
                    widget.blockSignals(False)
            elif isinstance(widget, NameField) and widget.text() != value:
                widget.setText(value)
        self.all_controls.setChecked(page.controls is None)
        for name, box in self.controls.items():
            box.setChecked(page.controls is None or name in page.controls)
        self._show_parts()

    def type_heading(self) -> None:
        """Let a person type another heading at once."""
        heading = self.fields["title"]
        assert isinstance(heading, NameField)
        heading.setFocus()
        heading.selectAll()

    def show_changes(self, words: str) -> None:
        """Say which settings the page sets."""
        show_text(self._changes, words)

    def _show_parts(self) -> None:
        """Show the fields that the page has use for."""
        asks, page = self._page.asks, self._page
        is_judged = asks in {Kind.CHOICE, Kind.NUMBER, Kind.COUNT}
        shown = {
            "options": asks == Kind.CHOICE,
            "value": asks in {Kind.NUMBER, Kind.COUNT},
            "why": is_judged,
            "model": asks == "words",
            "bank": asks == "bank",
        }
        for name, part in self._parts.items():
            part.setVisible(shown[name])
        self._range.setVisible(page.waits is WaitFor.SETTING)
        for box in self.controls.values():
            box.setVisible(page.controls is not None)

    def _make_controls(self) -> QWidget:
        self.all_controls = QCheckBox(tr("All settings"))
        self.all_controls.clicked.connect(self._on_controls_clicked)
        self.controls = {
            name: QCheckBox(words)
            for name, words in self._labels.items()
            if name not in CONTROLLED_WITH
        }
        for box in self.controls.values():
            box.clicked.connect(self._on_controls_clicked)
        boxes = (self.all_controls, *self.controls.values())
        # Where texts above it wrap, Qt gives the last part of a column up to 2 px too little.
        return area(fill(QVBoxLayout(), *boxes, margins=(0, 0, 0, 8), spacing=4))

    @Slot()
    def _on_controls_clicked(self) -> None:
        is_all = self.all_controls.isChecked()
        was_all = self._page.controls is None
        if is_all:
            self._page.controls = None
        elif was_all:
            self._page.controls = ()
        else:
            chosen = (name for name, box in self.controls.items() if box.isChecked())
            self._page.controls = tuple(chosen)
        self.show_page(self._page)
        self.edited.emit()

    def _keep(self, name: str, value: Any) -> None:
        page = self._page
        setattr(page, name, value)
        if name == "asks":
            page.bank = page.bank or bank_names()[0]
            if value and page.waits is WaitFor.NOTHING:
                page.waits = WaitFor.ANSWER
            elif not value and page.waits is WaitFor.ANSWER:
                page.waits = WaitFor.NOTHING
            self.show_page(page)
        self._show_parts()
        self.edited.emit()

    def _line(self, name: str) -> NameField:
        field = NameField()
        field.textEdited.connect(partial(self._keep, name))
        self.fields[name] = field
        return field

    def _number(self, name: str, words: str) -> NameField:
        field = self._line(name)
        field.setAccessibleName(words)
        keep_scaled(field, setFixedWidth=_NUMBER_WIDTH)
        return field

    def _lines(self, name: str, height: int) -> QPlainTextEdit:
        field = _Text()
        field.textChanged.connect(lambda: self._keep(name, field.toPlainText()))
        keep_scaled(field, setFixedHeight=height)
        self.fields[name] = field
        return field

    def _choice(self, name: str, choices: Mapping[Any, str]) -> ChoiceBox:
        box = ChoiceBox(choices)
        box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.committed.connect(partial(self._keep, name))
        self.fields[name] = box
        return box

    def _add(self, words: str, field: QWidget) -> None:
        field.setAccessibleName(words)
        for part in (text_label("muted", words), field):
            self._column.addWidget(part)


class _Text(QPlainTextEdit):
    """Several lines. The Tab key leaves them."""

    def __init__(self) -> None:
        super().__init__()
        set_style_property(self, "framed", True)
        self.setTabChangesFocus(True)


def _row(*parts: QWidget | None) -> QWidget:
    return area(fill(QHBoxLayout(), *parts))


def _stages() -> dict[str, str]:
    """Return the words for each picture, and for each of its views, as a lesson has them."""
    pictures = {
        "data": tr("Data"),
        "loss": tr("Loss"),
        "parameters": tr("Parameters"),
        "residuals": tr("Residuals"),
        "landscape": tr("Landscape"),
    }
    views = {
        "raw": tr("raw"),
        "adjusted": tr("adjusted"),
        "predicted": tr("predicted"),
        "noise floor": tr("noise floor"),
        "prediction": tr("prediction"),
        "feature": tr("feature"),
        "order": tr("order"),
        "histogram": tr("histogram"),
        "normal": tr("normal"),
    }
    words = {"": tr("any picture")}
    for picture, of_it in STAGES.items():
        words[picture] = pictures[picture]
        words |= {
            f"{picture} {view}": tr("{title}: {words}").format(
                title=pictures[picture], words=views[view]
            )
            for view in of_it
        }
    return words

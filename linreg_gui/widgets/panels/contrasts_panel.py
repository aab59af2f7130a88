"""Pairs of runs to compare: cards to choose from, and the card of the pair on show."""

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from linreg_gui.guide.contrasts import Contrast
from linreg_gui.look.controls import area, fill, push_button, scroller, show_text, text_label
from linreg_gui.look.flow import flow
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import GRID, set_style_property
from linreg_gui.texts import tr
from linreg_gui.threads.contrasts import Contrasts
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.panels.stop_page import prose, rendered


class ContrastsPanel(QFrame):
    """Offers the contrasts, and asks what differs while one of them is on the stage.

    Attributes
    ----------
    entries : tuple of Entry
        What can be put side by side.
    page : Page
        The contrast on the stage.
    """

    def __init__(self, controller: TrainingController, contrasts: Contrasts) -> None:
        super().__init__()
        self.setObjectName("card")
        self._contrasts = contrasts
        self.entries = tuple(Entry(contrast, contrasts) for contrast in contrasts.all)
        self.page = Page(contrasts)
        lead = text_label(
            "muted",
            tr(
                "Two runs with the same seed that differ in one thing. Your own run stays as it is."
            ),
        )
        offers = fill(QVBoxLayout(), lead, *self.entries, None, margins=(16, 0, 16, 8))
        self._offers = area(offers)
        title = text_label("title", tr("Contrasts"))
        keep_scaled(title, setContentsMargins=(16, 12, 16, 0))
        body = scroller(area(fill(QVBoxLayout(), self._offers, self.page, None, spacing=0)))
        self._body = body
        fill(QVBoxLayout(self), title, body, margins=(1, 1, 1, 4), spacing=4, stretch=body)
        contrasts.changed.connect(self._show)
        controller.settings_changed.connect(self._show)
        controller.state_changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        """Show the card of the contrast on the stage, or what there is to choose."""
        shown = self._contrasts.shown
        changes = self._offers.isHidden() != (shown is not None)
        had_focus = self.isAncestorOf(self.focusWidget() or self)
        self._offers.setVisible(shown is None)
        self.page.setVisible(shown is not None)
        for entry in self.entries:
            entry.refresh()
        if shown is not None:
            self.page.show_contrast(shown)
        if changes:
            self._body.verticalScrollBar().setValue(0)
            if shown is not None and had_focus:
                self.page.close_button.setFocus(Qt.FocusReason.OtherFocusReason)


class Entry(QWidget):
    """A contrast to choose.

    Attributes
    ----------
    contrast : Contrast
        What is compared.
    button : QPushButton
        Puts it on the stage.
    """

    def __init__(self, contrast: Contrast, contrasts: Contrasts) -> None:
        super().__init__()
        self.contrast = contrast
        self._contrasts = contrasts
        self.button = push_button(tr("Show side by side"), partial(contrasts.show, contrast))
        self.button.setAccessibleDescription(f"{contrast.title}. {contrast.look}")
        self._obstacle = text_label("muted")
        fill(
            QVBoxLayout(self),
            text_label("group", contrast.title),
            text_label("fact", contrast.look),
            self._obstacle,
            flow(self.button),
            margins=(0, GRID, 0, GRID),
            spacing=4,
        )

    def refresh(self) -> None:
        """Say why it cannot be shown, if so."""
        obstacle = self._contrasts.obstacle(self.contrast)
        show_text(self._obstacle, obstacle)
        self.button.setEnabled(not obstacle)


class Page(QWidget):
    """The contrast on the stage: what to look for, and, once it is wanted, what differs and why.

    Attributes
    ----------
    close_button, answer_button : QPushButton
        Give the stage back to the run; show the answer.
    answer : QLabel
        What differs, and why.
    """

    def __init__(self, contrasts: Contrasts) -> None:
        super().__init__()
        self._contrasts = contrasts
        self._shown: Contrast | None = None
        self._title, self._look = text_label("group"), text_label("fact")
        self._note = text_label("muted")
        self.close_button: QPushButton = push_button(
            tr("Back to my run"), contrasts.close, tr("Give the stage back to the run (Esc)")
        )
        self.answer_button: QPushButton = push_button(
            tr("Show the answer"), self._show_answer, tr("First find an answer of your own")
        )
        set_style_property(self.answer_button, "primary", True)
        self.answer = prose("")
        fill(
            QVBoxLayout(self),
            self._title,
            self._look,
            self._note,
            flow(self.close_button),
            GRID,
            text_label("group", question_words()),
            flow(self.answer_button),
            self.answer,
            None,
            margins=(16, GRID, 16, GRID),
        )

    def show_contrast(self, contrast: Contrast) -> None:
        """Ask about ``contrast``; the answer is hidden at first."""
        if contrast is self._shown and not self.answer_button.isHidden():
            return
        self._title.setText(contrast.title)
        self._look.setText(contrast.look)
        posed = self._contrasts.posed
        show_text(self._note, "" if posed is None else posed.note)
        if contrast is not self._shown:
            self._shown = contrast
            self.answer.hide()
            self.answer_button.show()

    @Slot()
    def _show_answer(self) -> None:
        if self._shown is not None:
            self.answer.setText(rendered(self._shown.answer))
            self.answer.show()
            had_focus = self.answer_button.hasFocus()
            self.answer_button.hide()
            if had_focus:
                self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)


def question_words() -> str:
    """Return what is asked about every contrast."""
    return tr("What differs, and why?")

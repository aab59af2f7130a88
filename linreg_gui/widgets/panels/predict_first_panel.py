"""Predict first: the run on screen, questions with typical wrong answers, and a summary."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout

from linreg_gui.look.controls import fill, scroller, text_label
from linreg_gui.look.flow import flow
from linreg_gui.plots.title_row import Segments
from linreg_gui.texts import tr
from linreg_gui.widgets.panels.prediction_summary import PredictionSummary
from linreg_gui.widgets.panels.question_page import QuestionPage
from linreg_gui.widgets.panels.run_prediction_page import RunPredictionPage
from linreg_gui.widgets.session import Session

_NARROWEST = 320
_RUN, _QUESTIONS = 0, 1


class PredictFirstPanel(QFrame):
    """Lets a person predict before a run.

    Attributes
    ----------
    tabs : Segments
        Choose the page.
    run_page : RunPredictionPage
    question_page : QuestionPage
    summary_page : PredictionSummary
        The pages.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setMinimumWidth(_NARROWEST)  # words are broken into lines, so it need not be scaled
        self._model, self._questions = session.predict_first, session.predict_questions
        self.tabs = Segments([tr("This run"), tr("Questions"), tr("Summary")])
        self.run_page = RunPredictionPage(session)
        self.question_page = QuestionPage(self._questions)
        self.summary_page = PredictionSummary(self._model)
        self._pages = QStackedWidget()
        self._scrollers = [
            scroller(page) for page in (self.run_page, self.question_page, self.summary_page)
        ]
        for page in self._scrollers:
            self._pages.addWidget(page)
        self.question_page.result_shown.connect(self._scrollers[_QUESTIONS].ensureWidgetVisible)
        self.tabs.group.idClicked.connect(self.show_page)
        title = text_label("title", tr("Predict first"), wraps=False)
        head = fill(QVBoxLayout(), flow(title, self.tabs), margins=(16, 10, 8, 0))
        fill(
            QVBoxLayout(self), head, self._pages, margins=(1, 1, 1, 4), spacing=4,
            stretch=self._pages,
        )  # fmt: skip

    @Slot(int)
    def show_page(self, index: int) -> None:
        """Show one of the pages."""
        self.tabs.choose(index)
        self._pages.setCurrentIndex(index)
        if index != _QUESTIONS:
            self._questions.leave()
        self._watch()

    def _watch(self, *, shown: bool = True) -> None:
        """Let the pictures show the prediction of the run only beside its page."""
        self._model.watch(self, wanted=shown and self._pages.currentIndex() == _RUN)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to predict."""
        super().showEvent(event)
        if not event.spontaneous():
            self._watch()

    def hideEvent(self, event: QHideEvent) -> None:
        """Predict no longer."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._watch(shown=False)

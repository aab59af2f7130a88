"""The questions to predict before a run: which is asked, what was said, and what the runs gave."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from linreg_gui.data.dataset import Dataset
from linreg_gui.guide.prediction_log import Entry
from linreg_gui.guide.question_bank import BankQuestion, read_bank, words_of
from linreg_gui.guide.questions import Verdict
from linreg_gui.guide.run_facts import RunFacts, facts_of
from linreg_gui.number_text import joined
from linreg_gui.runs.states import Action, RunState
from linreg_gui.settings import TrainingConfig, setting_words
from linreg_gui.texts import retold, tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Channel
from linreg_gui.threads.predict_first import PredictFirst


class PredictQuestions(QObject):
    """Asks questions, runs what answers them, and puts the settings back. Lives in the GUI thread.

    Once a person opens other data, the settings are their own again, and stay.

    The window makes the first run of a question, for everyone to see. All of its runs are made
    with the instant engine at the same time, and decide. Raises ``ValueError`` as `read_bank` does.

    Attributes
    ----------
    bank : tuple of BankQuestion
        All questions.
    question : BankQuestion or None
        The one that is asked.
    said : int or None
        The locked option, from 1; None before.
    verdict : Verdict or None
        How it compares with what happened; None before.
    evidence : list of str
        The numbers that the runs gave.
    complaint : str
        Why the runs failed; empty if they did not.
    is_running : bool
        Whether the runs are being made.
    results : dict of str to bool
        Whether each question was answered rightly, by its name.

    Signals
    -------
    changed()
        Any of these has changed.
    """

    changed = Signal()

    def __init__(
        self,
        controller: TrainingController,
        predict_first: PredictFirst,
        parent: QObject | None = None,
    ) -> None:
        bank = read_bank()  # first: without readable questions there is nothing to ask
        super().__init__(parent)
        self.bank = bank
        self.question: BankQuestion | None = None
        self.said: int | None = None
        self.verdict: Verdict | None = None
        self.evidence: list[str] = []
        self.complaint = ""
        self.is_running = False
        self.results: dict[str, bool] = {}
        self._controller = controller
        self._predict_first = predict_first
        self._saved: TrainingConfig | None = None
        self._data: Dataset | None = None
        self._entry: Entry | None = None
        self._happened: int | None = None
        self._values: list[Any] = []
        controller.settings_changed.connect(self._on_settings_changed)

    def retell(self) -> None:
        """Have the questions, and what was said of an answer, in the language of now."""
        self.bank = read_bank()
        if self.question is not None:
            self.question = self.named(self.question.name)
            self._judge(self.question)
        self.complaint = retold(self.complaint)
        self.changed.emit()

    def named(self, name: str) -> BankQuestion:
        """Return the question with this name."""
        return next(each for each in self.bank if each.name == name)

    @property
    def can_run(self) -> bool:
        """Return whether the runs can be made: an option is locked, and MXNet is there."""
        loaded = self._controller.state not in {RunState.LOADING, RunState.UNAVAILABLE}
        return self.said is not None and self.verdict is None and loaded and not self.is_running

    @property
    def has_changed_settings(self) -> bool:
        """Return whether the settings are those of a question, and will be put back."""
        return self._saved is not None

    @property
    def settings_before(self) -> TrainingConfig | None:
        """Return the settings that will be put back; None if there is nothing to put back."""
        return self._saved

    @property
    def hides_answers(self) -> bool:
        """Return whether the window should hide what would give the answer away."""
        return self.question is not None and self.verdict is None and not self.is_running

    @property
    def settings_words(self) -> list[str]:
        """Return for each run of the question how its settings differ from the lesson's."""
        if self.question is None:
            return []
        configs = self.question.configs(self._controller.settings)
        return [
            joined(words for name, words in setting_words(config).items() if name in values)
            or tr("the lesson's settings")
            for config, values in zip(configs.values(), self.question.runs.values(), strict=True)
        ]

    def ask(self, index: int | None) -> None:
        """Ask question ``index``, or none."""
        self._drop()
        self.question = None if index is None else self.bank[index]
        self.changed.emit()

    def lock(self, option: int) -> None:
        """Choose an option. This cannot be changed."""
        if self.question is not None and self.said is None and self.question.question.fits(option):
            self.said = option
            self.changed.emit()

    def run(self) -> None:
        """Make the runs: the first one in the window too, with the settings of the question."""
        question, controller = self.question, self._controller
        if question is None or not self.can_run:
            return
        self._saved = self._saved or controller.settings
        configs = question.configs(self._saved)
        self._apply(next(iter(configs.values())))
        if controller.allows(Action.RUN):
            controller.start()
        self.is_running, self.complaint = True, ""
        job = controller.background.start(Channel.QUESTION, facts_of(configs))
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        self.changed.emit()

    def leave(self) -> None:
        """Put the settings back."""
        self._drop()
        self.question = None
        self.changed.emit()

    def end(self) -> None:
        """Leave the question, and put nothing back: a session is there that knows none of it."""
        self._saved = None
        self.leave()

    def put_back(self) -> None:
        """Give the window the settings back that it had before the question."""
        if self._saved is not None:
            saved, self._saved = self._saved, None
            self._apply(saved)
            self.changed.emit()

    def explain(self, text: str) -> None:
        """Keep why it came out this way, in the person's own words."""
        if self._entry is not None:
            self._entry = self._predict_first.explain_entry(self._entry, text)

    def _apply(self, config: TrainingConfig) -> None:
        values = {field.name: getattr(config, field.name) for field in fields(config)}
        self._data = values.pop("data")
        self._controller.use_data(self._data, **values)

    def _drop(self) -> None:
        """Drop what is known of the present question."""
        self._controller.background.cancel(Channel.QUESTION)
        self.is_running = False
        self.said, self.verdict, self.evidence, self.complaint = None, None, [], ""
        self._entry = self._happened = None
        self.put_back()

    @Slot()
    def _on_settings_changed(self) -> None:
        """Put nothing back over data that a person has opened meanwhile."""
        if self._saved is not None and self._controller.settings.data is not self._data:
            self._saved = None
            self.changed.emit()

    @Slot(object)
    def _on_finished(self, facts: Mapping[str, RunFacts]) -> None:
        self.is_running = False
        question, said = self.question, self.said
        assert question is not None
        assert said is not None
        self._happened, self._values = question.answer(facts), question.values(facts)
        is_right = self._judge(question)
        self.results[question.name] = is_right
        self._entry = self._predict_first.add(
            Entry(
                person="",
                session="",
                about=words_of(question.name),
                said=words_of(question.name, said),
                happened=words_of(question.name, self._happened),
                is_right=is_right,
                idea="" if is_right else words_of(question.name, said),
            )
        )
        self.changed.emit()

    def _judge(self, question: BankQuestion) -> bool:
        """Say how the answer compares with what happened, once that is known."""
        if self.said is None or self._happened is None:
            return False
        self.evidence = question.evidence(self._values)
        self.verdict = question.question.judge(float(self.said), float(self._happened))
        return self.verdict.is_right is True

    @Slot(object)
    def _on_failed(self, sentence: str) -> None:
        self.is_running, self.complaint = False, sentence
        self.changed.emit()

"""Predict first: what a person expects of the run on screen, locked, and then compared."""

import datetime as dt
from dataclasses import replace
from enum import Enum, auto
from typing import Any

from PySide6.QtCore import QObject, QSettings, Signal, Slot

from linreg_gui.guide.prediction_log import MOST_ENTRIES, Entry, from_json, to_json
from linreg_gui.guide.questions import Verdict
from linreg_gui.guide.run_facts import RunFacts
from linreg_gui.guide.run_prediction import (
    DrawnPrediction,
    RunPrediction,
    Topic,
    happened_words,
    said_words,
    topic_words,
)
from linreg_gui.guide.run_verdicts import judge
from linreg_gui.number_text import round_to
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.sessions.state import SavedPredictions
from linreg_gui.settings import TrainingConfig, setting_words, value_words
from linreg_gui.texts import clauses, quoted, tr
from linreg_gui.threads.controller import TrainingController

_LOG_KEY, _PERSON_KEY = "predict-first/log", "predict-first/person"
_LEVEL = 0.01
_ENDED = frozenset({RunState.COMPLETED, RunState.STOPPED, RunState.DIVERGED})


class Phase(Enum):
    """Where a prediction stands."""

    WAITING = auto()
    """The run on screen has begun, so it can no longer be predicted."""
    MAKING = auto()
    LOCKED = auto()
    RUNNING = auto()
    JUDGED = auto()


class PredictFirst(QObject):
    """Owns the prediction of the run on screen, and the log of all predictions. GUI thread.

    A prediction is made before the first step, for the settings that the run has. Once it is
    locked it cannot be changed, and the run that follows decides. Another engine takes the same
    steps, and another seed is only told; with any other settings it is not judged. The log is kept
    in ``store``, but for what a session has brought that somebody else has saved.

    Attributes
    ----------
    prediction : RunPrediction
        What is predicted.
    verdicts : dict of Topic to Verdict
        How it compares with what happened; empty before.
    facts : RunFacts or None
        What happened.
    person : str
        Who predicts; empty if no name is given.
    entries : list of Entry
        The log, the newest last.
    asked : tuple of Topic
        What a person is asked to predict.
    is_sketching : bool
        Whether the mouse draws the loss in its picture.

    Signals
    -------
    changed()
        Any of these has changed, or what is asked about.
    """

    changed = Signal()

    def __init__(
        self,
        controller: TrainingController,
        store: QSettings | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.prediction = RunPrediction()
        self.verdicts: dict[Topic, Verdict] = {}
        self.facts: RunFacts | None = None
        self.asked = tuple(Topic)
        self.is_sketching = False
        self._controller = controller
        self._store = store
        self._locked: TrainingConfig | None = None
        self._is_lost = False
        self._own_entries: dict[Topic, Entry] = {}
        self._opened: set[Entry] = set()
        self._foreign: set[Entry] = set()
        self._of_others: set[Entry] = set()
        self._forgotten: list[Entry] = []
        self._watchers: set[object] = set()
        self._leaving: set[object] = set()
        self._is_held = False
        self._names: tuple[str, ...] = ()
        self._session = dt.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
        self.person = quoted(str(store.value(_PERSON_KEY) or "")) if store else ""
        self.entries = from_json(str(store.value(_LOG_KEY))) if store else []
        controller.state_changed.connect(self._follow)
        controller.run_prepared.connect(self._follow)
        controller.settings_changed.connect(self.changed)
        self._begin()

    @property
    def phase(self) -> Phase:
        """Return where the prediction stands."""
        is_ready = self._controller.state is RunState.READY
        if self._locked is None:
            return Phase.MAKING if is_ready and self.run is not None else Phase.WAITING
        if self.verdicts:
            return Phase.JUDGED
        return Phase.LOCKED if is_ready else Phase.RUNNING

    @property
    def entries_now(self) -> list[Entry]:
        """Return the entries of this session: made in it, or opened with it."""
        return [
            entry
            for entry in self.entries
            if entry in self._opened
            or (entry.session == self._session and entry not in self._of_others)
        ]

    @property
    def run(self) -> Run | None:
        """Return the run that is predicted; None while it is not there, or not yet followed."""
        run = self._controller.current_run
        return None if run is None or run.parameter_names() != self._names else run

    @property
    def is_locked(self) -> bool:
        """Return whether there is a prediction that cannot be changed any more."""
        return self._locked is not None

    @property
    def hides_answers(self) -> bool:
        """Return whether the window should hide what would give the answers away."""
        phase = self.phase
        return phase is Phase.LOCKED or (phase is Phase.MAKING and bool(self._watchers))

    @property
    def drawn(self) -> DrawnPrediction | None:
        """Return what the pictures should draw; None for nothing."""
        phase = self.phase
        if phase is Phase.WAITING or (phase is Phase.MAKING and not self._watchers):
            return None
        if self.run is None and self._controller.current_run is not None:
            return None  # its parameter may not be one of that run
        is_open = phase is Phase.MAKING
        return DrawnPrediction(self.prediction, is_open, is_open and self.is_sketching, self.facts)

    @property
    def is_restorable(self) -> bool:
        """Return whether the log was forgotten just now, and can be brought back."""
        return bool(self._forgotten)

    @property
    def mismatch(self) -> str:
        """Say which settings are no longer those that were predicted for; empty if all are."""
        if self._locked is None:
            return ""
        configs = self._settings, self._locked
        now, locked = (each.with_defaults("engine", "seed") for each in configs)
        former = setting_words(locked)
        changed = []
        for name, words in setting_words(now).items():
            if name not in former:
                changed.append(words)
            elif words != former[name]:
                value = value_words(getattr(locked, name))
                changed.append(tr("{setting} (was {value})").format(setting=words, value=value))
        return clauses(changed)

    @property
    def note(self) -> str:
        """Say that the seed or the data are not those that were predicted for; else empty."""
        if self._is_lost:
            return tr("This is other data: the prediction that you had locked does not count.")
        if self._locked is None or self._settings.seed == self._locked.seed:
            return ""
        words = tr("This run has seed {seed}; you predicted with seed {other}.")
        return words.format(seed=self._settings.seed, other=self._locked.seed)

    @property
    def _settings(self) -> TrainingConfig:
        """Return the settings of the run on screen, or of the one that is about to be prepared."""
        controller = self._controller
        is_ready = controller.state in {RunState.READY, RunState.LOADING}
        return controller.settings if is_ready else controller.applied_settings

    def ask(self, *topics: Topic) -> None:
        """Ask for these from now on."""
        self.asked = topics
        self.changed.emit()

    def watch(self, who: object, *, wanted: bool) -> None:
        """Show what is being predicted, and hide the answers, while anybody wants it."""
        if wanted:
            self._watchers.add(who)
        (self._leaving.discard if wanted else self._leaving.add)(who)
        self._let_go()

    def hold(self, *, held: bool) -> None:
        """Let nobody who watches leave for now: panels are only closed for full screen."""
        self._is_held = held
        self._let_go()

    def _let_go(self) -> None:
        if not self._is_held:
            self._watchers -= self._leaving
            self._leaving.clear()
        if not self._watchers:
            self.is_sketching = False
        self.changed.emit()

    def change(self, **values: Any) -> None:
        """Change the fields of the prediction with these names, as long as it is not locked."""
        if self.phase is Phase.MAKING:
            self.prediction = replace(self.prediction, **values)
            self.changed.emit()

    def set_sketching(self, *, sketching: bool) -> None:
        """Let the mouse draw the loss in its picture, or no longer."""
        if sketching != self.is_sketching:
            self.is_sketching = sketching
            self.changed.emit()

    def lock(self) -> None:
        """Lock the prediction; raise ``ValueError`` with a sentence if there is none."""
        run = self.run
        if self.phase is not Phase.MAKING or run is None:
            return
        if not self.prediction.topics:
            raise ValueError(tr("Predict at least one of these first."))
        if self.prediction.step is not None:
            start = run.problem.training.loss(run.history.start)
            if self.prediction.level >= start:
                raise ValueError(
                    tr("The loss is below that level from the start; choose a lower level.")
                )
        self._locked, self._is_lost = self._controller.settings, False
        self.is_sketching = False
        self.changed.emit()

    def again(self) -> None:
        """Drop the prediction, and make a new one for a run that has not begun."""
        self._begin()
        if self._controller.state is not RunState.READY:
            self._controller.reset()
        self.changed.emit()

    def explain(self, text: str) -> None:
        """Keep why it came out this way, in the person's own words."""
        for topic, entry in self._own_entries.items():
            self._own_entries[topic] = self.explain_entry(entry, text)

    def explain_entry(self, entry: Entry, text: str) -> Entry:
        """Keep why the prediction of ``entry`` came out this way; return the entry with it."""
        return self._replace(entry, replace(entry, explanation=text))

    def retell(self) -> None:
        """Have the verdicts in the language of now."""
        self.verdicts = {topic: each.retold() for topic, each in self.verdicts.items()}

    def set_person(self, name: str) -> None:
        """Say who predicts from now on."""
        self.person = quoted(name)
        if self._store is not None:
            self._store.setValue(_PERSON_KEY, self.person)
        self.changed.emit()

    def add(self, entry: Entry) -> Entry:
        """Add an entry of this person and session to the log; return it as it is kept."""
        self._forgotten = []
        kept = replace(entry, person=self.person, session=self._session).cleaned()
        self.entries.append(kept)
        del self.entries[:-MOST_ENTRIES]
        self._keep()
        return kept

    def _replace(self, former: Entry, entry: Entry) -> Entry:
        """Put ``entry`` in the place of a former one, in the log that can be brought back too."""
        kept = entry.cleaned()
        for entries in (self.entries, self._forgotten):
            entries[:] = [kept if each is former else each for each in entries]
        for group in (self._opened, self._foreign, self._of_others):
            if former in group:
                group.add(kept)
        self._keep()
        return kept

    def forget(self) -> None:
        """Forget the log; `bring_back` undoes this, until something is added."""
        self._forgotten, self.entries = self.entries, []
        self._keep()

    def bring_back(self) -> None:
        """Bring back the log that was forgotten just now."""
        self.entries, self._forgotten = self._forgotten, []
        self._keep()

    def saved(self) -> SavedPredictions:
        """Return the prediction and the log as a session has them."""
        entries = self.entries_now
        places = {id(entry): place for place, entry in enumerate(entries)}
        return SavedPredictions(
            prediction=self.prediction,
            locked=self._locked,
            entries=tuple(entries),
            own={
                topic: places[id(entry)]
                for topic, entry in self._own_entries.items()
                if id(entry) in places
            },
        )

    def put_back(self, saved: SavedPredictions | None) -> None:
        """Have the prediction of a session, whose run is on screen, and show its log with this one.

        The log of the session before goes, as far as it is somebody else's.
        """
        self._names = ()  # no parameter or level of the session before
        self._begin()
        own = [entry for entry in self.entries if entry not in self._foreign]
        known = {entry: entry for entry in own}
        known |= {entry.retold(): entry for entry in own}  # the session speaks that of now
        opened = () if saved is None else saved.entries
        added = [entry for entry in opened if entry not in known]
        self.entries = [*added, *own][-MOST_ENTRIES:]
        known |= {entry: entry for entry in added}
        self._opened, self._foreign = {known[entry] for entry in opened}, set(added)
        self._of_others = set(own) - self._opened
        if saved is not None and saved.prediction.parameter < len(self._names):
            self.prediction, self._locked = saved.prediction, saved.locked
            self._own_entries = {
                topic: known[saved.entries[place]] for topic, place in saved.own.items()
            }
        self._keep()
        self._follow()

    def _keep(self) -> None:
        if self._store is not None:
            own = [entry for entry in self.entries if entry not in self._foreign]
            self._store.setValue(_LOG_KEY, to_json(own))
        self.changed.emit()

    def _begin(self) -> None:
        """Begin a new prediction, about the same parameter and level if the run has the same."""
        self._locked, self.facts, self.verdicts, self._own_entries = None, None, {}, {}
        self._is_lost = False
        run, former = self._controller.current_run, self.prediction
        self.prediction = RunPrediction(parameter=former.parameter, level=former.level)
        if run is not None and run.parameter_names() != self._names:
            self._names = run.parameter_names()
            self.prediction = RunPrediction(run.dataset.dimension, level=_level_for(run))

    @Slot()
    def _follow(self) -> None:
        """Follow the run on screen: judge it at its end, and begin again where nothing fits."""
        state, run = self._controller.state, self._controller.current_run
        has_other_names = run is not None and run.parameter_names() != self._names
        has_begun = state not in {RunState.READY, RunState.LOADING}
        if has_other_names or (self._locked is None and has_begun):
            is_lost = self.phase in {Phase.LOCKED, Phase.RUNNING}
            self._begin()
            self._is_lost = is_lost
        elif self._locked is not None:
            self._follow_locked(state, run, self._locked)
        self.changed.emit()

    def _follow_locked(self, state: RunState, run: Run | None, settings: TrainingConfig) -> None:
        """Follow the run with a prediction that was locked with ``settings``."""
        if self.phase is Phase.JUDGED and self._is_settled:
            if self._settings.with_defaults("engine") != settings.with_defaults("engine"):
                self._begin()
        elif state in _ENDED and run is not None and run.history.step:
            self._judge(run)
        elif state in {RunState.READY, RunState.RUNNING}:
            self.facts, self.verdicts = None, {}  # what was open is decided by this run

    @property
    def _is_settled(self) -> bool:
        return None not in [each.is_right for each in self.verdicts.values()]

    def _judge(self, run: Run) -> None:
        """Compare the prediction with a run that has ended, and note it in the log."""
        self.facts = facts = RunFacts(run.reduced())
        obstacle = ""
        if words := self.mismatch:
            obstacle = tr(
                "The settings were changed after you locked: {settings}. Predict again, or put "
                "them back and run."
            ).format(settings=words)
        elif run.history.rate_changes:
            obstacle = tr(
                "The learning rate was changed during the run, so your prediction was of another "
                "run. Run it again, or predict again."
            )
        for topic in self.prediction.topics:
            verdict = judge(topic, self.prediction, facts)
            self.verdicts[topic] = Verdict(None, obstacle) if obstacle else verdict
            self._note(topic, self.verdicts[topic], facts)

    def _note(self, topic: Topic, verdict: Verdict, facts: RunFacts) -> None:
        is_known = verdict.is_right is not None
        entry = Entry(
            person=self.person,
            session=self._session,
            about=topic_words(topic, self.prediction, facts.run.parameter_names()),
            said=said_words(topic, self.prediction, facts.planned),
            happened=happened_words(topic, self.prediction, facts) if is_known else "",
            is_right=verdict.is_right,
            idea=verdict.idea,
        )
        former = self._own_entries.get(topic)
        if former is None or not any(each is former for each in self.entries):
            self._own_entries[topic] = self.add(entry)
        else:
            kept = {name: getattr(former, name) for name in ("person", "session", "explanation")}
            self._own_entries[topic] = self._replace(former, replace(entry, **kept))


def _level_for(run: Run) -> float:
    """Return a level of the loss that the run has to fall to, and can."""
    best = run.problem.training.lowest
    start = run.problem.training.loss(run.history.start)
    if best < _LEVEL < start:
        return _LEVEL
    return round_to(best + 0.01 * (start - best), 2) or _LEVEL

"""The panels on the right, one at a time. A new panel only has to join `PANELS`.

The declarations are here, not in the modules of the panels, because the bar needs them before
the first paint. To import all those modules takes 0.1 s, a fifth of the time that a bare window
takes. So each of them is imported when its panel is first opened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QStackedWidget, QWidget

from linreg_gui.look.controls import give_focus_back
from linreg_gui.look.overflow import Overflow
from linreg_gui.look.scale import px, scale_factor
from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.widgets.panels.contrasts_panel import ContrastsPanel
    from linreg_gui.widgets.panels.data_panel import DataPanel
    from linreg_gui.widgets.panels.guide_panel import GuidePanel
    from linreg_gui.widgets.panels.lesson_panel import LessonPanel
    from linreg_gui.widgets.panels.log_panel import LogPanel
    from linreg_gui.widgets.panels.my_line_panel import MyLinePanel
    from linreg_gui.widgets.panels.numbers_panel import NumbersPanel
    from linreg_gui.widgets.panels.points_panel import PointsPanel
    from linreg_gui.widgets.panels.predict_first_panel import PredictFirstPanel
    from linreg_gui.widgets.panels.predict_panel import PredictPanel
    from linreg_gui.widgets.panels.runs_panel import RunsPanel
    from linreg_gui.widgets.panels.scaling_panel import ScalingPanel
    from linreg_gui.widgets.panels.step_panel import StepPanel
    from linreg_gui.widgets.panels.sweep_panel import SweepPanel
    from linreg_gui.widgets.session import Session


AnyPanel = TypeVar("AnyPanel", bound=QWidget)


@dataclass(frozen=True, eq=False)
class PanelKey:
    """A key that opens a closed panel, and acts on an open one.

    Attributes
    ----------
    key : str
    words, act : callable
        What it does, in words, and doing it.
    at_once : bool
        Whether it acts on a panel that it has just opened, too.
    """

    key: str
    words: Callable[[], str]
    act: Callable[["Session"], None]
    at_once: bool = False


@dataclass(frozen=True, eq=False)
class PanelSpec(Generic[AnyPanel]):
    """What the window knows of a panel before the panel exists.

    Attributes
    ----------
    name : str
        The key of the panel, in files. It never changes.
    title : callable
        Returns the word on its tab.
    words : callable
        Returns what the panel is for.
    key : str
        Opens and closes it.
    width : int
        The width that suits it, in pixels.
    make : callable
        Makes it. May raise ``ValueError`` with a sentence for people.
    keys : tuple of PanelKey
        Further keys.
    highlights_minibatch : bool
        Whether the pictures highlight the minibatch while it is open.
    in_bar : bool
        Whether it has a tab in the bar.
    listens : bool
        Whether it collects something even while it is closed, and so is made with the window.
    needs_picture : bool
        Whether it is no use without a picture beside it, however small the window is.
    leave : callable
        Ends what goes on only while it is open, if anything does. It may be called at any time.
    """

    name: str
    title: Callable[[], str]
    words: Callable[[], str]
    key: str
    width: int
    make: Callable[["Session"], AnyPanel]
    keys: tuple[PanelKey, ...] = ()
    highlights_minibatch: bool = False
    in_bar: bool = True
    listens: bool = False
    needs_picture: bool = False
    leave: Callable[["Session"], None] = lambda _session: None


def _make_data(session: "Session") -> "DataPanel":
    from linreg_gui.widgets.panels.data_panel import DataPanel

    panel = DataPanel(session.controller)
    panel.open_wanted.connect(session.tables.choose_file)
    panel.paste_wanted.connect(session.tables.paste)
    panel.sample_wanted.connect(session.tables.use_sample)
    return panel


def _make_guide(session: "Session") -> "GuidePanel":
    from linreg_gui.widgets.panels.guide_panel import GuidePanel
    from linreg_gui.widgets.panels.stop_in_window import StopInWindow

    panel = GuidePanel(session.guide, session.theme)
    in_window = StopInWindow(session, panel)
    panel.entered.connect(in_window.enter)
    panel.left.connect(in_window.leave)
    panel.setting_chosen.connect(session.setting_wanted)
    panel.prediction_wanted.connect(partial(session.switches[PREDICT_FIRST].setChecked, True))
    return panel


def _make_lesson(session: "Session") -> "LessonPanel":
    from linreg_gui.widgets.panels.lesson_panel import LessonPanel

    return LessonPanel(session)


def _make_step(session: "Session") -> "StepPanel":
    from linreg_gui.widgets.panels.step_panel import StepPanel

    panel = StepPanel(session.controller, session.inspector, session.brush, session.theme)
    panel.picture_wanted.connect(session.picture_wanted)
    return panel


def _make_runs(session: "Session") -> "RunsPanel":
    from linreg_gui.widgets.panels.runs_panel import RunsPanel

    panel = RunsPanel(session.controller, session.kept_runs, session.theme)
    panel.rate_wanted.connect(session.rate_wanted)
    session.switches[RUNS].toggled.connect(partial(_compare, session))
    _compare(session, True)
    return panel


def _compare(session: "Session", wanted: bool) -> None:
    """Draw the kept runs, in a picture that shows them, or end comparing."""
    if wanted:
        session.kept_runs.begin_comparing()
        if session.kept_runs.over():
            session.picture_wanted.emit("loss")
    else:
        session.kept_runs.end_comparing()


def _make_sweep(session: "Session") -> "SweepPanel":
    from linreg_gui.widgets.panels.sweep_panel import SweepPanel

    return SweepPanel(session.controller, session.sweeper, session.rate_limits, session.theme)


def _make_points(session: "Session") -> "PointsPanel":
    from linreg_gui.widgets.panels.points_panel import PointsPanel

    session.switches[POINTS].toggled.connect(partial(_edit_points, session))
    _edit_points(session, True)
    return PointsPanel(session)


def _edit_points(session: "Session", wanted: bool) -> None:
    """Let the points be edited in the data picture, or no longer."""
    session.points.open(wanted=wanted)
    if wanted:
        session.picture_wanted.emit("data")


def _make_predict(session: "Session") -> "PredictPanel":
    from linreg_gui.widgets.panels.predict_panel import PredictPanel

    panel = PredictPanel(session.controller, session.playhead)
    session.numbers_due.connect(panel.refresh)
    panel.example_changed.connect(session.example_changed)
    return panel


def _make_contrasts(session: "Session") -> "ContrastsPanel":
    from linreg_gui.widgets.panels.contrasts_panel import ContrastsPanel

    return ContrastsPanel(session.controller, session.contrasts)


def _make_predict_first(session: "Session") -> "PredictFirstPanel":
    from linreg_gui.widgets.panels.predict_first_panel import PredictFirstPanel

    return PredictFirstPanel(session)


def _make_numbers(session: "Session") -> "NumbersPanel":
    from linreg_gui.widgets.panels.numbers_panel import NumbersPanel

    return NumbersPanel(session)


def _show_table(session: "Session") -> None:
    session.table_wanted.emit()


def _make_my_line(session: "Session") -> "MyLinePanel":
    from linreg_gui.guide.stops import StageWish
    from linreg_gui.widgets.panels.my_line_panel import MyLinePanel

    guesses = session.guesses
    panel = MyLinePanel(session)

    def draw(drawing: bool) -> None:
        if not drawing:
            return  # `leave` puts the line away, unless the panel only makes room
        run = session.controller.run
        if run is not None and run.dataset.dimension > 1:
            session.view_wanted.emit(StageWish("data", "adjusted"))
        if session.picture is not None and session.picture.name != "landscape":
            session.picture_wanted.emit("data")
        guesses.draw(drawing=True)

    session.switches[MY_LINE].toggled.connect(draw)
    draw(True)
    return panel


def _make_log(session: "Session") -> "LogPanel":
    from linreg_gui.widgets.panels.log_panel import LogPanel

    panel = LogPanel(session.controller, session.playhead, session.theme)
    session.numbers_due.connect(panel.refresh)
    return panel


def _make_scaling(session: "Session") -> "ScalingPanel":
    from linreg_gui.widgets.panels.scaling_panel import ScalingPanel

    return ScalingPanel(session.controller, session.theme)


def _leave_contrast(session: "Session") -> None:
    session.leave_contrast()


DATA = PanelSpec(
    "data", lambda: tr("Data"), lambda: tr("Data: your own, or a classic"), "O", 380, _make_data
)
GUIDE = PanelSpec(
    "guide",
    lambda: tr("Tour"),
    lambda: tr("Tour of the code: stop by stop"),
    "G",
    440,
    _make_guide,
    keys=(
        PanelKey("Alt+Right", lambda: tr("Tour: next stop"), lambda it: it.guide.go_by(1)),
        PanelKey("Alt+Left", lambda: tr("Tour: previous stop"), lambda it: it.guide.go_by(-1)),
    ),
)
LESSON = PanelSpec(
    "lesson",
    lambda: tr("Lesson"),
    lambda: tr("Lesson: page by page"),
    "Shift+G",
    440,
    _make_lesson,
    keys=(
        PanelKey(
            "Shift+Alt+Right",
            lambda: tr("Lesson: next page"),
            lambda it: it.lesson_run.go_by(1),
        ),
        PanelKey(
            "Shift+Alt+Left",
            lambda: tr("Lesson: previous page"),
            lambda it: it.lesson_run.go_by(-1),
        ),
    ),
    in_bar=False,
)
STEP = PanelSpec(
    "code",
    lambda: tr("Code"),
    lambda: tr("Inside one step: the code"),
    "D",
    444,
    _make_step,
    keys=(
        PanelKey("I", lambda: tr("Inside one step: forward"), lambda it: it.inspector.forward()),
        PanelKey("Shift+I", lambda: tr("Inside one step: back"), lambda it: it.inspector.back()),
    ),
    highlights_minibatch=True,
)
RUNS = PanelSpec(
    "compare", lambda: tr("Compare"), lambda: tr("Compare: the runs so far"), "C", 380, _make_runs
)
SWEEP = PanelSpec(
    "sweep", lambda: tr("Sweep"), lambda: tr("Sweep: try several values"), "V", 380, _make_sweep
)
PREDICT = PanelSpec(
    "example", lambda: tr("ŷ"), lambda: tr("ŷ for an example"), "Y", 380, _make_predict
)
PREDICT_FIRST = PanelSpec(
    "predict first",
    lambda: tr("Predict first"),
    lambda: tr("Predict first: what will the run do?"),
    "Q",
    400,
    _make_predict_first,
    leave=lambda session: session.leave_question(),
)
MY_LINE = PanelSpec(
    "my line",
    lambda: tr("My line"),
    lambda: tr("My line: guess first"),
    "H",
    400,
    _make_my_line,
    needs_picture=True,
    leave=lambda session: session.put_line_away(),
)
CONTRASTS = PanelSpec(
    "contrasts",
    lambda: tr("Contrasts"),
    lambda: tr("Contrasts: two runs side by side"),
    "W",
    380,
    _make_contrasts,
    leave=_leave_contrast,
)
POINTS = PanelSpec(
    "points",
    lambda: tr("Points"),
    lambda: tr("Points: move, add and remove examples"),
    "J",
    380,
    _make_points,
    keys=(
        PanelKey("Ctrl+Z", lambda: tr("Points: undo"), lambda it: it.points.undo()),
        PanelKey("Ctrl+Shift+Z", lambda: tr("Points: redo"), lambda it: it.points.redo()),
    ),
)
NUMBERS = PanelSpec(
    "numbers",
    lambda: tr("Numbers"),
    lambda: tr("Numbers: parameters and fit, and a table of the picture"),
    "B",
    420,
    _make_numbers,
    keys=(
        PanelKey(
            "Shift+B",
            lambda: tr("Table of the picture"),
            _show_table,
            at_once=True,
        ),
    ),
    in_bar=False,
)
LOG = PanelSpec(
    "log",
    lambda: tr("Log"),
    lambda: tr("Log: the lesson's output"),
    "L",
    380,
    _make_log,
    listens=True,
)
SCALING = PanelSpec(
    "scaling",
    lambda: tr("Why standardize?"),
    lambda: tr("Why standardize? The landscape before and after"),
    "Z",
    444,
    _make_scaling,
    in_bar=False,
)

PANELS: list[PanelSpec[Any]] = [
    GUIDE,
    STEP,
    DATA,
    RUNS,
    SWEEP,
    PREDICT_FIRST,
    MY_LINE,
    CONTRASTS,
    PREDICT,
    POINTS,
    NUMBERS,
    LOG,
    SCALING,
    LESSON,
]
"""All panels, in the order of their switches."""


USUAL_WINDOW_WIDTH = 1280
_MOST_SHARE = 0.46
_LEAST_WIDTH = 368
"""A panel takes at most this share of the window, but always this many pixels."""


class Side(QStackedWidget):
    """Shows the panel whose switch is on; hidden while all switches are off.

    Attributes
    ----------
    keys : dict of PanelSpec to list of QAction
        The further keys of each panel, for the window to listen to.
    is_making_room : bool
        Whether panels are being closed only for full screen, so that what goes on in them goes on.

    Signals
    -------
    changed()
        A panel was opened or closed. The open one should be `wanted_width` pixels wide.
    """

    changed = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__()
        self.keys: dict[PanelSpec[Any], list[QAction]] = {}
        self.is_making_room = False
        self._session = session
        self._panels: dict[PanelSpec[Any], QWidget] = {}
        self._widths = {spec: spec.width for spec in session.switches}
        for spec, switch in session.switches.items():
            switch.toggled.connect(partial(self._on_switched, spec))
            self.keys[spec] = []
            for key in spec.keys:
                action = QAction(key.words(), self)
                action.setShortcut(QKeySequence(key.key))
                action.triggered.connect(partial(self._on_key, spec, key))
                self.keys[spec].append(action)
        self.hide()

    def panel(self, spec: PanelSpec[AnyPanel]) -> AnyPanel:
        """Return the panel of ``spec``, made when it is first wanted."""
        if spec not in self._panels:
            self._panels[spec] = spec.make(self._session)
            self.addWidget(Overflow(self._panels[spec]))
        return cast(AnyPanel, self._panels[spec])

    @Slot()
    def make_listeners(self) -> None:
        """Make the panels that collect something while they are closed."""
        for spec in self._widths:
            if spec.listens:
                self.panel(spec)

    @property
    def open_panel(self) -> "PanelSpec[Any] | None":
        """Return the panel whose switch is on."""
        switches = self._session.switches
        return next((spec for spec in switches if switches[spec].isChecked()), None)

    @property
    def wanted_width(self) -> int:
        """Return the width that suits the open panel in this window; 0 if none is open."""
        width = 0 if self.open_panel is None else self._widths[self.open_panel]
        most = max(round(_MOST_SHARE * self.window().width()), px(_LEAST_WIDTH))
        return min(round(width * self._scale), most)

    @property
    def _scale(self) -> float:
        """Return how much wider than usual a panel is: as the window, and with larger text."""
        usual = USUAL_WINDOW_WIDTH * scale_factor()
        return scale_factor() * max(1.0, self.window().width() / usual)

    def keep_width(self) -> None:
        """Keep the width that a person has given the open panel."""
        if self.open_panel is not None:
            self._widths[self.open_panel] = round(self.width() / self._scale)

    def leave_closed(self) -> None:
        """End what goes on only while a panel is open, of each that is closed."""
        for spec, switch in self._session.switches.items():
            if not switch.isChecked():
                spec.leave(self._session)

    def shut(self) -> None:
        """Close the open panel."""
        for switch in self._session.switches.values():
            switch.setChecked(False)

    def _on_switched(self, spec: PanelSpec[Any], shown: bool) -> None:
        if not shown:
            give_focus_back(self)
            self.setVisible(bool(self.wanted_width))
            self.changed.emit()
            if not self.is_making_room:
                self.leave_closed()
            return
        try:
            self.panel(spec)
        except ValueError as error:
            self._session.switches[spec].setChecked(False)
            self._session.controller.message_posted.emit(str(error))
            return
        for each, switch in self._session.switches.items():
            if each is not spec:
                switch.setChecked(False)
        self.setCurrentIndex(list(self._panels).index(spec))
        self.show()
        self.changed.emit()
        self.leave_closed()

    def _on_key(self, spec: PanelSpec[Any], key: PanelKey) -> None:
        was_open = self._session.switches[spec].isChecked()
        self._session.switches[spec].setChecked(True)
        if was_open or key.at_once:
            key.act(self._session)

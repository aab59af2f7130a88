"""Settings, stage and panel, side by side, and how they share the width."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from linreg_gui.look.controls import give_focus_back
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.theme import GRID
from linreg_gui.texts import tr
from linreg_gui.widgets.panels.registry import Side
from linreg_gui.widgets.session import Session
from linreg_gui.widgets.window.stage import Stage

if TYPE_CHECKING:
    from linreg_gui.widgets.settings.panel import ControlPanel

_SETTINGS_WIDTH = 280
_LEAST_STAGE = 420
"""With less room than this for the stage, opening a panel closes the settings."""
_LESSON_SHARE = 0.5
"""A stop of the lesson opens the settings if they leave this share of the width to the stage."""
_STAGE_MINIMUM = 200
_LEAST_COVER = 520
"""With less room than this, two runs side by side take the place of the panel, too."""
_LEAST_BESIDE = 240
"""With less room than this for the stage beside a panel, the panel takes its place."""


class Body(QSplitter):
    """The stage, with the settings on its left and a panel on its right while they are open.

    Where text is so large that a picture beside a panel would be tiny, an open panel has all the
    room, until it is closed or a person asks for a picture.

    Parameters
    ----------
    session : Session
        What the widgets share.
    stage : Stage
        The pictures.
    make_settings : callable
        Makes the settings when they are first wanted.

    Attributes
    ----------
    side : Side
        Shows the open panel.
    settings_switch : QAction
        Opens and closes the settings.
    """

    def __init__(
        self, session: Session, stage: Stage, make_settings: Callable[[], "ControlPanel"]
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._stage = stage
        self._make_settings = make_settings
        self.side = Side(session)
        self.settings_switch = session.make_switch(
            tr("Settings"), "T", help_text=tr("Settings of data, model and training")
        )
        self.setChildrenCollapsible(False)
        keep_scaled(self, setHandleWidth=GRID)
        stage.setMinimumWidth(_STAGE_MINIMUM)
        for widget, stretch in ((stage, 1), (self.side, 0)):
            self.addWidget(widget)
            self.setStretchFactor(self.indexOf(widget), stretch)
        self.settings_switch.toggled.connect(self._on_settings_toggled)
        self.side.changed.connect(self._on_side_changed)
        self.splitterMoved.connect(self._on_dragged)
        session.settings_wanted.connect(self._on_settings_wanted)
        session.theme.changed.connect(self.share_room)

    @cached_property
    def settings(self) -> "ControlPanel":
        """Return the settings, made when they are first wanted."""
        settings = self._make_settings()
        keep_scaled(settings, setMinimumWidth=_SETTINGS_WIDTH)
        self.insertWidget(0, settings)
        self.setStretchFactor(0, 0)
        return settings

    @property
    def has_settings(self) -> bool:
        """Return whether the settings have been made."""
        return "settings" in vars(self)

    def choose_setting(self, name: str) -> None:
        """Open the settings, and let a person change this one."""
        self.settings_switch.setChecked(True)
        self.settings.choose(name)

    @Slot()
    def share_room(self) -> None:
        """Give settings and panel the widths that suit them, and the rest to the stage."""
        is_crowded = self._room_beside_panel < px(_LEAST_COVER)
        is_cover_alone = self._stage.cover is not None and is_crowded
        _show(self.side, shown=bool(self.side.wanted_width) and not is_cover_alone)
        _show(self._stage, shown=not self.is_panel_alone)
        wanted: dict[QWidget, int] = {self.side: self.side.wanted_width}
        if self.settings_switch.isChecked():
            wanted[self.settings] = max(px(_SETTINGS_WIDTH), self.settings.needed_width)
        widgets = [self.widget(index) for index in range(self.count())]
        rest = self.width() - sum(wanted.values())
        self.setSizes([rest if each is self._stage else wanted.get(each, 0) for each in widgets])

    @property
    def is_panel_alone(self) -> bool:
        """Return whether a panel has the place of the stage."""
        spec = self.side.open_panel
        if spec is None or spec.needs_picture or self._stage.cover is not None:
            return False
        return self._room_beside_panel < px(_LEAST_BESIDE)

    @Slot()
    def uncover_stage(self) -> None:
        """Close a panel that has the place of the stage."""
        if self.is_panel_alone:
            self.side.shut()

    @property
    def _room_beside_panel(self) -> int:
        return self.window().width() - self.side.wanted_width

    @property
    def _room_beside_both(self) -> int:
        """Return the width that settings and panel leave to the stage."""
        return self._room_beside_panel - px(_SETTINGS_WIDTH)

    @property
    def _has_room_for_both(self) -> bool:
        return not self.side.wanted_width or self._room_beside_both >= px(_LEAST_STAGE)

    @Slot(bool)
    def _on_settings_toggled(self, shown: bool) -> None:
        if shown or self.has_settings:
            give_focus_back(self.settings)
            self.settings.setVisible(shown)
        self._keep_one()
        self.share_room()

    def _keep_one(self) -> None:
        """Close the panel if there is no room for it beside the settings."""
        if self.settings_switch.isChecked() and not self._has_room_for_both:
            self.side.shut()

    @Slot()
    def _on_side_changed(self) -> None:
        if not self._has_room_for_both:
            self.settings_switch.setChecked(False)
        self._stage.make_room_for_panel(is_open=bool(self.side.wanted_width))
        self.share_room()

    @Slot(int, int)
    def _on_dragged(self, _place: int, index: int) -> None:
        if self.widget(index) is self.side:
            self.side.keep_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        self._keep_one()
        self.share_room()

    @Slot(object)
    def _on_settings_wanted(self, names: tuple[str, ...]) -> None:
        """Bring settings into sight, if the stage keeps its share of the window."""
        if self._room_beside_both >= _LESSON_SHARE * self.window().width():
            self.settings_switch.setChecked(True)
        if self.settings_switch.isChecked():
            self.settings.show_rows(names)


def _show(widget: QWidget, *, shown: bool) -> None:
    """Show ``widget``, or hide it without the keys going to whatever Qt focuses then."""
    if not shown:
        give_focus_back(widget)
    widget.setVisible(shown)

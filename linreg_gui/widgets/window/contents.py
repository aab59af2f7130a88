"""What stands below the bar: the body with the pictures, the timeline and the numbers."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from linreg_gui.look.controls import fill, give_focus_back
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.theme import GRID
from linreg_gui.widgets.session import Session
from linreg_gui.widgets.window.body import Body
from linreg_gui.widgets.window.readout import Readout
from linreg_gui.widgets.window.timeline import Timeline

if TYPE_CHECKING:
    from linreg_gui.widgets.window.overlay_chips import OverlayChips

_HEIGHT_FOR_NUMBERS = 300
"""With less height than this, the row of numbers is left out."""


class Contents(QWidget):
    """Body, timeline and numbers, one below the other, and the names of kept runs above them.

    Parameters
    ----------
    session : Session
        What the widgets share.
    body : Body
        Settings, stage and panel.

    Attributes
    ----------
    timeline : Timeline
        The steps of the run.
    readout : Readout
        Its numbers.
    """

    def __init__(self, session: Session, body: Body) -> None:
        super().__init__()
        self._session = session
        self._body = body
        self.timeline = Timeline(session.controller, session.playhead, session.theme)
        self.readout = Readout(session)
        self._column = fill(QVBoxLayout(self), body, self.timeline, self.readout, stretch=body)
        self.use_edges(wanted=False)
        session.numbers_due.connect(self.readout.refresh)
        session.numbers_due.connect(self.timeline.refresh)
        session.kept_runs.over_changed.connect(self._show_chips)
        for changed in (session.contrast_changed, session.theme.changed, body.side.changed):
            changed.connect(self._make_room)

    @cached_property
    def chips(self) -> "OverlayChips":
        """Return the names of the kept runs that are drawn, made when there are any."""
        from linreg_gui.widgets.window.overlay_chips import OverlayChips  # noqa: PLC0415 - seldom

        chips = OverlayChips(self._session.kept_runs, self._session.theme)
        self._column.insertWidget(0, chips)
        return chips

    @property
    def has_chips(self) -> bool:
        """Return whether the names of kept runs have been made."""
        return "chips" in vars(self)

    def use_edges(self, *, wanted: bool) -> None:
        """Give the room around picture, timeline and numbers to the picture, or take it back."""
        margins, spacing = ((0, 0, 0, 0), 2) if wanted else ((GRID, 6, GRID, 6), 6)
        keep_scaled(self._column, setContentsMargins=margins, setSpacing=spacing)

    @Slot()
    def _show_chips(self) -> None:
        self.chips.show_runs()

    @Slot()
    def _make_room(self) -> None:
        """Leave out what is below the pictures where there is too little height.

        These are the numbers, and the timeline too if it is a panel that needs the room.
        """
        has_room = self.height() >= px(_HEIGHT_FOR_NUMBERS)
        shows_contrast = self._session.shows_contrast
        self.readout.setVisible(has_room and not shows_contrast)
        has_timeline = (has_room or not self._body.is_panel_alone) and not shows_contrast
        if not has_timeline:
            give_focus_back(self.timeline)
        self.timeline.setVisible(has_timeline)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the stage high enough."""
        super().resizeEvent(event)
        self._make_room()

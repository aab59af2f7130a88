"""Puts the two runs of a contrast on the stage, and the run back afterwards."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from linreg_gui.widgets.session import Session
from linreg_gui.widgets.window.body import Body
from linreg_gui.widgets.window.stage import Arrangement, Stage

if TYPE_CHECKING:
    from linreg_gui.widgets.window.side_by_side import SideBySide


class ContrastOnStage(QObject):
    """Shows the two runs of a contrast instead of the pictures while there are any. GUI thread.

    Signals
    -------
    menu_wanted(RunPlot, QPoint)
        As that of `RunPlot`.
    """

    menu_wanted = Signal(object, object)

    def __init__(self, session: Session, stage: Stage, body: Body) -> None:
        super().__init__(session)
        self._session = session
        self._stage = stage
        self._body = body
        self._stage_before: Arrangement | None = None
        session.contrast_changed.connect(self._on_contrast_changed)
        stage.arranged.connect(self._offer_answer)

    @cached_property
    def side_by_side(self) -> "SideBySide":
        """Return the place of two runs on the stage, made when it is first wanted."""
        from linreg_gui.widgets.window.side_by_side import SideBySide  # noqa: PLC0415 - seldom

        side_by_side = SideBySide(self._session.contrasts, self._stage, self._session.theme)
        side_by_side.menu_wanted.connect(self.menu_wanted)
        return side_by_side

    @Slot()
    def _on_contrast_changed(self) -> None:
        """Show the two runs on the stage, in the picture that suits them; or the run again."""
        session, stage = self._session, self._stage
        shown = session.contrasts.shown if session.shows_contrast else None
        if shown is None:
            if stage.cover is not None:
                stage.show_cover(None)
                assert self._stage_before is not None
                stage.show_as(self._stage_before)
        else:
            if stage.cover is None:
                self._stage_before = stage.arrangement
            stage.show_cover(self.side_by_side)
            stage.show_picture(next(each for each in stage.pictures if each.name == shown.picture))
            self.side_by_side.begin()
        self._body.share_room()
        self._offer_answer()

    @Slot()
    def _offer_answer(self) -> None:
        if self._stage.cover is not None:
            self.side_by_side.offer_answer(wanted=self._body.side.isHidden())

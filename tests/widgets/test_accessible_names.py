"""Everything that can be used has a name for people who cannot see it."""

from collections.abc import Callable

import pytest

from linreg_gui.plots.card import PlotCard
from linreg_gui.widgets.panels.registry import SCALING, SWEEP
from linreg_gui.widgets.window.main_window import MainWindow
from tests.widgets.controls import controls_in, name_of

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]


def nameless(window: MainWindow) -> list[str]:
    return [
        f"{type(widget).__name__} “{widget.objectName()}” in {type(widget.parent()).__name__}"
        for widget in controls_in(window)
        if not any(map(str.isalpha, name_of(widget)))
    ]


def test_every_control_has_a_name(trained: MainWindow) -> None:
    assert nameless(trained) == []
    trained.actions_of.legend.setChecked(True)
    trained.stage.show_grid(wanted=True)
    assert nameless(trained) == []
    trained.actions_of.settings.setChecked(True)
    assert nameless(trained) == []
    trained.actions_of.settings.setChecked(False)


def test_every_control_of_every_panel_has_a_name(trained: MainWindow) -> None:
    for spec, switch in trained.session.switches.items():
        switch.setChecked(True)
        assert switch.isChecked()
        for action in trained.side.keys[spec]:
            action.trigger()
        assert nameless(trained) == [], spec.title()


def test_no_two_controls_of_a_picture_share_a_name(trained: MainWindow) -> None:
    for picture in trained.pictures:
        trained.stage.show_picture(picture)
        controls = [each for each in controls_in(trained) if picture.isAncestorOf(each)]
        names = [name_of(each) for each in controls]
        assert sorted(set(names)) == sorted(names)


def test_every_picture_has_a_description(trained: MainWindow, wait_for: WaitFor) -> None:
    for switch in (trained.session.switches[SWEEP], trained.session.switches[SCALING]):
        switch.setChecked(True)
    cards = [card for card in trained.findChildren(PlotCard) if card.isVisible()]
    assert len(cards) == 3  # the stage, and two bowls
    wait_for(lambda: all(card.canvas.accessibleDescription() for card in cards))
    sentence = trained.side.panel(SCALING).measured.plot.canvas.accessibleDescription()
    assert sentence.startswith("The loss over w0 and w1: a round bowl. The condition number is 1.")

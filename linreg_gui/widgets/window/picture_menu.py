"""The menu of a picture, and what it does: copy, save, explain."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWhatsThis

from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.texts import tr
from linreg_gui.widgets.exports.kinds import export_of
from linreg_gui.widgets.exports.picture_kinds import write_picture
from linreg_gui.widgets.exports.pictures import copy_picture
from linreg_gui.widgets.help.shortcuts import key_of
from linreg_gui.widgets.panels.registry import MY_LINE

if TYPE_CHECKING:
    from linreg_gui.widgets.window.actions import Actions
    from linreg_gui.widgets.window.main_window import MainWindow


def picture_menu(picture: RunPlot, window: "MainWindow") -> QMenu:
    """Return the menu of ``picture``, which is deleted when it closes."""
    menu, actions = QMenu(window), window.actions_of
    menu.aboutToHide.connect(menu.deleteLater)
    if picture.is_thumbnail:
        _add(menu, tr("Put on the stage"), picture.stage_wanted.emit, picture)
    else:
        _add(menu, f"{actions.fit.text()}\t{key_of(actions.fit)}", picture.canvas.fit)
        if not picture.stands_alone:
            words = tr("Maximize, or show the others again")
            _add(menu, words, picture.maximize_wanted.emit, picture)
            menu.addAction(actions.legend)
    if picture.guesses.mine is not None:
        guesses = window.session.guesses
        menu.addSeparator()
        _add(menu, tr("Start from my line"), guesses.start_from_line)
        _add(menu, tr("Keep this guess"), guesses.keep, "")
    elif picture.name in {"data", "landscape"} and not picture.stands_alone:
        menu.addSeparator()
        menu.addAction(window.session.switches[MY_LINE])
    menu.addSeparator()
    if not picture.stands_alone:
        words = tr("Its numbers in a table")
        _add(menu, f"{words}\t{key_of(actions.table)}", _show_table, picture, actions)
    _add(menu, tr("Copy the picture"), copy_picture, picture)
    _add(menu, tr("Save the picture…"), save_picture, picture, window)
    menu.addSeparator()
    _add(menu, tr("What is this?"), explain, picture)
    return menu


def _show_table(picture: RunPlot, actions: "Actions") -> None:
    picture.stage_wanted.emit(picture)
    actions.table.trigger()


def save_picture(picture: RunPlot, window: "MainWindow") -> None:
    """Let a person choose how and where to save ``picture``, and save it."""
    write = partial(write_picture, picture=picture)
    window.exporter.choose(replace(export_of("picture"), name=picture.name, write=write))


def explain(picture: RunPlot) -> None:
    """Say what the picture shows."""
    QWhatsThis.showText(picture.mapToGlobal(picture.rect().center()), picture.whatsThis(), picture)


def _add(menu: QMenu, words: str, handler: Callable[..., object], *values: object) -> None:
    menu.addAction(words).triggered.connect(lambda: handler(*values))

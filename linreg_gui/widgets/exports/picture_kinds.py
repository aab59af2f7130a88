"""Writes pictures for the list of exports. What that takes is loaded when it is first wanted."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.plots.run_plot import RunPlot
    from linreg_gui.widgets.exports.kinds import Writing
    from linreg_gui.widgets.exports.pictures import FilmWish, PictureWish
    from linreg_gui.widgets.session import Session
    from linreg_gui.widgets.window.main_window import MainWindow

FORMATS = (".png", ".svg", ".pdf")
FILM_FORMATS = (".gif", ".webp")


def nothing_drawn(session: "Session") -> str:
    """Say that there is no run yet that pictures could show; empty if there is one."""
    if session.controller.run is None:
        return tr("There is nothing to draw yet; wait until the run is ready.")
    return ""


def words_for(name: str) -> str:
    """Return words for the picture called ``name``, as the command line calls it."""
    return tr("Picture “{name}”…").format(name=name)


def ask_picture(window: "MainWindow") -> "PictureWish | None":
    """Let a person choose how a picture looks."""
    from linreg_gui.widgets.exports.picture_choice import PictureDialog  # noqa: PLC0415 - seldom
    from linreg_gui.widgets.exports.pictures import PictureWish  # noqa: PLC0415 - likewise

    return PictureDialog(window, PictureWish()).chosen()


def ask_stage(window: "MainWindow") -> "PictureWish | None":
    """Let a person choose how a page of pictures looks; several need more room than one."""
    from linreg_gui.widgets.exports.picture_choice import PictureDialog  # noqa: PLC0415 - seldom
    from linreg_gui.widgets.exports.pictures import usual_wish  # noqa: PLC0415 - likewise

    return PictureDialog(window, usual_wish(window)).chosen()


def ask_window(window: "MainWindow") -> "PictureWish | None":
    """Let a person choose how wide the picture of the window is."""
    from linreg_gui.widgets.exports.picture_choice import PictureDialog  # noqa: PLC0415 - seldom
    from linreg_gui.widgets.exports.pictures import window_wish  # noqa: PLC0415 - likewise

    return PictureDialog(window, window_wish(window), has_shape=True).chosen()


def ask_film(window: "MainWindow") -> "FilmWish | None":
    """Let a person choose how an animation looks."""
    from linreg_gui.widgets.exports.picture_choice import PictureDialog  # noqa: PLC0415 - seldom
    from linreg_gui.widgets.exports.pictures import usual_film  # noqa: PLC0415 - likewise

    return PictureDialog(window, usual_film(window)).chosen()


def write_picture(
    window: "MainWindow",
    file: Path,
    wish: "PictureWish | None",
    suffix: str,
    *,
    picture: "RunPlot | None" = None,
    name: str = "",
) -> "Writing":
    """Write ``picture``, or that called ``name``, or the active one."""
    from linreg_gui.widgets.exports import pictures, sheets  # noqa: PLC0415 - seldom

    if picture is None:
        named = (each for each in window.pictures if each.name == name)
        picture = next(named, window.stage.active)
    make = partial(sheets.picture_sheet, picture)
    return pictures.writing_sheet(make, window, file, wish or pictures.PictureWish(), suffix)


def write_stage(
    window: "MainWindow", file: Path, wish: "PictureWish | None", suffix: str
) -> "Writing":
    """Write what is on the stage."""
    from linreg_gui.widgets.exports import pictures, sheets  # noqa: PLC0415 - seldom

    make = partial(sheets.stage_sheet, window)
    return pictures.writing_sheet(make, window, file, wish or pictures.usual_wish(window), suffix)


def write_window(
    window: "MainWindow", file: Path, wish: "PictureWish | None", suffix: str
) -> "Writing":
    """Write the whole window."""
    from linreg_gui.widgets.exports import pictures  # noqa: PLC0415 - seldom

    return pictures.writing_window(window, file, wish or pictures.window_wish(window), suffix)


def write_film(window: "MainWindow", file: Path, wish: "FilmWish | None", suffix: str) -> "Writing":
    """Write an animation of what is on the stage."""
    from linreg_gui.widgets.exports import films, pictures  # noqa: PLC0415 - seldom

    return films.writing_film(window, file, wish or pictures.usual_film(window), suffix)

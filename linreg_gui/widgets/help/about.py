"""Versions, the state of MXNet, and the licenses of everything that is used."""

import platform
from collections.abc import Iterator
from html import escape
from importlib import metadata

from PySide6.QtCore import Slot, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from linreg_gui import __version__
from linreg_gui.look.controls import push_button
from linreg_gui.look.plain import markup
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import significant
from linreg_gui.resources import locked_packages
from linreg_gui.runs.states import RunState
from linreg_gui.texts import in_a_row, shortened, tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.help.page import Page

_SIZE = (560, 600)
_LONGEST_LICENSE = 60

Facts = list[tuple[str, str]]
"""Names and what is known of them."""


class About(Page):
    """The facts, with a button that copies them for a report.

    Attributes
    ----------
    copy_button : QPushButton
        Puts all of it on the clipboard as plain text.
    """

    def __init__(self, controller: TrainingController, theme: Theme, window: QWidget) -> None:
        super().__init__(tr("About LinReg"), _SIZE, theme, window)
        self._controller = controller
        self.copy_button = push_button(tr("Copy"), self._copy)
        self._buttons.insertWidget(0, self.copy_button)
        controller.state_changed.connect(self._refresh)

    def sections(self) -> dict[str, Facts]:
        """Return the facts by their headings."""
        return {
            tr("Versions"): versions(self._controller),
            tr("Licenses"): licenses(),
        }

    def write(self) -> None:
        """Write the facts."""
        parts = [f"<h2>LinReg</h2><p>{escape(_summary())}</p>"]
        for heading, facts in self.sections().items():
            rows = "".join(
                f"<tr><td>{escape(name)}</td><td>{escape(fact)}</td></tr>" for name, fact in facts
            )
            parts.append(f"<h3>{escape(heading)}</h3><table>{rows}</table>")
        self.text.setHtml(markup("".join(parts)))

    @Slot()
    def _copy(self) -> None:
        lines = [
            line
            for heading, facts in self.sections().items()
            for line in (heading, *(f"{name}: {fact}" for name, fact in facts), "")
        ]
        QGuiApplication.clipboard().setText("\n".join(lines))


def versions(controller: TrainingController) -> Facts:
    """Return the versions of the parts, and where they run. MXNet is not imported for it."""
    screen = QGuiApplication.primaryScreen()
    size, ratio = screen.size(), significant(screen.devicePixelRatio(), 6)
    return [
        ("LinReg", __version__),
        ("Python", platform.python_version()),
        ("Qt", qVersion()),
        ("PySide6", _version_of("PySide6-Essentials")),
        ("pyqtgraph", _version_of("pyqtgraph")),
        ("NumPy", _version_of("numpy")),
        ("MXNet", in_a_row([_version_of("mxnet"), _mxnet_state(controller)])),
        (tr("System"), platform.platform()),
        (tr("Screen"), f"{size.width()} × {size.height()} × {ratio}"),
        (tr("Qt platform"), QGuiApplication.platformName()),
    ]


def licenses() -> Facts:
    """Return the licenses of LinReg, of the packages that it needs, and of its typeface."""
    packages = [
        (package.name, _license_of(package))
        for name in dict.fromkeys(line.split("==")[0] for line in locked_packages("app"))
        for package in _installed(name)
    ]
    return [
        ("LinReg", "Apache License 2.0"),
        *packages,
        (tr("Typeface Inter"), "SIL Open Font License 1.1"),
    ]


def _summary() -> str:
    return tr(
        "Linear regression from scratch: minibatch stochastic gradient descent on Apache MXNet."
    )


def _mxnet_state(controller: TrainingController) -> str:
    match controller.state:
        case RunState.LOADING:
            return tr("not loaded yet")
        case RunState.UNAVAILABLE:
            return tr("not available: {reason}").format(reason=controller.outcome)
        case _:
            return tr("loaded in its own thread")


def _installed(name: str) -> Iterator[metadata.Distribution]:
    """Yield the package if it is installed. Some are needed on other systems only."""
    try:
        yield metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return


def _version_of(name: str) -> str:
    return next((package.version for package in _installed(name)), tr("not installed"))


def _license_of(package: metadata.Distribution) -> str:
    about = package.metadata.json
    if expression := about.get("license_expression"):
        return str(expression)
    classifiers = [each for each in about.get("classifier", []) if each.startswith("License :: ")]
    if names := [each.rpartition(" :: ")[2] for each in classifiers]:
        return ", ".join(dict.fromkeys(names))
    first_line = next(iter(str(about.get("license", "")).strip().splitlines()), "")
    return shortened(first_line, _LONGEST_LICENSE) or tr("named in its files")

"""What to do first, for someone who has never seen the window."""

from markdown_it import MarkdownIt
from PySide6.QtWidgets import QWidget

from linreg_gui.look.plain import markup
from linreg_gui.look.theme import Theme
from linreg_gui.prose import translated
from linreg_gui.resources import resource_path
from linreg_gui.texts import tr
from linreg_gui.widgets.help.page import Page

_SIZE = (620, 660)


class FirstSteps(Page):
    """The steps. A word in bold is a word on the screen."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(tr("First steps"), _SIZE, theme, window)

    def write(self) -> None:
        """Write the steps."""
        steps = resource_path("help", "first-steps.md").read_text(encoding="utf-8")
        self.text.setHtml(markup(MarkdownIt().render(translated(steps))))

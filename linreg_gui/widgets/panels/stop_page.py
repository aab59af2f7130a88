"""The text of a stop: what it teaches, its lines, and what they print."""

from html import escape

from markdown_it import MarkdownIt
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from linreg_gui.guide.stops import Stop, StopOutput, lesson_lines
from linreg_gui.look.controls import area, fill, push_button, rich_label, show_text, text_label
from linreg_gui.look.flow import flow
from linreg_gui.look.mono_text import MonoText
from linreg_gui.look.plain import markup
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import GRID, MONO_FAMILY, Theme
from linreg_gui.settings import TrainingConfig, setting_of, used_settings, value_words
from linreg_gui.texts import tr
from linreg_gui.widgets.panels.code_view import CodeView

_MOST_LINES = 16
"""A longer output scrolls."""

_CODE_PIXELS = 13

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")


class StopPage(QWidget):
    """The text of a stop.

    Attributes
    ----------
    output : MonoText
        What the lines print.
    complaint, afterwards : QLabel
        Why the run failed, and the text for after it.
    settings : QLabel
        The settings that the stop is about, each with its value, as links.
    predict : QPushButton
        Opens “Predict first”; there if the stop asks for a prediction of the window's run.

    Signals
    -------
    setting_chosen(str)
        A person wants to change this setting.
    prediction_wanted()
        A person wants to predict the run of the window.
    """

    setting_chosen = Signal(str)
    prediction_wanted = Signal()

    def __init__(self, stop: Stop, theme: Theme) -> None:
        super().__init__()
        self._stop = stop
        self._theme = theme
        self.settings = rich_label()
        self.settings.setProperty("role", "muted")
        self.settings.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.settings.setObjectName("links")
        self.settings.setIndent(0)
        self.settings.setAccessibleName(tr("Settings of this stop"))
        self.settings.linkActivated.connect(self.setting_chosen)
        self.predict = push_button(tr("Predict the run first (Q)"), self.prediction_wanted)
        self._hidden = text_label(
            "muted", tr("Until that run begins, the window hides what would tell how it ends.")
        )
        for part in (self.predict, self._hidden):
            part.setVisible(bool(stop.predicts))
        self._caption = text_label("muted")
        self.output = MonoText()
        keep_scaled(self.output, setFont=_CODE_PIXELS)
        self.output.fit_height(_MOST_LINES)
        self.output.setAccessibleName(tr("Output"))
        self.complaint = text_label("error")
        self.afterwards = prose(stop.afterwards)
        title = text_label("group", stop.title)
        fill(
            QVBoxLayout(self),
            title,
            self.settings,
            flow(self.predict),
            self._hidden,
            prose(stop.opening),
            _code(lesson_lines(stop.functions), tr("From lesson.py"), theme),
            prose(stop.bridge),
            _code(stop.lines, tr("This stop runs"), theme),
            area(fill(QVBoxLayout(), self._caption, self.output, spacing=0)),
            self.complaint,
            self.afterwards,
            None,
            margins=(16, GRID, 16, 16),
        )

    def show_settings(self, config: TrainingConfig) -> None:
        """Show the values of the settings that the stop is about."""
        style = f"color: {self._theme.palette.accent}; text-decoration: none"
        links = [
            f'<a href="{name}" style="{style}">{escape(_words(name, config))}</a>'
            for name in self._stop.settings
            if name in used_settings(config)
        ]
        words = tr("Settings: {settings}").format(settings=" · ".join(links))
        show_text(self.settings, markup(words) if links else "")

    def show_result(self, output: StopOutput | None, complaint: str, *, is_done: bool) -> None:
        """Show what the lines have printed, or why they failed, and the text for after the run."""
        seed_words = tr("Its output, with seed {seed}")
        show_text(self._caption, seed_words.format(seed=output.seed) if output else "")
        text = output.text.rstrip() if output else ""
        self.output.setVisible(bool(text))
        if text != self.output.toPlainText():
            self.output.setPlainText(text)
        show_text(self.complaint, complaint)
        self.afterwards.setVisible(is_done and bool(self._stop.afterwards))

    @property
    def result_top(self) -> int:
        """Return how far below the top the result of a run begins, in pixels."""
        first = self.complaint if self._caption.isHidden() else self._caption
        return first.mapTo(self, first.rect().topLeft()).y()


def _words(name: str, config: TrainingConfig) -> str:
    """Return a setting and its value, in one line."""
    words = f"{setting_of(name).words().label} {value_words(getattr(config, name))}"
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def prose(markdown: str) -> QLabel:
    """Return a label with ``markdown``; hidden if there is none."""
    label = rich_label()
    label.setText(rendered(markdown))
    if not markdown:
        label.hide()
    return label


def rendered(markdown: str) -> str:
    """Return ``markdown`` as markup for a label.

    It may be somebody else's: markup in it is shown as text, and no picture is loaded.
    """
    style = f"<style>code {{ font-family: '{MONO_FAMILY}'; }}</style>"
    body: str = _MARKDOWN.render(markdown)
    return style + markup(body)


def _code(text: str, name: str, theme: Theme) -> QWidget:
    code = CodeView(theme, numbered=False)
    code.set_pixels(_CODE_PIXELS)
    code.setAccessibleName(name)
    code.set_code(text.rstrip())
    code.fit_height()
    captioned = area(fill(QVBoxLayout(), text_label("muted", name), code, spacing=0))
    if not text:
        captioned.hide()
    return captioned

"""What has pixels follows the scale, however deep it lies, and stays when the colors change."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.look.controls import area, fill, text_label
from linreg_gui.look.mono_text import MonoText
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import Mode, Theme


@pytest.mark.parametrize("scale", [1.0, 1.75, 2.5])
def test_fonts_follow_the_scale_and_keep_it_in_another_theme(
    qtbot: QtBot, theme: Theme, scale: float
) -> None:
    text, label = MonoText(), text_label("muted")
    keep_scaled(label, setFont=15)
    for widget in (text, label):
        qtbot.addWidget(widget)
        widget.show()
    theme.set_scale(scale)
    for mode in (Mode.LIGHT, Mode.DARK, Mode.LIGHT):
        theme.set_mode(mode)
        assert text.font().pixelSize() == round(14 * scale)


def test_a_label_with_a_least_size_gets_smaller_again(qtbot: QtBot, theme: Theme) -> None:
    label = text_label("title", "words", wraps=False)
    keep_scaled(label, setMinimumHeight=40)
    qtbot.addWidget(label)
    for scale in (2.0, 1.0):
        theme.set_scale(scale)
        assert label.sizeHint().height() == 40 * scale


def test_layouts_within_layouts_follow_the_scale(qtbot: QtBot, theme: Theme) -> None:
    inner = fill(QHBoxLayout(), text_label("", "words"), margins=(8, 8, 8, 8), spacing=4)
    widget = area(fill(QVBoxLayout(), fill(QHBoxLayout(), inner)))
    qtbot.addWidget(widget)
    theme.set_scale(2.0)
    assert inner.contentsMargins().left() == 16
    assert inner.spacing() == 8


def test_a_widget_that_lies_deep_is_styled_no_more_often(qtbot: QtBot, theme: Theme) -> None:
    changes: list[QEvent.Type] = []

    class Counting(QWidget):
        def changeEvent(self, event: QEvent) -> None:
            changes.append(event.type())
            super().changeEvent(event)

    widget: QWidget = Counting()
    for _ in range(10):
        widget = area(fill(QVBoxLayout(), widget))
    qtbot.addWidget(widget)
    widget.show()
    changes.clear()
    theme.set_scale(2.0)
    assert changes.count(QEvent.Type.StyleChange) == 2

"""Figures stand still, hyphens keep words together, and Han characters follow the language."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QTextLayout

from linreg_gui.languages import ENGLISH, speak
from linreg_gui.look import theme as look
from linreg_gui.look.theme import FONT_FAMILY, MONO_FAMILY, Theme, base_font, mono_font


@pytest.fixture(autouse=True)
def _english_again(theme: Theme) -> Iterator[None]:
    look._families.cache_clear()
    yield
    speak(ENGLISH)
    look._families.cache_clear()
    theme.take_language()


@pytest.mark.parametrize(
    ("code", "installed", "added"),
    [
        ("zh_CN", {"PingFang SC", "Hiragino Sans"}, ["PingFang SC"]),
        ("ja", {"PingFang SC", "Hiragino Sans"}, ["Hiragino Sans"]),
        ("zh_CN", {"Noto Sans CJK SC", "Microsoft YaHei UI"}, ["Microsoft YaHei UI"]),
        ("zh_CN", set(), []),
        ("uk", {"PingFang SC"}, []),
    ],
)
def test_one_typeface_of_the_system_is_added_for_the_language(
    monkeypatch: pytest.MonkeyPatch, code: str, installed: set[str], added: list[str]
) -> None:
    monkeypatch.setattr(QFontDatabase, "hasFamily", installed.__contains__)
    speak(code)
    assert base_font().families() == [FONT_FAMILY, *added]
    assert mono_font().families() == [MONO_FAMILY, *added]


def test_that_typeface_writes_and_the_next_language_has_another_one(theme: Theme) -> None:
    families = {"zh_CN": "Noto Sans CJK SC", "ja": "Noto Sans CJK JP"}
    if not all(map(QFontDatabase.hasFamily, families.values())):
        pytest.skip("fonts-noto-cjk is not installed")
    for code, family in families.items():
        speak(code)
        theme.take_language()
        layout = QTextLayout("直", base_font())
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        (run,) = layout.glyphRuns()
        assert run.rawFont().familyName() == family


@pytest.mark.usefixtures("theme")
@pytest.mark.parametrize("weight", [QFont.Weight.Normal, QFont.Weight.DemiBold])
def test_figures_are_equally_wide_and_a_hyphen_is_not(weight: QFont.Weight) -> None:
    width = QFontMetricsF(base_font(100, weight)).horizontalAdvance
    assert len({width(each) for each in "0123456789−"}) == 1
    assert width("-") < 0.8 * width("0")

"""Text and marks can be seen in both themes, and told apart without color."""

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt

from linreg_gui.data.dataset import MAX_FEATURES, DoubleArray
from linreg_gui.look.palette import DARK, LIGHT, Palette, Stroke, contrast
from linreg_gui.threads.kept_runs import MOST_RUNS

TEXT, MARK, DECORATION = 4.5, 3.0, 2.0
"""The least contrasts. Contours only guide the eye, and may be as faint as the last one."""

APART = 10.0
"""In CIE Lab, two colors this far apart are clearly different side by side."""

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
SIGHT = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)

both_themes = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def lab(color: str, sight: str) -> DoubleArray:
    """Return the color in CIE Lab as it is seen with this sight."""
    rgb = np.array([int(color[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(SIGHT[sight] @ linear, 0.0, 1.0)
    ratios = TO_XYZ @ seen / TO_XYZ.sum(axis=1)
    x, y, z = np.where(ratios > 216 / 24389, np.cbrt(ratios), (24389 / 27 * ratios + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one: str, other: str, sight: str) -> float:
    return float(np.linalg.norm(lab(one, sight) - lab(other, sight)))


def named_strokes(palette: Palette) -> Iterator[tuple[str, Stroke]]:
    for name, value in vars(palette).items():
        if isinstance(value, Stroke):
            yield name, value
    for index, stroke in enumerate(palette.parameters):
        yield f"w{index}", stroke
    for index in range(MOST_RUNS):
        yield f"run {index}", palette.run(index)


def test_the_contrast_of_known_colors() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#ffffff", "#000000") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#808080", "#808080") == 1.0


class TestText:
    @both_themes
    @pytest.mark.parametrize("name", ["text", "muted", "accent", "error", "warning", "literal"])
    @pytest.mark.parametrize("ground", ["window", "surface", "field"])
    def test_can_be_read_on_every_background(
        self, palette: Palette, name: str, ground: str
    ) -> None:
        assert contrast(getattr(palette, name), getattr(palette, ground)) >= TEXT

    @both_themes
    @pytest.mark.parametrize("name", ["text", "muted", "accent", "error", "literal"])
    def test_can_be_read_on_tinted_lines(self, palette: Palette, name: str) -> None:
        assert contrast(getattr(palette, name), palette.accent_soft) >= TEXT

    @both_themes
    @pytest.mark.parametrize("ground", ["accent", "accent_strong"])
    def test_can_be_read_on_the_accent(self, palette: Palette, ground: str) -> None:
        assert contrast(palette.on_accent, getattr(palette, ground)) >= TEXT

    @both_themes
    def test_in_a_picture_has_nearly_the_color_of_what_it_names(self, palette: Palette) -> None:
        for name, stroke in named_strokes(palette):
            color = palette.text_color(stroke)
            assert contrast(color, palette.surface) >= TEXT, name
            if contrast(stroke.color, palette.surface) >= TEXT:
                assert color == stroke.color, name
            else:
                assert contrast(color, palette.surface) < TEXT + 0.5, name


class TestMarks:
    @both_themes
    def test_of_quantities_can_be_seen_in_pictures(self, palette: Palette) -> None:
        contrasts = {
            name: contrast(stroke.color, palette.surface) for name, stroke in named_strokes(palette)
        }
        assert {name: value for name, value in contrasts.items() if value < MARK} == {}

    @both_themes
    @pytest.mark.parametrize("name", ["safe", "risky", "unsafe", "accent", "muted"])
    def test_of_controls_can_be_seen(self, palette: Palette, name: str) -> None:
        for ground in (palette.surface, palette.window):
            assert contrast(getattr(palette, name), ground) >= MARK

    @both_themes
    def test_contours_are_visible_and_no_more(self, palette: Palette) -> None:
        assert contrast(palette.contour, palette.surface) >= DECORATION


class TestWithoutColor:
    """Two quantities in one picture differ in line or symbol, or clearly in brightness or hue."""

    @staticmethod
    def differ_in_form(one: Stroke, other: Stroke, *, markers: bool) -> bool:
        return (
            one.line is not other.line
            or abs(one.width - other.width) >= 1
            or (markers and one.symbol != other.symbol)
        )

    def check(self, strokes: dict[str, Stroke], *, markers: bool) -> None:
        too_near = {}
        for one, other in itertools.combinations(strokes, 2):
            if not self.differ_in_form(strokes[one], strokes[other], markers=markers):
                for sight in SIGHT:
                    gap = distance(strokes[one].color, strokes[other].color, sight)
                    if gap < APART:
                        too_near[one, other, sight] = round(gap, 1)
        assert too_near == {}

    @both_themes
    def test_the_curves_of_parameters(self, palette: Palette) -> None:
        strokes = {
            f"parameter {index}": palette.parameter(index, MAX_FEATURES)
            for index in range(MAX_FEATURES + 1)
        }
        self.check(strokes, markers=False)
        assert len({stroke.symbol for stroke in strokes.values()}) == len(strokes)

    @both_themes
    def test_the_curves_of_the_loss(self, palette: Palette) -> None:
        own = ("batch_loss", "moving_loss", "corrected_loss", "epoch_loss", "test_loss")
        names = (*own, "truth", "least_squares", "what_if", "guess")
        self.check({name: getattr(palette, name) for name in names}, markers=False)

    @both_themes
    def test_the_marks_of_the_data_and_the_landscape(self, palette: Palette) -> None:
        for names in (
            ("data", "prediction", "truth", "minibatch", "what_if", "guess"),
            ("path", "what_if", "prediction", "least_squares", "truth", "guess"),
            ("minibatch", "full_gradient", "path"),
        ):
            self.check({name: getattr(palette, name) for name in names}, markers=True)

    @both_themes
    def test_the_kept_runs_and_what_they_are_drawn_over(self, palette: Palette) -> None:
        runs = {f"run {index}": palette.run(index) for index in range(MOST_RUNS)}
        looks = {(stroke.color, stroke.line) for stroke in runs.values()}
        assert len(looks) == MOST_RUNS
        for index in range(MOST_RUNS - 1):
            assert palette.run(index).line is not palette.run(index + 1).line
        assert all(stroke.line is not Qt.PenStyle.DashLine for stroke in runs.values())
        self.check({**runs, "moving_loss": palette.moving_loss}, markers=False)

    @both_themes
    def test_the_zones_of_the_learning_rate_differ_in_brightness_or_hue(
        self, palette: Palette
    ) -> None:
        zones = (palette.safe, palette.risky, palette.unsafe)
        for one, other in itertools.combinations(zones, 2):
            assert all(distance(one, other, sight) >= APART for sight in SIGHT)

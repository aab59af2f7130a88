"""The contrasts are read strictly, and posed on the data on screen where they depend on it."""

from dataclasses import replace

import numpy as np
import pytest

from linreg_gui.data.classics import samples
from linreg_gui.data.dataset import Dataset
from linreg_gui.guide.contrast_sides import obstacle, pose
from linreg_gui.guide.contrasts import OUTLIER, OWN, Contrast, parse_contrast, read_contrasts
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.plots.residual_plot import ResidualPlot
from linreg_gui.settings import DEFAULTS, Engine, TrainingConfig
from tests.support import made_data

GOOD = """# Two seeds

```contrast
picture: loss
both: examples 100; standardize on
left: seed 1
left words: Seed 1
right: seed 2; standardize off
right words: Seed 2
right units: standardized
```

Look at the start.

## What differs, and why?

The random numbers.
"""

PICTURES = {each.name for each in (DataPlot, LossPlot, ParametersPlot, LandscapePlot, ResidualPlot)}


def contrast_on(data: str) -> Contrast:
    return next(each for each in read_contrasts() if each.data == data)


class TestReading:
    def test_a_file_has_all_parts(self) -> None:
        contrast = parse_contrast("07-seeds", GOOD)
        left, right = contrast.sides
        assert (contrast.title, contrast.look) == ("Two seeds", "Look at the start.")
        assert (contrast.picture, contrast.answer) == ("loss", "The random numbers.")
        assert left.settings == {"examples": 100, "standardize": True, "seed": 1}
        assert right.settings == {"examples": 100, "standardize": False, "seed": 2}
        assert (left.words, left.is_standardized) == ("Seed 1", False)
        assert (right.words, right.is_standardized) == ("Seed 2", True)

    @pytest.mark.parametrize(
        ("old", "new", "complaint"),
        [
            ("picture: loss\n", "", "it has no picture"),
            ("left words: Seed 1\n", "", "each side needs words"),
            ("left: seed 1", "left: sead 1", "“sead 1” is no setting with a value"),
            ("left: seed 1", "left: seed", "“seed” is no setting with a value"),
            ("left: seed 1", "left: seed -1", "Seed cannot be −1"),
            ("standardize on", "standardize yes", "standardize can be on or off, not yes"),
            ("left: seed 1", "middle: seed 1", "cannot have the line “middle: seed 1”"),
            ("both:", "left:", "cannot have the line “left: seed 1”"),
            ("```contrast", "```python", "it must have one block “contrast”"),
            ("Look at the start.\n", "", "it must say what to look for"),
            ("## What differs, and why?", "## Why?", "its second heading must be"),
            ("# Two seeds", "Two seeds", "one heading of the first level"),
        ],
    )
    def test_a_mistake_is_named_with_the_file(self, old: str, new: str, complaint: str) -> None:
        with pytest.raises(ValueError, match=r"^07-seeds\.md: ") as caught:
            parse_contrast("07-seeds", GOOD.replace(old, new, 1))
        assert complaint in str(caught.value)

    def test_every_bundled_contrast_can_be_posed(self) -> None:
        changed = DEFAULTS.with_value("learning_rate", 0.1)
        contrasts = read_contrasts()
        assert len(contrasts) == 6
        for contrast in contrasts:
            left, right = pose(contrast, DEFAULTS, changed).sides
            assert contrast.picture in PICTURES, contrast.name
            assert left.words != right.words, contrast.name
            assert left.config != right.config, contrast.name
            assert left.config.seed == right.config.seed, contrast.name
            assert left.config.engine is right.config.engine is Engine.INSTANT


class TestOutlier:
    def test_a_classic_stands_in_if_no_example_stands_out(self) -> None:
        posed = pose(contrast_on(OUTLIER), DEFAULTS, DEFAULTS)
        left, right = posed.sides
        assert (left.words, right.words) == ("With row 2", "Without row 2")
        assert posed.note == "Anscombe 3: row 2 pulls the line most (x 13, y 12.74)."
        assert left.config.data is not None
        assert right.config.data is not None
        assert 12.74 in left.config.data.target
        assert 12.74 not in right.config.data.target
        assert (left.config.batch_size, right.config.batch_size) == (11, 10)

    def test_the_data_on_screen_is_taken_with_its_settings(self) -> None:
        data = with_outlier()
        applied = TrainingConfig(data=data, batch_size=7, learning_rate=0.02, epochs=9)
        left, right = pose(contrast_on(OUTLIER), applied, applied).sides
        assert left.words == "With row 26"
        assert left.config == replace(applied, engine=Engine.INSTANT)
        without = right.config.data
        assert without is not None
        assert np.array_equal(without.target, np.delete(data.target, 26))
        assert replace(right.config, data=data) == left.config


def with_outlier() -> Dataset:
    x = np.arange(30.0)
    y = x + np.sin(7 * x)
    y[26] += 40
    return made_data(x, y)


class TestOwnSettings:
    def test_a_change_is_needed_first(self) -> None:
        contrast = contrast_on(OWN)
        other_engine = DEFAULTS.with_value("engine", Engine.INSTANT)
        for settings in (DEFAULTS, other_engine):  # both engines take the same steps
            assert obstacle(contrast, DEFAULTS, settings).startswith("Change a setting first")
            with pytest.raises(ValueError, match="Change a setting first"):
                pose(contrast, DEFAULTS, settings)

    def test_each_side_is_headed_by_what_differs(self) -> None:
        changed = replace(DEFAULTS, learning_rate=0.1, batch_size=8)
        contrast = contrast_on(OWN)
        assert not obstacle(contrast, DEFAULTS, changed)
        left, right = pose(contrast, DEFAULTS, changed).sides
        assert left.words == "Learning rate 0.001; Batch size 4"
        assert right.words == "Learning rate 0.1; Batch size 8"
        assert right.config == replace(changed, engine=Engine.INSTANT)


def test_all_other_contrasts_have_no_obstacle() -> None:
    for contrast in read_contrasts():
        if contrast.data != OWN:
            assert not obstacle(contrast, DEFAULTS, DEFAULTS)


def test_the_classics_named_in_contrasts_exist() -> None:
    names = {sample.name for sample in samples()}
    assert {each.data for each in read_contrasts()} <= names | {"lesson", OUTLIER, OWN}

"""The gradient at a line in words: how steep the loss is, why, and which way is downhill."""

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.number_text import significant
from linreg_gui.texts import listed, shortened_name, tr
from linreg_gui.widgets.panels.parameter_row import SHORT_NAME


def slope_words(feature: str, slope: float) -> str:
    """Say how steep the loss is along a parameter, and where that comes from.

    ``feature`` is that of a weight, and empty for the bias.
    """
    if not slope:
        return tr("gradient 0: the loss is flat here")
    mean = tr("mean residual")
    if feature:
        is_short = len(feature) <= SHORT_NAME
        mean = tr("mean of residual · {feature}").format(
            feature=feature if is_short else tr("feature")
        )
    half = significant(-slope / 2)
    return tr("gradient {slope} = −2 · {half} ({mean}); move it {way}").format(
        slope=significant(slope),
        half=half if slope < 0 else f"({half})",
        mean=mean,
        way=tr("up") if slope < 0 else tr("down"),
    )


def downhill_words(
    parameters: tuple[str, ...],
    features: tuple[str, ...],
    gradient: DoubleArray,
    is_flat: DoubleArray,
) -> str:
    """Say in which direction each parameter has to move, the bias first.

    A weight that is called as its feature is said to be the slope for it.
    """
    names = [
        tr("the slope for {feature}").format(feature=shortened_name(name))
        if name in features
        else shortened_name(name)
        for name in parameters
    ]
    bias_first = range(-1, len(names) - 1)
    ways = {
        tr("{names} up"): [names[i] for i in bias_first if gradient[i] < 0 and not is_flat[i]],
        tr("{names} down"): [names[i] for i in bias_first if gradient[i] > 0 and not is_flat[i]],
    }
    moves = [words.format(names=listed(moved)) for words, moved in ways.items() if moved]
    if not moves:
        return tr("The gradient is 0: no line is better. A residual is the target minus ŷ.")
    return tr(
        "The gradient of all examples says: move {moves}. A residual is the target minus ŷ."
    ).format(moves=listed(moves))

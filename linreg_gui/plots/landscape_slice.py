"""The choice of the values of the parameters that are on no axis of the landscape."""

from collections.abc import Sequence
from enum import Enum

from linreg_gui.look.inputs import NumberField
from linreg_gui.look.scale import keep_scaled
from linreg_gui.number_text import typed
from linreg_gui.plots.title_row import Chooser
from linreg_gui.settings import parse_number, setting_of
from linreg_gui.texts import tr

_FIELD_WIDTH = 96


class Held(Enum):
    """The values of the parameters that are on no axis."""

    OPTIMUM = "optimum"
    NOW = "now"
    MINE = "my line"
    TYPED = "typed"


class HeldOptions:
    """A list of the choices, and a field for the value that a person types.

    Attributes
    ----------
    holds : Chooser
        The choices of `Held`.
    field : NumberField
        The typed value of a single parameter.
    """

    def __init__(self) -> None:
        words = tr("Value of the other parameter")
        self.holds = Chooser(words)
        bias = setting_of("start_bias")
        self.field = NumberField(
            lambda text: parse_number(text, bias, whole=False), typed, bias.step
        )
        keep_scaled(self.field, setFixedWidth=_FIELD_WIDTH)
        self.field.setAccessibleName(words)

    def show_choice(
        self, others: Sequence[str], held: Held, value: float, *, has_mine: bool
    ) -> None:
        """Offer what suits the parameters ``others``; ``value`` is the typed one.

        ``has_mine`` says whether somebody has a line in hand.
        """
        name = others[0] if len(others) == 1 else ""
        places = {Held.OPTIMUM: tr("optimum"), Held.NOW: tr("now")}
        if has_mine:
            places[Held.MINE] = tr("my line")
        if len(others) < 2:
            places[Held.TYPED] = tr("typed")
        self.holds.set_choices(
            {
                each: tr("{name}: {words}").format(name=name or tr("others"), words=place)
                for each, place in places.items()
            }
        )
        self.holds.set_value(held)
        self.holds.setVisible(bool(others))
        self.field.setVisible(held is Held.TYPED and bool(name))
        self.field.set_value(value)

"""The network shows the numbers of one example at each phase of a step."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.anatomy.network import Contents, contents_of
from linreg_gui.anatomy.step_trace import Phase, StepTrace
from linreg_gui.data.dataset import FloatArray
from linreg_gui.look.theme import Mode, Theme
from linreg_gui.widgets.panels.network_picture import NetworkPicture, Places

NAMES = ("median income", "bedrooms per household", *(f"feature {index}" for index in range(8)))


def made_trace(weights: list[float], bias: float = 3.7, m: int = 4) -> StepTrace:
    """Return a step that starts at these parameters, computed in single precision."""
    random = np.random.RandomState(7)
    d, rate = len(weights), np.float32(0.1)
    X = random.normal(size=(m, d)).astype(np.float32)
    before = np.array([*weights, bias], np.float32)
    y = random.normal(size=m).astype(np.float32)
    predictions = X @ before[:-1] + before[-1]
    slopes = 2 * (predictions - y) / np.float32(m)
    gradient = np.append(X.T @ slopes, slopes.sum()).astype(np.float32)
    return StepTrace(
        run_number=1,
        step=37,
        rows=np.arange(7340, 7340 + m),
        places=np.arange(7340, 7340 + m),
        full_size=4,
        features=X,
        target=y,
        predictions=predictions,
        loss=float(np.mean((predictions - y) ** 2)),
        gradient=gradient,
        before=before,
        after=before - rate * gradient,
        learning_rate=0.1,
        average_before=0.0,
        average_after=0.0,
        source="",
        lines={},
    )


TRACE = made_trace([2.0, -3.4])


@pytest.fixture
def picture(qtbot: QtBot, theme: Theme) -> Iterator[NetworkPicture]:
    # A window without a layout: offscreen ones complain when their least size changes.
    window = QWidget()
    qtbot.addWidget(window)
    picture = NetworkPicture(theme)
    picture.setParent(window)
    picture.set_names(NAMES[:2], "y")
    picture.resize(400, 260)
    window.resize(picture.size())
    with qtbot.waitExposed(window):
        window.show()
    yield picture
    window.close()


def shown(picture: NetworkPicture, phase: Phase, trace: StepTrace = TRACE) -> Contents:
    """Show the second example and return what is drawn."""
    picture.show_step(trace, phase, 1)
    assert picture.drawing.contents is not None
    return picture.drawing.contents


def is_rounded(text: str, value: float) -> bool:
    """Tell whether ``text`` is ``value``, but for half a unit of its last digit."""
    number = Decimal(text.replace("−", "-"))
    unit = Decimal(1).scaleb(int(number.as_tuple().exponent))
    return abs(number - Decimal(float(value))) <= unit * Decimal("0.501")


def are_rounded(texts: Sequence[str], values: FloatArray) -> bool:
    return all(is_rounded(*pair) for pair in zip(texts, values.tolist(), strict=True))


def numbers(contents: Contents) -> list[str]:
    return [edge.label.number for edge in contents.edges]


def test_the_example_arrives_at_the_features_and_its_target_at_the_output(
    picture: NetworkPicture,
) -> None:
    contents = shown(picture, Phase.TAKE)
    assert are_rounded([label.number for label in contents.inputs], TRACE.features[1])
    assert are_rounded(numbers(contents), TRACE.before[:-1])
    assert is_rounded(contents.bias.number, TRACE.before[-1])
    assert is_rounded(contents.compared[0].number, TRACE.target[1])
    assert contents.output.number == "ŷ", "no prediction yet"


def test_forward_each_edge_shows_its_product_and_the_output_the_prediction(
    picture: NetworkPicture,
) -> None:
    contents = shown(picture, Phase.FORWARD)
    products = TRACE.before[:-1] * TRACE.features[1]
    # The products are those of the digits shown.
    shown_products = np.array([float(text.replace("−", "-")) for text in numbers(contents)])
    assert shown_products == pytest.approx(products, abs=0.03)
    assert is_rounded(contents.output.number, TRACE.predictions[1])


def test_the_sum_is_written_out_in_the_digits_of_the_picture(picture: NetworkPicture) -> None:
    before, contents = shown(picture, Phase.TAKE), shown(picture, Phase.FORWARD)
    inputs = [label.number for label in contents.inputs]
    terms = [
        f"({text})" if "−" in text else text
        for pair in zip(inputs, numbers(before), strict=True)
        for text in pair
    ]
    assert contents.written == "{}·{} + {}·{} + {} = {}".format(
        *terms, contents.bias.number, contents.output.number
    )
    assert [edge.label.lead for edge in contents.edges] == [
        f"{terms[0]}·{terms[1]} =",
        f"{terms[2]}·{terms[3]} =",
    ]
    assert picture.written.text().replace("\N{NO-BREAK SPACE}", " ") == contents.written


def test_the_loss_shows_the_residual_and_its_square(picture: NetworkPicture) -> None:
    contents = shown(picture, Phase.LOSS)
    residual = TRACE.residuals[1]
    texts = [label.number for label in contents.compared]
    assert are_rounded(texts, np.array([TRACE.target[1], residual, float(residual) ** 2]))
    assert contents.written.startswith(f"ŷ − y = {contents.output.number} − ")
    assert contents.written.endswith(f" = {texts[2]}")


def test_backward_shows_the_gradients_and_says_whose_they_are(picture: NetworkPicture) -> None:
    contents = shown(picture, Phase.BACKWARD)
    assert are_rounded([*numbers(contents), contents.bias.number], TRACE.gradient)
    assert [edge.label.lead for edge in contents.edges] == ["w.grad ="] * 2
    assert contents.bias.lead == "b.grad ="
    assert contents.written == (
        "These gradients belong to the whole minibatch, not to one example."
    )


def test_the_updates_go_from_the_old_value_to_the_new_one(picture: NetworkPicture) -> None:
    weights, bias = shown(picture, Phase.UPDATE_W), shown(picture, Phase.UPDATE_B)
    leads = [edge.label.lead.removesuffix(" →") for edge in weights.edges]
    assert are_rounded(leads, TRACE.before[:-1])
    assert are_rounded(numbers(weights), TRACE.after[:-1])
    assert is_rounded(weights.bias.number, TRACE.before[-1]), "it is not its turn yet"
    assert is_rounded(bias.bias.lead.removesuffix(" →"), TRACE.before[-1])
    assert is_rounded(bias.bias.number, TRACE.after[-1])


def test_at_the_end_there_are_the_new_parameters_and_nothing_else(picture: NetworkPicture) -> None:
    contents = shown(picture, Phase.AVERAGE)
    assert are_rounded([*numbers(contents), contents.bias.number], TRACE.after)
    assert [label.number for label in contents.inputs] == ["", ""]
    assert contents.output.number == "ŷ"
    assert contents.compared == ()


def test_larger_weights_have_thicker_edges(picture: NetworkPicture) -> None:
    trace = made_trace([0.0, 0.5, -1.0, 2.0, -4.0])
    picture.set_names(NAMES[:5], "y")
    widths = [edge.width for edge in shown(picture, Phase.FORWARD, trace).edges]
    assert widths == sorted(set(widths))
    assert widths[0] == 1.0


def test_an_update_changes_thickness_by_as_much_as_the_weights(picture: NetworkPicture) -> None:
    # The largest weight halves: were the scale that of each phase, it would stay as thick.
    trace = made_trace([4.0, -1.0])
    object.__setattr__(trace, "after", np.array([2.0, -1.0, 0.0], np.float32))
    before, after = shown(picture, Phase.BACKWARD, trace), shown(picture, Phase.UPDATE_W, trace)
    assert before.edges[0].width == 8.0
    assert after.edges[0].width == 4.5
    assert before.edges[1].width == after.edges[1].width


def test_weights_that_are_all_zero_are_thin_lines(picture: NetworkPicture) -> None:
    trace = made_trace([0.0, 0.0], bias=0.0)
    contents = shown(picture, Phase.TAKE, trace)
    assert not any(edge.negative for edge in contents.edges)
    assert all("−" not in number for number in numbers(contents))


def test_a_negative_weight_is_dashed_and_has_its_sign(
    picture: NetworkPicture, theme: Theme
) -> None:
    contents = shown(picture, Phase.TAKE)
    assert [edge.negative for edge in contents.edges] == [False, True]
    assert numbers(contents)[1].startswith("−")
    image = picture.drawing.grab().toImage()
    edge_color = theme.palette.parameter(1, 2).color
    places = Places(contents, NAMES[:2], picture.drawing.width(), picture.drawing.height())
    start = int(places.inputs[1].right()) + 2
    end = int(places.on_edge(places.labels[1], places.rows[1]).left())
    y = int(places.rows[1])
    is_drawn = [image.pixelColor(x, y).name() == edge_color for x in range(start, end)]
    assert any(is_drawn)
    assert not all(is_drawn)


@pytest.mark.parametrize("dimension", range(1, 11))
@pytest.mark.parametrize("width", [344, 584])
def test_no_number_covers_another(qapp: QApplication, dimension: int, width: int) -> None:
    Theme(qapp, Mode.LIGHT).deleteLater()  # loads the typeface
    weights = [(-1.0) ** index * (index + 1) for index in range(dimension)]
    trace, names = made_trace(weights), NAMES[:dimension]
    for phase in Phase:
        contents = contents_of(trace, phase, 1)
        places = Places(contents, names, width, max(156, 22 * dimension))
        rects = [*places.inputs, places.output, places.bias]
        rects += [
            places.on_edge(label, y) for label, y in zip(places.labels, places.rows, strict=True)
        ]
        for index, rect in enumerate(rects):
            assert 0 <= rect.left() < rect.right() <= width
            assert not any(rect.intersects(other) for other in rects[:index])


def test_the_picture_stays_where_it_is_when_the_words_change(picture: NetworkPicture) -> None:
    places = set()
    for phase in (*Phase, *Phase):
        shown(picture, phase)
        QApplication.sendPostedEvents()
        places.add(picture.drawing.geometry().getRect())
    assert len(places) == 1


def test_it_says_which_example_of_the_minibatch_it_is(picture: NetworkPicture) -> None:
    shown(picture, Phase.TAKE)
    assert picture.heading.text() == "Example 2 of 4 · row 7,341"


def test_a_short_minibatch_shows_its_last_example(picture: NetworkPicture) -> None:
    picture.show_step(made_trace([2.0, -3.4], m=2), Phase.TAKE, 3)
    assert picture.heading.text() == "Example 2 of 2 · row 7,341"


def test_buttons_and_keys_go_through_the_minibatch(picture: NetworkPicture, qtbot: QtBot) -> None:
    chosen: list[int] = []
    picture.example_chosen.connect(chosen.append)
    shown(picture, Phase.TAKE)
    picture.next.click()
    picture.previous.click()
    picture.setFocus()
    qtbot.keyClick(picture, Qt.Key.Key_Right)
    qtbot.keyClick(picture, Qt.Key.Key_Left)
    assert chosen == [2, 0, 2, 0]


def test_the_minibatch_ends_with_its_last_example(picture: NetworkPicture, qtbot: QtBot) -> None:
    chosen: list[int] = []
    picture.example_chosen.connect(chosen.append)
    picture.show_step(TRACE, Phase.TAKE, 3)
    assert not picture.next.isEnabled()
    qtbot.keyClick(picture, Qt.Key.Key_Right)
    assert chosen == []


def test_without_a_step_it_says_what_will_appear(picture: NetworkPicture) -> None:
    assert picture.drawing.contents is None
    assert picture.heading.text() == "One example of a step will flow through here."
    assert picture.next.isHidden()


def test_screen_readers_get_the_equation_in_words(picture: NetworkPicture) -> None:
    contents = shown(picture, Phase.FORWARD)
    words = picture.accessibleDescription()
    assert words.count(" times ") == 2
    assert words.count(" plus ") == 2
    assert words.endswith(f" is {contents.output.number.replace('−', 'minus ')}")
    assert not set("·+=−()") & set(words)


class _PaintCounter(QObject):
    """Counts how often a widget is painted."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_equal_contents_are_not_painted_again(picture: NetworkPicture, qtbot: QtBot) -> None:
    shown(picture, Phase.TAKE)
    qtbot.wait(20)
    counter = _PaintCounter(picture)
    picture.drawing.installEventFilter(counter)
    shown(picture, Phase.TAKE, made_trace([2.0, -3.4]))
    qtbot.wait(20)
    assert counter.count == 0
    shown(picture, Phase.FORWARD)
    qtbot.waitUntil(lambda: counter.count == 1)


def test_it_takes_the_colors_of_the_theme(picture: NetworkPicture, theme: Theme) -> None:
    shown(picture, Phase.FORWARD)
    light = picture.grab().toImage()
    theme.set_mode(Mode.DARK)
    assert picture.grab().toImage() != light

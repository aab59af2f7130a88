"""The line that the lesson prints every 500 batches."""

from collections.abc import Iterator
from dataclasses import dataclass

from linreg_gui.texts import tr
from linreg_gui.training.steps import StepBatch

BATCHES_PER_LINE = 500


@dataclass(frozen=True)
class LogLine:
    """What is printed after step ``step``."""

    step: int
    text: str


def log_lines(batch: StepBatch, steps_per_epoch: int) -> Iterator[LogLine]:
    """Yield the lines that the steps of ``batch`` give: epoch and batch index count from 0."""
    step = batch.first_step
    while True:
        epoch, index = divmod(step - 1, steps_per_epoch)
        to_next_line = BATCHES_PER_LINE - 1 - index % BATCHES_PER_LINE
        to_epoch_end = steps_per_epoch - 1 - index
        if to_next_line > to_epoch_end:
            step += to_epoch_end + 1
        else:
            step += to_next_line
            if step > batch.last_step:
                return
            moving_loss = batch.moving_losses[step - batch.first_step]
            text = tr("epoch {epoch}  batch {index}  average {loss}").format(
                epoch=epoch, index=index + to_next_line, loss=f"{moving_loss:.6g}"
            )
            yield LogLine(step, text)
            step += 1
        if step > batch.last_step:
            return

"""From settings to a run that is ready to train. Runs on MXNet's thread."""

from linreg_gui.backend import seed_generators
from linreg_gui.data.dataset import Dataset
from linreg_gui.data.synthetic import draw_dataset
from linreg_gui.texts import tr
from linreg_gui.training.autograd_engine import AutogradEngine
from linreg_gui.training.config import TrainingConfig
from linreg_gui.training.history import History
from linreg_gui.training.numbers import format_whole
from linreg_gui.training.references import compute_references
from linreg_gui.training.run import Run
from linreg_gui.training.steps import TrainingEngine


def prepare_run(
    number: int, config: TrainingConfig, dataset: Dataset | None = None
) -> tuple[Run, TrainingEngine]:
    """Seed, draw the data where none is given, draw the start and set up the engine.

    The same settings give the same run, to the last bit.
    """
    seed_generators(config.seed)
    if dataset is None:
        dataset = draw_dataset(
            config.examples, config.true_weights, config.true_bias, config.noise_std
        )
    messages = []
    if config.batch_size > dataset.size:
        messages.append(
            tr("Batch size {asked} was reduced to {used}: there are no more examples.").format(
                asked=format_whole(config.batch_size), used=format_whole(dataset.size)
            )
        )
        config = config.with_value("batch_size", dataset.size)
    engine = AutogradEngine(dataset, config)
    run = Run(
        number=number,
        config=config,
        dataset=dataset,
        references=compute_references(dataset),
        history=History(engine.parameters, dataset.size, config.batch_size, config.learning_rate),
        planned_epochs=config.epochs,
        messages=messages,
    )
    return run, engine

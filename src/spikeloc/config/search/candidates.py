"""The candidates of a search: settings drawn at random, and their runs with each recipe."""

from typing import Any

from pydantic import ValidationError

from spikeloc.config.expansion import check_name
from spikeloc.config.experiments import Overrides
from spikeloc.config.models import Config
from spikeloc.config.parameters import RunParameters
from spikeloc.config.search.settings import drawn_settings
from spikeloc.config.swept_parameters import merge, nested
from spikeloc.io.errors import InputError, first_problem


def search_runs(config: Config) -> dict[str, list[RunParameters]]:
    """The run of each candidate, by recipe; its epochs are replaced in each round of the search.

    The candidate's settings override recipe and variant; without ``variant``, this is ``corrected``
    if the config has it.

    Raises:
        InputError: a recipe or the variant does not exist, or settings are not possible; the
            message names them.
    """
    if config.search is None:
        return {}
    for path, values in config.search.choices.items():
        for value in values:  # a value that is not drawn must be possible too
            try:
                Overrides.model_validate(nested(path, value))
            except ValidationError as error:
                raise InputError(f"search.choices: {first_problem(error)}") from None
    if config.search.variant is not None:
        check_name(config.search.variant, config.variants, "search.variant")
    in_variant = config.variants.get(config.search.variant or "corrected", Overrides()).changes()
    runs: dict[str, list[RunParameters]] = {}
    for recipe in config.search.recipes:
        check_name(recipe, config.recipes, "search.recipes")
        base = config.model_dump(include={"stimulus", "network", "training"})
        base = merge(merge(base, config.recipes[recipe].changes()), in_variant)
        runs[recipe] = [_run(base, settings) for settings in drawn_settings(config.search)]
    return runs


def _run(base: dict[str, Any], settings: dict[str, Any]) -> RunParameters:
    for path, value in settings.items():
        base = merge(base, nested(path, value))
    try:
        return RunParameters.model_validate(base).normalised()
    except ValidationError as error:
        raise InputError(f"search.choices: {first_problem(error)} ({settings})") from None

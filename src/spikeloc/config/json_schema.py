"""The JSON Schema of the config, which `make schema` writes to workflow/schemas."""

import json

from spikeloc.config.models import Config


def config_schema() -> str:
    """The schema as the text of ``workflow/schemas/config.schema.json``."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(schema | Config.model_json_schema(), indent=2) + "\n"


if __name__ == "__main__":
    print(config_schema(), end="")

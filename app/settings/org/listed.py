"""Lists of the file as mappings by place: a fault names the place, or the file of its own."""

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

from app.settings.org.faults import refusal


class SeparateFiles(dict[int | str, object]):
    """Warehouses by their places: a number in the file itself, or the name of their own file."""


def index_warehouses(warehouses: object) -> object:
    """The warehouses by their places. Raises ValueError where they are no list."""
    if isinstance(warehouses, dict) and not isinstance(warehouses, SeparateFiles):
        raise refusal("is not a list", "Write one item a line, each after a dash.")
    return index_list(warehouses)


def index_list(items: object) -> object:
    """A list as a mapping with its indexes as keys; anything else as it is."""
    return dict(enumerate(items)) if isinstance(items, list) else items


class ShownAsList:
    """In the JSON Schema a mapping by index is the list that it was."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, object]:
        """The schema of a list of the mapping's values."""
        return {"type": "array", "items": handler(core)["additionalProperties"], "minItems": 1}

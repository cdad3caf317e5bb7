"""What all rooms share while one API is built."""

from __future__ import annotations

from wxgen.python.inventory import names_of
from wxgen.python.places import Places
from wxgen.python.polarity import given_types
from wxgen.python.records import PyOption
from wxgen.python.results import Results
from wxgen.python.unnamed import UnnamedTypes
from wxgen.python.variables import Variables
from wxgen.spec.api import Api

__all__ = ["Whole"]


class Whole:
    """One API, and what is known of it in Python so far.

    Attributes:
        options: The option types that are built, by their names in the spec.
        members: The signatures of each class's members, by class and member; what it inherits too.
    """

    def __init__(self, api: Api) -> None:
        self.api = api
        self.taken = names_of(api)
        self.places = Places(api, self.taken)
        self.given = given_types(api)
        self.results = Results(api, self.places.symbols)
        self.variables = Variables(self.taken)
        self.unnamed = UnnamedTypes(self.taken, self.variables)
        self.types = {type_.name: type_ for type_ in api.types}
        self.classes = {class_.name: class_ for class_ in api.classes}
        self.declared = {option.name: option for option in api.options}
        self.options: dict[str, PyOption] = {}
        self.members: dict[str, dict[str, object]] = {}

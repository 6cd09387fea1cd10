"""How a room declares what can be set, in its parameters.py: `KEPT = declare(Parameter("backup.kept", 14, ...))`."""

from dataclasses import dataclass

Value = int | bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """A whole number from `least` to `most` of some `unit`, or yes and no (the default says which of the two).

    `label` and `hint` are worded `{zh, en}`; `unit` too, empty for none.
    """

    key: str
    default: Value
    label: dict[str, str]
    hint: dict[str, str]
    least: int = 0
    most: int = 1
    unit: dict[str, str] | None = None

    @property
    def kind(self) -> str:
        """`switch` or `number`."""
        return "switch" if isinstance(self.default, bool) else "number"

    def fits(self, value: object) -> bool:
        """Whether a value can be set."""
        if isinstance(self.default, bool):
            return isinstance(value, bool)
        return isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most


_known: dict[str, Parameter] = {}


def declare(parameter: Parameter) -> Parameter:
    """Make a parameter known. Raises ValueError for a key that another has, or a default that does not fit."""
    if not parameter.fits(parameter.default):
        raise ValueError(f"the default of {parameter.key!r} does not fit")
    if _known.setdefault(parameter.key, parameter) != parameter:
        raise ValueError(f"two parameters are called {parameter.key!r}")
    return parameter


def declared() -> list[Parameter]:
    """All of them, in the order of the rooms."""
    return list(_known.values())


def find(key: str) -> Parameter | None:
    """The parameter of a key."""
    return _known.get(key)

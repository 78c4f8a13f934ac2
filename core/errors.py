"""Errors that say what was found, what was expected and what to do about it."""


class FieldhouseError(Exception):
    """Base of all errors shown to people.

    Args:
        message: what went wrong, with the value found.
        expected: what would have been right.
        remedy: what the reader can do now.
    """

    def __init__(self, message: str, *, expected: str | None = None, remedy: str | None = None) -> None:
        self.message, self.expected, self.remedy = message, expected, remedy
        parts = [message]
        if expected:
            parts.append(f"Expected: {expected}")
        if remedy:
            parts.append(f"Remedy: {remedy}")
        super().__init__("\n".join(parts))


class PrerequisiteMissing(FieldhouseError):
    """The machine lacks something: a port, disk space, a program."""


class SourceUnavailable(FieldhouseError):
    """A source system did not answer."""


class InvalidInput(FieldhouseError):
    """Data or arguments that cannot be used as they are."""


class GateRefused(FieldhouseError):
    """The gate did not let an automatic action through."""

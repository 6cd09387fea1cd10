"""What can go wrong, in the words of the domain: a stable code, parameters, and what to do next.

The HTTP floor turns these into problem details (RFC 9457); clients word them by `code` and `params`.
"""

from typing import ClassVar


class DomainError(Exception):
    """A refusal with a stable `code`; `message` is the Chinese wording for people who read the raw answer."""

    status: ClassVar[int] = 400

    def __init__(self, code: str, message: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.field = field
        self.params = params
        # Set where the refusal itself is to be remembered: what was written before it stays.
        self.keeps_record = False


class Unauthenticated(DomainError):
    """Nobody is signed in, or the credentials are wrong."""

    status = 401


class Refused(DomainError):
    """The person is known, and may not do this."""

    status = 403


class NotFound(DomainError):
    """There is no such thing, or none that this person may see: the two look the same on purpose."""

    status = 404


class Conflict(DomainError):
    """Somebody else was first; `params` says who did what."""

    status = 409


class Invalid(DomainError):
    """The input cannot be used; `field` names it, or `fields` lists several refusals at once."""

    status = 422

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str | None = None,
        fields: "tuple[Invalid, ...]" = (),
        **params: object,
    ) -> None:
        super().__init__(code, message, field=field, **params)
        self.fields = fields


class Unavailable(DomainError):
    """Something that the platform stands on does not answer; `params["retry_after_s"]` says when to try again."""

    status = 503


class TooMany(DomainError):
    """Too often; `params["retry_after_s"]` says when to try again."""

    status = 429

"""A reporter's values as the audit may hold them: by keyed digest in the chain, by value where it can be erased."""

from yiwang.core.audit.actions import PersonalField
from yiwang.operations.cases.models import Reporter


def personal_of(reporter: Reporter | None) -> tuple[PersonalField, ...]:
    """The reporter's name and number for an entry; none without a reporter."""
    if reporter is None:
        return ()
    values = (("reporter.name", reporter.name), ("reporter.phone", reporter.phone))
    return tuple(PersonalField(reporter.subject_id, field, value) for field, value in values if value)

"""The password policy, beside Django's own checks for length, commonness and likeness to the account."""

from typing import Any

from django.core.exceptions import ValidationError

KINDS_NEEDED = 3


class KindsOfCharacter:
    """At least three of: lower case, upper case, digits, others (GB/T 22239-2019, 8.1.4.1 a: complexity)."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError `password_too_plain`."""
        kinds = [
            any(c.islower() for c in password),
            any(c.isupper() for c in password),
            any(c.isdigit() for c in password),
            any(not c.isalnum() for c in password),
        ]
        if sum(kinds) < KINDS_NEEDED:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        """What the person should do."""
        return "密码须包含大写字母、小写字母、数字、符号中的至少三种。"

"""What is shown of somebody where the whole is not for everybody. Pure."""


def masked_name(name: str) -> str:
    """王** for 王小明: the family name stays."""
    return name[:1] + "*" * max(len(name) - 1, 0)


def masked_phone(phone: str) -> str:
    """138****5678: at least four digits in the middle are hidden; a shorter number keeps its last two."""
    if len(phone) < 11:
        return "*" * max(len(phone) - 2, 0) + phone[-2:]
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def masked_mail(address: str) -> str:
    """a***@example.org; a text without @ keeps its first sign."""
    name, at, host = address.partition("@")
    return name[:1] + "*" * max(len(name) - 1, 3) + at + host if name else ""

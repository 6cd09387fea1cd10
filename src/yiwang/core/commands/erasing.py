"""A person goes out of the conflict boxes: what a refused command says is words that somebody wrote."""

from yiwang.core.commands.models import Command
from yiwang.core.erasing import Erasure, erases, holding, mask_rows

WORDS = ("body", "problem", "result", "note")


@erases("commands.command")
def erase_commands(erasure: Erasure) -> int:
    """Commands that name one of the objects, and any other that holds a certain text."""
    texts = [*map(str, erasure.objects), *erasure.certain]
    return len(mask_rows(holding(Command.objects.all(), texts, WORDS), WORDS, erasure))

"""Answers kept for a retry show what their sender saw: those that show an erased person are forgotten."""

from django.db import connection

from yiwang.core.erasing import Erasure, erases

# One pass for all texts: a table of a day's answers is large, and others wait for the erasure.
FORGET = """
    delete from http_givenanswer
    where exists (select from unnest(%s::bytea[]) as said where position(said in body) > 0)
"""


@erases("http.answer")
def erase_answers(erasure: Erasure) -> int:
    """Answers in which one of the objects is named, or a certain text stands."""
    texts = [text.encode() for text in (*map(str, erasure.objects), *erasure.certain)]
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [texts])
        return int(cursor.rowcount)

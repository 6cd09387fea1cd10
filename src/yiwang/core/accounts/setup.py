"""Making ready: the units with their posts, and the people who hold them."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from yiwang.core import clock
from yiwang.core.accounts import access, queries
from yiwang.core.accounts.models import Assignment, Post, User
from yiwang.core.setup import Finding, Found, Step


def units() -> Found:
    """The tree of units: a root alone is none yet; whether it is the right one only a person knows."""
    there, posts = queries.units().count(), Post.objects.filter(ended_on__isnull=True).count()
    finding = Finding.LOOK if there > 1 and posts else Finding.MISSING
    return Found(finding, {"units": there, "posts": posts}, mark=f"{there}-{posts}")


def people() -> Found:
    """Whoever holds a post beside those who administer people."""
    held = Assignment.objects.filter(queries.in_force(clock.today()))
    administer = held.filter(role__permissions__contains=[access.MANAGE_USERS])
    rows = User.objects.filter(is_active=True, pk__in=held.values("user_id"))
    others = rows.exclude(pk__in=administer.values("user_id"))
    waiting = others.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX).count()
    there = others.count()
    return Found(Finding.WELL if there else Finding.MISSING, {"people": there, "waiting": waiting})


STEPS = (
    Step("accounts.units", 20, "/admin/units", units),
    Step("accounts.people", 30, "/admin/people", people),
)

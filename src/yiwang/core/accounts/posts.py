"""The posts of a unit: made, renamed and ended here, by whoever reorganises it."""

from collections.abc import Collection

from django.db import transaction

from yiwang.core import clock
from yiwang.core.accounts import access
from yiwang.core.accounts.models import Assignment, Post, Unit
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid, NotFound


def of_unit(actor: Actor, unit_id: int) -> list[dict[str, object]]:
    """A unit's posts with their holders, those that were ended last. Two queries, and the unit's own."""
    unit = access.get_unit_for(actor, unit_id)
    rows = sorted(unit.posts.all(), key=lambda post: (post.ended_on is not None, post.pk))
    holders = holders_of(rows)
    return [present(post, holders.get(post.pk, [])) for post in rows]


def holders_of(posts: Collection[Post]) -> dict[int, list[Assignment]]:
    """Who holds these posts or will, by post. One query."""
    holders: dict[int, list[Assignment]] = {}
    held = Assignment.objects.filter(access.running(), post__in=posts).select_related("user", "role")
    for row in held.order_by("valid_from", "id"):
        holders.setdefault(row.post_id, []).append(row)
    return holders


def present(post: Post, holders: list[Assignment]) -> dict[str, object]:
    """A post on the wire."""
    return {
        "id": post.pk,
        "key": post.key,
        "name": post.name,
        "name_en": post.name_en,
        "ended_on": post.ended_on,
        "holders": [
            {
                "id": row.user_id,
                "name": row.user.name,
                "role": row.role.name,
                "role_en": row.role.name_en,
                "valid_from": row.valid_from,
                "valid_to": row.valid_to,
            }
            for row in holders
        ],
    }


@transaction.atomic
def create(actor: Actor, unit_id: int, *, name: str, name_en: str, usual_role: str) -> Post:
    """A new post of a unit. Raises NotFound, Refused, Conflict `unit_ended`, Invalid `required`, `post_taken`."""
    unit = access.get_unit_for(actor, unit_id, lock=True)
    if unit.valid_to is not None and unit.valid_to <= clock.today():
        raise Conflict("unit_ended", f"{unit.short_name}已撤销。")
    name = _free_name(unit, name)
    taken = set(unit.posts.values_list("key", flat=True))
    stem = usual_role.strip() or "post"
    key = next(key for key in (stem, *(f"{stem}_{n}" for n in range(2, len(taken) + 3))) if key not in taken)
    post = Post.objects.create(unit=unit, key=key, name=name, name_en=name_en.strip(), is_local=True)
    _record(actor, "create_post", post, None, {"unit": unit.code, "name": name, "key": key})
    return post


@transaction.atomic
def rename(actor: Actor, post_id: int, *, name: str, name_en: str) -> Post:
    """Another name. Raises as `create`, NotFound `post_not_found`."""
    post = _locked(actor, post_id)
    before = {"name": post.name, "name_en": post.name_en}
    post.name, post.name_en = _free_name(post.unit, name, post.pk), name_en.strip()
    post.is_local = True
    post.save(update_fields=["name", "name_en", "is_local"])
    _record(actor, "rename_post", post, before, {"name": post.name, "name_en": post.name_en})
    return post


@transaction.atomic
def end(actor: Actor, post_id: int) -> Post:
    """End a post today. Raises Conflict `post_held` (how many hold it or will), `post_ended`; NotFound, Refused."""
    post = _locked(actor, post_id)
    if post.ended_on is not None:
        raise Conflict("post_ended", "这个岗位已停用。")
    held = Assignment.objects.filter(access.running(), post=post).count()
    if held:
        raise Conflict("post_held", f"还有 {held} 人任此岗位，请先结束任职。", people=held)
    post.ended_on, post.is_local = clock.today(), True
    post.save(update_fields=["ended_on", "is_local"])
    _record(actor, "end_post", post, None, {"ended_on": post.ended_on.isoformat()})
    return post


def _locked(actor: Actor, post_id: int) -> Post:
    post = Post.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=post_id).first()
    if post is None:
        raise NotFound("post_not_found", "没有这个岗位。")
    access.get_unit_for(actor, post.unit_id)
    return post


def _free_name(unit: Unit, name: str, own: int | None = None) -> str:
    name = name.strip()
    if not name:
        raise Invalid("required", "请填写岗位名称。", field="name")
    if unit.posts.filter(name=name, ended_on__isnull=True).exclude(pk=own or 0).exists():
        raise Invalid("post_taken", "这个单位已有同名岗位。", field="name")
    return name


def _record(
    actor: Actor, verb: str, post: Post, before: dict[str, str] | None, after: dict[str, str]
) -> None:
    audit.record(
        actor.at(actor.scope_for(access.REORGANISE)),
        action=f"accounts.{verb}",
        object_type="post",
        object_id=str(post.pk),
        before=before,
        after=after,
    )

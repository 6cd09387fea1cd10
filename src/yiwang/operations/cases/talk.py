"""Cases can be talked about, by those who see them."""

from uuid import UUID

from django.db.models import Q, QuerySet

from yiwang.core import clock
from yiwang.core.accounts.models import Assignment, User
from yiwang.core.accounts.queries import holders, in_force, prefixes_of_area, prefixes_of_path
from yiwang.core.actor import Actor
from yiwang.core.comments.declare import About, commentable
from yiwang.core.events.declare import Audience
from yiwang.operations.cases import access
from yiwang.operations.cases.models import Case, Task


@commentable("case")
class CaseTalk:
    """Who sees a case, as `access.visible_to` has it, turned round."""

    def may_read(self, actor: Actor, object_id: UUID) -> bool:
        """Whether this person sees the case."""
        return access.list_cases_for(actor).filter(pk=object_id).exists()

    def readers(self, object_id: UUID) -> QuerySet[User]:
        """Everybody who sees it: by its place, by the units that ever had a task in it, and who reported it.

        Who is away sees it too, and so does whoever stands in.
        """
        case = Case.objects.get(pk=object_id)
        paths = unit_paths(case)
        where = Q(areas__overlap=prefixes_of_area(case.area_code))
        where |= Q(unit__path__in={above for path in paths for above in prefixes_of_path(path)})
        if case.reported_by is not None:
            where |= Q(user_id=case.reported_by)
        own = Assignment.objects.filter(
            where, in_force(clock.today()), role__permissions__contains=[access.VIEW]
        )
        standing_in = [holders(access.VIEW, area_code=case.area_code)]
        standing_in += [holders(access.VIEW, unit_path=path) for path in paths]
        seeing = Q(pk__in=own.values("user_id"))
        for people in standing_in:
            seeing |= Q(pk__in=people.order_by().values("pk"))
        return User.objects.filter(seeing, is_active=True)

    def about(self, object_id: UUID) -> About:
        """Its number, its page, and those who see it."""
        case = Case.objects.get(pk=object_id)
        audience = Audience(
            area_code=case.area_code,
            unit_paths=unit_paths(case),
            user_ids=(case.reported_by,) if case.reported_by else (),
            permission=access.VIEW,
        )
        return About(link=f"/cases/{case.pk}", audience=audience, params={"number": case.number})


def unit_paths(case: Case) -> tuple[str, ...]:
    """The paths of all units that have or had something to do for the case."""
    tasks = Task.objects.filter(case=case, unit__isnull=False)
    return tuple(sorted(set(tasks.values_list("unit__path", flat=True))))

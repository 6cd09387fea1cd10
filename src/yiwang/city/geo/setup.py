"""Making ready: the divisions that this installation serves."""

from yiwang.city.geo.models import Area
from yiwang.city.geo.validity import valid_on
from yiwang.core import clock
from yiwang.core.setup import Finding, Found, Step


def look() -> Found:
    """The district with its streets and communities; whether it is the right one only a person knows."""
    rows = Area.objects.filter(valid_on(clock.today()))
    district = rows.filter(level=Area.Level.DISTRICT).defer("geometry").order_by("code").first()
    if district is None:
        return Found(Finding.MISSING)
    facts = {
        "code": district.code,
        "name": district.name,
        "name_en": district.name_en,
        "streets": rows.filter(level=Area.Level.STREET).count(),
        "communities": rows.filter(level=Area.Level.COMMUNITY).count(),
        "simulated": rows.filter(simulated=True).exists(),
    }
    return Found(Finding.LOOK, facts, mark=f"{district.code}-{facts['streets']}-{facts['communities']}")


STEPS = (Step("geo.district", 10, "/admin/areas", look),)

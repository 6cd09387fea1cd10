"""Points, divisions and layers of the map."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from ninja import Query

from yiwang.city.geo import actions, queries
from yiwang.city.geo.coordinates import to_wgs84
from yiwang.city.geo.layers import LayerName, detail
from yiwang.city.geo.models import Area
from yiwang.city.geo.schemas import (
    AreaClassIn,
    AreaOut,
    AreasOut,
    FeatureCollection,
    LayerQuery,
    PlaceOut,
    PointQuery,
)
from yiwang.core.clock import today
from yiwang.core.errors import Invalid, NotFound
from yiwang.core.http.routes import ActingRequest, Router

router = Router(tags=["geo"])


@router.get("/geo/locate", permission="geo.view_map", response=PlaceOut)
def locate_point(request: HttpRequest, point: Query[PointQuery]) -> object:
    """What stands at a point: divisions, grids, people on duty, managing bodies; 404 outside the district."""
    lon, lat = to_wgs84(point.lon, point.lat, point.datum)
    place = queries.locate(lon, lat)
    if place is None:
        raise NotFound("outside_district", "这个点不在本区范围内。", lon=lon, lat=lat)
    return {
        "lon": lon,
        "lat": lat,
        "district": place.district,
        "street": place.street,
        "community": place.community,
        "unit_grid": place.unit_grid,
        "duty_grid": place.duty_grid,
        "duty_person": place.duty_person,
        "duty_people": place.duty_people,
        "managing_body": place.managing_body,
        "managing_bodies": place.managing_bodies,
        "area_class": place.area_class,
    }


@router.get("/geo/areas", permission="geo.view_map", response=AreasOut)
def list_areas(request: HttpRequest) -> object:
    """All divisions of the district, for trees and filters; parents before children."""
    day, edition = today(), queries.edition_number()
    return unless_known(request, f"areas-{edition}-{day}", lambda: _areas_text(day, edition))


@router.put("/geo/areas/{code}/class", permission="geo.edit_area", response=AreaOut)
def set_area_class(request: ActingRequest, payload: AreaClassIn, code: str) -> object:
    """Set or take away a division's management class (A, B, C), by which time limits may differ."""
    actions.set_area_class(request.actor, code, payload.area_class, note=payload.note)
    rows = queries.areas()
    return _areas(rows)[[row.code for row in rows].index(code)]


@router.get("/geo/layers/{layer}", permission="geo.view_map", response=FeatureCollection)
def get_layer(request: HttpRequest, layer: LayerName, wish: Query[LayerQuery]) -> object:
    """A layer as GeoJSON, as detailed as the zoom needs. Unit grids are given for a `bbox` only."""
    box = wish.box
    if layer == "unit-grids" and box is None:
        raise Invalid("bbox_required", "单元网格须按地图范围查询。", field="bbox")
    day, edition = today(), queries.edition_number()
    place = "all" if box is None else "_".join(map(repr, box))
    return unless_known(
        request,
        f"{layer}-{edition}-{day}-{detail(wish.zoom)}-{place}",
        lambda: queries.layer(layer, zoom=wish.zoom, box=box, day=day, edition=edition),
    )


def unless_known(request: HttpRequest, tag: str, text: Callable[[], bytes]) -> HttpResponse:
    """The JSON text under an entity tag; 304 without making it when the client holds it already."""
    etag = f'"{tag}"'
    answer: HttpResponse | None = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = HttpResponse(text(), content_type="application/json")
        answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return answer


@lru_cache(maxsize=2)
def _areas_text(day: date, edition: int) -> bytes:
    return AreasOut(items=_areas(queries.areas(day=day))).model_dump_json().encode()


def _areas(rows: Sequence[Area]) -> list[AreaOut]:
    """Divisions with the class that counts for each; parents come before children."""
    effective: dict[str | None, str | None] = {}
    for row in rows:
        effective[row.code] = row.management_class or effective.get(row.parent_id)
    return [
        AreaOut.model_validate(
            {
                "code": row.code,
                "parent": row.parent_id,
                "level": row.level,
                "kind": row.kind,
                "name": row.name,
                "name_en": row.name_en,
                "area_class": row.management_class,
                "effective_class": effective[row.code],
            }
        )
        for row in rows
    ]

"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (Permission("geo.view_map", {"zh": "查看地图与网格", "en": "View the map, areas and grids"}),)
"""Divisions and grids are no secret among the staff: whoever may see the map sees all of it."""

"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (
    Permission("geo.view_map", {"zh": "查看地图与网格", "en": "View the map, areas and grids"}),
    Permission("geo.edit_area", {"zh": "设置区域管理等级", "en": "Set the management class of areas"}),
)
"""Divisions and grids are no secret among the staff: whoever may see the map sees all of it."""

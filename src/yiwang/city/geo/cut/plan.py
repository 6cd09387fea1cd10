"""What is to be cut: streets with their points and communities, and how large things shall be."""

from dataclasses import dataclass, field

import shapely


@dataclass(frozen=True, slots=True)
class CommunityPlan:
    """A community (社区) or village (村). `code`: 12 digits, national. `urban`: lies in the street's town."""

    code: str
    urban: bool
    weight: float
    """Share of the street's land, relative to a village's 1."""


@dataclass(frozen=True, slots=True)
class StreetPlan:
    """A street, town or other unit of street level. `code`: 9 digits, national; point EPSG:4326, degrees."""

    code: str
    lon: float
    lat: float
    communities: tuple[CommunityPlan, ...]

    @property
    def weight(self) -> float:
        """Share of the district's land, relative to a village's 1."""
        return sum(community.weight for community in self.communities)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How fine the cut is: m² for areas, m for lengths.

    GB/T 30428.1 asks for unit grids of about 10,000 m². Generated grids are far larger, because nothing real
    (roads, walls, property lines) is known that would justify so fine a line.
    """

    urban_community_m2: float = 450_000
    urban_grid_m2: float = 50_000
    rural_grid_m2: float = 620_000
    urban_atom_m: float = 62
    rural_atom_m: float = 210
    coarse_m: float = 880
    smoothing_m: float = 90
    urban_grids_per_duty_grid: int = 4
    rural_grids_per_duty_grid: int = 8


@dataclass(frozen=True, slots=True)
class DistrictPlan:
    """The whole: an outline (Polygon, EPSG:4326, lon/lat) and what lies in it. `code`: 6 digits, national."""

    code: str
    outline: shapely.Polygon
    streets: tuple[StreetPlan, ...]
    sizes: Sizes = field(default_factory=Sizes)

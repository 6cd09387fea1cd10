"""Serial numbers of grids: west to east, north to south (GB/T 30428.1)."""

import numpy as np

from yiwang.city.geo.arrays import Floats, Ints


def reading_order(points: Floats, row_height: float) -> Ints:
    """The order [n] in which points [n, 2] (x east, y north) are numbered, as one reads a page.

    Points belong to one row when they lie within one band of `row_height`, counted from the northernmost.
    """
    rows = np.floor((points[:, 1].max() - points[:, 1]) / row_height)
    return np.lexsort((points[:, 0], rows)).astype(np.int64)


def unit_grid_code(community: str, serial: int) -> str:
    """15 digits: 12 of the community, 3 of the serial (1 to 999). Source: GB/T 30428.1-2013."""
    if not 1 <= serial <= 999:
        raise ValueError(f"{community}: a community holds 1 to 999 unit grids, not number {serial}")
    return f"{community}{serial:03d}"


def duty_grid_code(community: str, serial: int) -> str:
    """12 digits of the community, Z (责任), 2 of the serial: a local rule, there is no national form."""
    if not 1 <= serial <= 99:
        raise ValueError(f"{community}: a community holds 1 to 99 duty grids, not number {serial}")
    return f"{community}Z{serial:02d}"

"""Shares the atoms of a mesh among seeds: near ones belong together, every region is in one piece."""

import numpy as np

from yiwang.city.geo.arrays import Floats, Ints
from yiwang.city.geo.cut.mesh import Mesh

NOBODY = -1


class Waves:
    """A fixed smooth displacement of the plane: borders that would be straight wander like real ones."""

    PER_OCTAVE = 5

    def __init__(self, rng: np.random.Generator, octaves: tuple[tuple[float, float], ...]) -> None:
        vectors, phases, shifts = [], [], []
        for length, amplitude in octaves:
            angle = rng.uniform(0, 2 * np.pi, self.PER_OCTAVE)
            stretch = rng.uniform(0.7, 1.4, self.PER_OCTAVE)
            vectors.append(np.stack([np.cos(angle), np.sin(angle)]) * 2 * np.pi / (length * stretch))
            phases.append(rng.uniform(0, 2 * np.pi, self.PER_OCTAVE))
            shifts.append(rng.normal(0, amplitude / np.sqrt(self.PER_OCTAVE), (self.PER_OCTAVE, 2)))
        self._vectors, self._phases = np.concatenate(vectors, axis=1), np.concatenate(phases)
        self._shifts = np.concatenate(shifts)

    def __call__(self, points: Floats) -> Floats:
        """The points [n, 2] (metres), displaced."""
        return points + np.sin(points @ self._vectors + self._phases) @ self._shifts


def nearest(points: Floats, seeds: Floats, lead: Floats | None = None) -> Ints:
    """For each point [n, 2] the index of the nearest seed [k, 2]; `lead` [k] (m²) is taken off the squared
    distance, so that a seed with a greater lead gets more (a power diagram)."""
    # |p - s|² without |p|², which is the same for all seeds.
    cost = (seeds**2).sum(axis=1) - 2 * points @ seeds.T
    best: Ints = np.argmin(cost if lead is None else cost - lead, axis=1).astype(np.int64)
    return best


def fitted_lead(points: Floats, weights: Floats, seeds: Floats, wished: Floats, rounds: int = 60) -> Floats:
    """The lead [k] of each seed with which the shares of the points' weights come near the wished ones [k].

    No two leads differ so much that a seed would lose its own place to the other: what one of the two has too
    much and the other too little is split between them.
    """
    apart = ((seeds[:, None] - seeds[None]) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    wished = wished / wished.sum() * weights.sum()
    lead = np.zeros(len(seeds))
    for step in range(rounds):
        got = np.bincount(nearest(points, seeds, lead), weights, len(seeds))
        lead += (wished - got) / np.pi * (0.9 - 0.8 * step / rounds)
        lowered = np.minimum(lead, (lead[None] + 0.9 * apart).min(axis=1))
        raised = np.maximum(lead, (lead[None] - 0.9 * apart).max(axis=1))
        lead = (lowered + raised) / 2
    return lead


def spread_seeds(
    points: Floats, weights: Floats, count: int, rng: np.random.Generator, rounds: int = 3
) -> Floats:
    """`count` seeds [count, 2] that share the weighted points about evenly (a few rounds of k-means)."""
    seeds = points[rng.choice(len(points), count, replace=False, p=weights / weights.sum())]
    for _ in range(rounds):
        label = nearest(points, seeds)
        weight = np.bincount(label, weights, count)
        sums = np.stack([np.bincount(label, weights * points[:, axis], count) for axis in (0, 1)], axis=1)
        filled = weight > 0
        seeds[filled] = sums[filled] / weight[filled, None]
    return seeds


def components(count: int, edges: Ints) -> Ints:
    """The component [count] of each of `count` nodes: the smallest node that it is joined to by edges [m, 2]."""
    root = np.arange(count)
    while True:
        low = np.minimum(root[edges[:, 0]], root[edges[:, 1]])
        hooked = root.copy()
        np.minimum.at(hooked, root[edges[:, 0]], low)
        np.minimum.at(hooked, root[edges[:, 1]], low)
        while (jumped := hooked[hooked]).tolist() != hooked.tolist():
            hooked = jumped
        if (hooked == root).all():
            return root
        root = hooked


def in_one_piece(mesh: Mesh, label: Ints, within: Ints) -> Ints:
    """The labels [n], with what lies apart from its region's greatest piece given to neighbouring regions.

    `within` [n] is the parent of each atom: nothing changes its parent. Every parent is in one piece.
    """
    inner = mesh.edges[label[mesh.edges[:, 0]] == label[mesh.edges[:, 1]]]
    piece = components(len(label), inner)
    size = np.bincount(piece, mesh.areas, len(label))
    order = np.lexsort((size[piece], label))
    last = np.append(label[order][1:] != label[order][:-1], True)
    main_piece = dict(zip(label[order][last].tolist(), piece[order][last].tolist(), strict=True))
    keep = np.array([main_piece[name] for name in label.tolist()]) == piece
    return _adopted(mesh, np.where(keep, label, NOBODY), within)


def _adopted(mesh: Mesh, label: Ints, within: Ints) -> Ints:
    """Labels in which nobody's atoms have joined the neighbour with the longest common border."""
    siblings = within[mesh.edges[:, 0]] == within[mesh.edges[:, 1]]
    edges = np.concatenate([mesh.edges[siblings], mesh.edges[siblings][:, ::-1]])
    lengths = np.tile(mesh.lengths[siblings], 2)
    label = label.copy()
    while (label == NOBODY).any():
        open_edge = (label[edges[:, 0]] == NOBODY) & (label[edges[:, 1]] != NOBODY)
        if not open_edge.any():
            raise ValueError("a parent region is not in one piece")
        orphan, offer = edges[open_edge, 0], label[edges[open_edge, 1]]
        order = np.lexsort((offer, lengths[open_edge], orphan))
        last = np.append(orphan[order][1:] != orphan[order][:-1], True)
        label[orphan[order][last]] = offer[order][last]
    return label

"""Where the states and steps of a lifecycle stand in a picture: the main way in a row, what waits beside it above,
ways back beneath it in lanes, ends at the bottom. The same table always gives the same picture.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from yiwang.operations.cases.lifecycle import HELD, Group, Label, Table, Transition

WIDTH, HEIGHT, STEP, LANE = 128.0, 52.0, 214.0, 30.0
MARGIN, GAP = 36.0, 64.0
NEAR = 0.36  # where on a slanting line its words stand, from its start
BRACKET_FROM = 3  # that many starts of one step are drawn as one bracket


@dataclass(slots=True)
class Node:
    """A state; x, y is its middle, in the picture's units. `stays`: steps that do not leave it."""

    key: str
    label: Label
    group: str
    limit: dict[str, str] | None
    role: str  # "way", "beside" or "end"
    x: float = 0.0
    y: float = 0.0
    stays: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Edge:
    """Steps from one state (or from several, as a bracket) to another: their verbs, a path and where the words go."""

    starts: tuple[str, ...]
    end: str
    rows: list[Transition]
    kind: str  # "forward", "back", "beside", "end", "bracket", "opening"
    points: list[tuple[float, float]] = field(default_factory=list)
    at: tuple[float, float] = (0.0, 0.0)
    rest: list[tuple[float, float]] = field(default_factory=list)

    @property
    def style(self) -> str:
        """The strongest style of its steps."""
        styles = {row.style for row in self.rows}
        return next((s for s in ("primary", "danger", "default", "beside") if s in styles), "default")


@dataclass(slots=True)
class Graph:
    """The picture: its size, its nodes, its edges."""

    width: float
    height: float
    nodes: list[Node]
    edges: list[Edge]

    def as_json(self) -> dict[str, Any]:
        """The picture for a client that draws it itself."""
        return {
            "width": self.width,
            "height": self.height,
            "node_width": WIDTH,
            "node_height": HEIGHT,
            "nodes": [
                {
                    "key": n.key, "label": n.label, "group": n.group, "limit": n.limit, "role": n.role,
                    "x": n.x, "y": n.y, "stays": n.stays,
                }
                for n in self.nodes
            ],
            "edges": [
                {
                    "starts": list(e.starts), "end": e.end, "kind": e.kind, "style": e.style,
                    "steps": [{"verb": r.verb, "label": r.label, "style": r.style, "permission": r.permission}
                              for r in e.rows],
                    "points": [list(point) for point in e.points], "rest": [list(point) for point in e.rest],
                    "at": list(e.at),
                }
                for e in self.edges
            ],
        }  # fmt: skip


def graph(table: Table) -> Graph:
    """Lay a table out."""
    nodes = _nodes(table)
    edges = _edges(table, nodes)
    return _Layout(nodes, edges).graph()


def main_way(table: Table) -> list[str]:
    """The states of the main way, in the table's order: what openings and main steps lead to, up to an end."""
    found: set[str] = set()
    waiting = [key for row in table.openings() for key in row.ends()]
    while waiting:
        key = waiting.pop()
        if key in found:
            continue
        found.add(key)
        for row in table.leaving(key):
            if row.is_main and not row.request and table.states[key].group is Group.OPEN:
                waiting += row.ends()
    return [key for key in table.states if key in found]


def _nodes(table: Table) -> dict[str, Node]:
    way = set(main_way(table))
    return {
        state.key: Node(
            key=state.key,
            label=state.label,
            group=str(state.group),
            limit={"kind": state.limit.kind, "amount": state.limit.amount} if state.limit else None,
            role="way" if state.key in way else ("beside" if state.group is Group.OPEN else "end"),
            stays=[row.verb for row in table.leaving(state.key) if not row.outcomes],
        )
        for state in table.states.values()
    }


def _targets(table: Table, row: Transition) -> Iterator[str]:
    """The states a row may lead to; back where it was held is where the way into its start comes from."""
    yield from row.ends()
    if any(outcome.state == HELD for outcome in row.outcomes):
        into = [r for r in table.transitions if set(r.ends()) & set(row.start)]
        yield from dict.fromkeys(key for r in into for key in r.start if key not in row.start)


def _edges(table: Table, nodes: dict[str, Node]) -> list[Edge]:
    pairs: dict[tuple[tuple[str, ...], str], list[Transition]] = {}
    for row in table.transitions:
        held = any(outcome.state == HELD for outcome in row.outcomes)
        for end in dict.fromkeys(_targets(table, row)):
            starts = [start for start in row.start if start != end] or ([""] if not row.start else [])
            many = len(starts) >= BRACKET_FROM and nodes[end].role == "end"
            if held and nodes[row.start[0]].role == "end":
                continue  # the way back from a merge is the way into it
            for key in [tuple(starts)] if many else [(start,) for start in starts]:
                rows = pairs.setdefault((key, end), [])
                if row not in rows:
                    rows.append(row)
    return [Edge(starts, end, rows, "") for (starts, end), rows in pairs.items()]


class _Layout:
    def __init__(self, nodes: dict[str, Node], edges: list[Edge]) -> None:
        self.nodes, self.edges = nodes, edges
        self.way = [node for node in nodes.values() if node.role == "way"]
        self.order = {node.key: n for n, node in enumerate(self.way)}
        self.used: dict[tuple[str, str], int] = {}

    def graph(self) -> Graph:
        for number, node in enumerate(self.way):
            node.x = MARGIN + GAP + WIDTH / 2 + number * STEP
        for edge in self.edges:
            edge.kind = self._kind(edge)
        backs, skips = self._lanes("back"), self._lanes("skip")
        brackets = [edge for edge in self.edges if edge.kind == "bracket"]
        beside = [node for node in self.nodes.values() if node.role == "beside"]
        top = MARGIN + (HEIGHT + GAP * 1.6 if beside else 0) + (max(skips.values(), default=-1) + 1) * LANE
        for node in self.way:
            node.y = top + HEIGHT / 2
        base = top + HEIGHT + 26
        self._spread(beside, MARGIN + HEIGHT / 2)
        self._route_lanes("back", backs, lambda lane: base + lane * LANE)
        self._route_lanes("skip", skips, lambda lane: top - 22 - lane * LANE)
        low = base + (max(backs.values(), default=-1) + 1) * LANE + 6
        ends = [node for node in self.nodes.values() if node.role == "end"]
        bottom = low + len(brackets) * LANE + GAP + HEIGHT / 2
        self._spread(ends, bottom)
        for number, edge in enumerate(brackets):
            self._bracket(edge, low + number * LANE)
        for edge in self.edges:
            self._route(edge)
        self._say_once(top - (max(skips.values(), default=-1) + 1) * LANE - 12)
        right = max((node.x for node in self.nodes.values()), default=0) + WIDTH / 2 + MARGIN
        height = (bottom + 24 if ends else low) + HEIGHT / 2 + MARGIN
        return Graph(round(right, 1), round(height, 1), list(self.nodes.values()), self.edges)

    def _kind(self, edge: Edge) -> str:
        if len(edge.starts) > 1:
            return "bracket"
        start, end = edge.starts[0], edge.end
        if not start:
            return "opening"
        if start in self.order and end in self.order:
            distance = self.order[end] - self.order[start]
            return "forward" if distance == 1 else ("skip" if distance > 1 else "back")
        return "end" if self.nodes[end].role == "end" or self.nodes[start].role == "end" else "beside"

    def _lanes(self, kind: str) -> dict[int, int]:
        """A lane for each edge of a kind, so that those over the same stretch lie apart; short ones lie nearest."""
        wanted = [edge for edge in self.edges if edge.kind == kind]
        wanted.sort(key=lambda e: (abs(self.order[e.starts[0]] - self.order[e.end]), self.order[e.end]))
        lanes: list[list[tuple[int, int]]] = []
        found: dict[int, int] = {}
        for edge in wanted:
            low, high = sorted((self.order[edge.starts[0]], self.order[edge.end]))
            free = (n for n, taken in enumerate(lanes) if all(high <= a or low >= b for a, b in taken))
            lane = next(free, len(lanes))
            if lane == len(lanes):
                lanes.append([])
            lanes[lane].append((low, high))
            found[id(edge)] = lane
        return found

    def _route_lanes(self, kind: str, lanes: dict[int, int], height: Any) -> None:
        side = "bottom" if kind == "back" else "top"
        for edge in sorted((e for e in self.edges if e.kind == kind), key=lambda e: lanes[id(e)]):
            start, end = self.nodes[edge.starts[0]], self.nodes[edge.end]
            forward = start.x < end.x
            x0, x1 = self._port(start, side, right=forward), self._port(end, side, right=not forward)
            y = height(lanes[id(edge)])
            sign = 1 if side == "bottom" else -1
            edge_of = HEIGHT / 2 * sign
            edge.points = [(x0, start.y + edge_of), (x0, y), (x1, y), (x1, end.y + edge_of)]
            edge.at = ((x0 + x1) / 2, y - 4)

    def _port(self, node: Node, side: str, *, right: bool) -> float:
        """The next free place on a node's side: outgoing and incoming lines do not lie on each other."""
        place = (node.key, f"{side}{right}")
        number = self.used.get(place, 0)
        self.used[place] = number + 1
        offset = min(14 + 13 * number, WIDTH / 2 - 6)
        return node.x + (offset if right else -offset)

    def _spread(self, nodes: Sequence[Node], y: float) -> None:
        """In a row at a height, each near what it belongs to, none on another."""
        for node in nodes:
            node.x, node.y = self._middle(node), y
        last = MARGIN - STEP
        for node in sorted(nodes, key=lambda n: (n.x, n.key)):
            node.x = max(node.x, last + WIDTH + 46, MARGIN + WIDTH / 2)
            last = node.x

    def _middle(self, node: Node) -> float:
        keys = [key for e in self.edges if e.end == node.key for key in e.starts]
        keys += [e.end for e in self.edges if node.key in e.starts]
        known = [self.nodes[key].x for key in keys if key in self.order]
        return sum(known) / len(known) if known else MARGIN + WIDTH / 2

    def _bracket(self, edge: Edge, y: float) -> None:
        xs = sorted(self.nodes[key].x for key in edge.starts if key in self.order)
        if not xs:
            return
        end = self.nodes[edge.end]
        edge.points = [(xs[0] - WIDTH / 2, y), (end.x, y), (end.x, end.y - HEIGHT / 2)]
        edge.rest = [(end.x, y), (max(xs[-1] + WIDTH / 2, end.x), y)]
        edge.at = (xs[0] - WIDTH / 2 + 6, y - 4)

    def _route(self, edge: Edge) -> None:
        if edge.points:
            return
        end = self.nodes[edge.end]
        if edge.kind == "opening":
            edge.points, edge.at = self._opening(end)
            return
        start = self.nodes[edge.starts[0]]
        if edge.kind == "forward":
            edge.points = [(start.x + WIDTH / 2, start.y), (end.x - WIDTH / 2, end.y)]
            edge.at = ((start.x + end.x) / 2, start.y - 6)
            return
        down = end.y > start.y
        if abs(end.y - start.y) < 1:
            y = start.y + HEIGHT / 2
            x0, x1 = (self._port(n, "bottom", right=r) for n, r in ((start, True), (end, False)))
            edge.points, edge.at = [(x0, y), (x0, y + 24), (x1, y + 24), (x1, y)], ((x0 + x1) / 2, y + 20)
            return
        half = HEIGHT / 2 if down else -HEIGHT / 2
        x0 = self._port(start, "bottom" if down else "top", right=end.x >= start.x)
        x1 = self._port(end, "top" if down else "bottom", right=start.x > end.x)
        edge.points = [(x0, start.y + half), (x1, end.y - half)]
        edge.at = (x0 + (x1 - x0) * NEAR, start.y + half + (end.y - start.y - 2 * half) * NEAR)

    def _say_once(self, above: float) -> None:
        """Words beside the way stand clear of its lanes, and the same words at one node stand there once: the lines
        up to it and down from it bear their words at one height each, in the middle of those that say the same."""
        alike: dict[tuple[str, str, str], list[Edge]] = {}
        for edge in self.edges:
            if edge.kind != "beside" or len(edge.points) != 2:
                continue
            (x0, y0), (x1, y1) = edge.points
            y = above if y1 < y0 else y0 + 16 + 13 * len(edge.rows)
            edge.at = (x0 + (x1 - x0) * (y - y0) / (y1 - y0), y)
            side = edge.end if y1 < y0 else edge.starts[0]
            verbs = " ".join(row.verb for row in edge.rows)
            alike.setdefault((side, verbs, "up" if y1 < y0 else "down"), []).append(edge)
        for edges in alike.values():
            middle = sum(edge.at[0] for edge in edges) / len(edges)
            for edge in edges:
                edge.at = (round(middle, 1), edge.at[1])

    def _opening(self, end: Node) -> tuple[list[tuple[float, float]], tuple[float, float]]:
        if self.order.get(end.key) == 0:
            return [(end.x - WIDTH / 2 - 44, end.y), (end.x - WIDTH / 2, end.y)], (
                end.x - WIDTH / 2 - 24,
                end.y - 7,
            )
        x = self._port(end, "top", right=True)
        return [(x, end.y - HEIGHT / 2 - 40), (x, end.y - HEIGHT / 2)], (x, end.y - HEIGHT / 2 - 44)


def words(rows: Iterable[Transition], language: str) -> list[str]:
    """What the steps of an edge are called, each once."""
    return list(dict.fromkeys(row.label[language] for row in rows))

"""The lifecycle as a picture, SVG without script or outside parts; the words in the language that is asked for."""

from collections.abc import Iterator
from html import escape

from yiwang.operations.cases.lifecycle import Table
from yiwang.operations.cases.lifecycle.graph import HEIGHT, WIDTH, Edge, Graph, Node, graph, words
from yiwang.operations.cases.lifecycle.words import LIMIT_KIND_WORDS

FILLS = {"open": "#f0f6ff", "closed": "#eefaf1", "refused": "#f5f5f5", "merged": "#f6f0fc"}
LINES = {"open": "#2f6fd0", "closed": "#2f9150", "refused": "#8a8f98", "merged": "#7d55b8"}
STROKES = {"primary": "#2f6fd0", "danger": "#c2571a", "default": "#7c8794", "beside": "#a9b1bb"}
FONT = "'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
ROUND = 9.0


def svg(table: Table, language: str = "zh") -> str:
    """The whole picture."""
    return drawn(graph(table), language)


def drawn(picture: Graph, language: str) -> str:
    """A laid out picture as SVG."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {picture.width} {picture.height}"'
            f' width="{picture.width}" height="{picture.height}" font-family="{FONT}" font-size="12">',
            *_markers(),
            *(line for edge in picture.edges for line in _edge(edge)),
            *(line for node in picture.nodes for line in _node(node, language)),
            *(line for edge in picture.edges for line in _words(edge, language)),
            "</svg>",
            "",
        ]
    )


def _markers() -> Iterator[str]:
    yield "<defs>"
    for name, colour in STROKES.items():
        yield (
            f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
            f' orient="auto-start-reverse"><path d="M0 0.8 7.2 4 0 7.2z" fill="{colour}"/></marker>'
        )
    yield "</defs>"


def _edge(edge: Edge) -> Iterator[str]:
    if not edge.points:
        return
    dashes = ' stroke-dasharray="4 3"' if edge.kind in ("beside", "bracket") else ""
    width = 1.8 if edge.kind in ("forward", "opening") else 1.2
    yield (
        f'<path d="{_path(edge.points)}" fill="none" stroke="{STROKES[edge.style]}" stroke-width="{width}"{dashes}'
        f' marker-end="url(#{edge.style})"/>'
    )
    if edge.rest:
        yield f'<path d="{_path(edge.rest)}" fill="none" stroke="{STROKES[edge.style]}" stroke-width="1.2"{dashes}/>'


def _path(points: list[tuple[float, float]]) -> str:
    """Straight lines with rounded corners."""
    told = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        near, far = _towards(corner, before), _towards(corner, after)
        told.append(f"L{near[0]:g} {near[1]:g}Q{corner[0]:g} {corner[1]:g} {far[0]:g} {far[1]:g}")
    told.append(f"L{points[-1][0]:g} {points[-1][1]:g}")
    return "".join(told)


def _towards(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = max((dx * dx + dy * dy) ** 0.5, 0.001)
    part = min(ROUND, length / 2) / length
    return round(corner[0] + dx * part, 1), round(corner[1] + dy * part, 1)


def _node(node: Node, language: str) -> Iterator[str]:
    x, y = node.x - WIDTH / 2, node.y - HEIGHT / 2
    yield (
        f'<rect x="{x:g}" y="{y:g}" width="{WIDTH:g}" height="{HEIGHT:g}" rx="9" fill="{FILLS[node.group]}"'
        f' stroke="{LINES[node.group]}" stroke-width="1.4"/>'
    )
    size, rise = 14 if language == "zh" else 12, 1 if node.limit else -5
    yield _text(node.x, node.y - rise, node.label[language], size, 'font-weight="600" fill="#1d2733"')
    if node.limit:
        kind = LIMIT_KIND_WORDS[node.limit["kind"]]
        said = f"{node.limit['amount']} {kind[0] if language == 'zh' else kind[1]}"
        yield _text(node.x, node.y + 17, said, 11, 'fill="#5b6673"')


def _words(edge: Edge, language: str) -> Iterator[str]:
    if not edge.points:
        return
    anchor = "start" if edge.kind == "bracket" else "middle"
    said = words(edge.rows, language)
    lines = said if edge.kind in ("forward", "beside") else [("、" if language == "zh" else ", ").join(said)]
    for number, line in enumerate(reversed(lines)):
        yield (
            f'<text x="{edge.at[0]:g}" y="{edge.at[1] - 13 * number:g}" text-anchor="{anchor}" font-size="11"'
            ' fill="#3b4653" stroke="#ffffff" stroke-width="3.2" paint-order="stroke" stroke-linejoin="round">'
            f"{escape(line)}</text>"
        )


def _text(x: float, y: float, said: str, size: int, paint: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="middle" font-size="{size}" {paint}>{escape(said)}</text>'

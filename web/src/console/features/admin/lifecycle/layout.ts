/** Where the states of a lifecycle stand on the page, and how its steps run between them. Pure, in px. */
import { endsOf, outcomesOf, type Doc, type StateRow, type TransitionRow } from "./doc.ts";

export const NODE = { width: 168, height: 52 };
const PITCH = 104;
const PAD = { x: 28, y: 30 };
const LANE_X: Record<Lane, number> = { side: 0, main: NODE.width + 132, end: (NODE.width + 132) * 2 + 44 };
export type Lane = "main" | "side" | "end";

/** A step that starts from so many states is said on the node it leads to instead of drawn from each. */
const MANY = 5;

export interface Node {
  state: StateRow;
  x: number;
  y: number;
  lane: Lane;
  /** Steps that come from almost everywhere, by their places in the table. */
  fromMany: { index: number; count: number }[];
  opening: number[];
}

export interface Edge {
  key: string;
  from: string;
  to: string;
  steps: number[];
  main: boolean;
  path: string;
  label: { x: number; y: number };
}

export interface Layout {
  nodes: Node[];
  edges: Edge[];
  width: number;
  height: number;
}

const isDecision = (row: TransitionRow) => row.decision != null;

/** Steps forward on the main way: what is done with a case when nothing goes wrong. */
function forward(doc: Doc): { from: string; to: string }[] {
  const order = new Map(doc.states.map((state, index) => [state.key, index]));
  return doc.transitions
    .filter((row) => row.style === "primary" && !isDecision(row) && row.from.length > 0)
    .flatMap((row) => row.from.flatMap((from) => endsOf(row).map((to) => ({ from, to }))))
    .filter(({ from, to }) => (order.get(from) ?? 0) < (order.get(to) ?? 0));
}

/** The longest way forward from an opening: the backbone of the picture. */
export function backbone(doc: Doc): string[] {
  const edges = forward(doc);
  const best = new Map<string, string[]>();
  for (const state of [...doc.states].reverse()) {
    const ways = edges.filter((edge) => edge.from === state.key).map((edge) => best.get(edge.to) ?? []);
    const longest = ways.reduce<string[]>((a, b) => (b.length > a.length ? b : a), []);
    best.set(state.key, [state.key, ...longest]);
  }
  const openings = doc.transitions.filter((row) => row.from.length === 0).flatMap(endsOf);
  return openings.map((key) => best.get(key) ?? []).reduce<string[]>((a, b) => (b.length > a.length ? b : a), []);
}

/** The row of a state beside the backbone: that of the first state that leads to it, else before what it leads to. */
function rowOf(doc: Doc, key: string, main: Map<string, number>): number {
  const into = doc.transitions.filter((row) => row.from.length < MANY && endsOf(row).includes(key));
  const before = into.flatMap((row) => row.from.map((from) => main.get(from))).filter((at) => at !== undefined);
  if (before.length > 0) return Math.min(...before);
  const after = doc.transitions
    .filter((row) => row.from.includes(key) && row.from.length < MANY)
    .flatMap((row) => endsOf(row).map((to) => main.get(to)))
    .filter((at) => at !== undefined);
  return after.length > 0 ? Math.max(0, Math.min(...after) - 1) : main.size - 1;
}

/** The nearest free row, later ones first. */
function takeRow(taken: Set<number>, wanted: number): number {
  for (let away = 0; ; away += 1) {
    if (!taken.has(wanted + away)) return wanted + away;
    if (wanted - away >= 0 && !taken.has(wanted - away)) return wanted - away;
  }
}

function placeStates(doc: Doc): Map<string, { row: number; lane: Lane }> {
  const line = backbone(doc);
  const main = new Map(line.map((key, index) => [key, index]));
  const places = new Map<string, { row: number; lane: Lane }>();
  line.forEach((key, index) => places.set(key, { row: index, lane: "main" }));
  const taken = { side: new Set<number>(), end: new Set<number>() };
  for (const state of doc.states) {
    if (main.has(state.key)) continue;
    const lane = state.group === "open" ? "side" : "end";
    const row = takeRow(taken[lane], rowOf(doc, state.key, main));
    taken[lane].add(row);
    places.set(state.key, { row, lane });
  }
  return places;
}

export function layOut(doc: Doc): Layout {
  const places = placeStates(doc);
  const nodes = doc.states.map((state): Node => {
    const place = places.get(state.key) ?? { row: 0, lane: "end" as const };
    const lower = place.lane === "side" ? PITCH / 2 : 0;
    return {
      state,
      lane: place.lane,
      x: PAD.x + LANE_X[place.lane],
      y: PAD.y + place.row * PITCH + lower,
      fromMany: manyInto(doc, state.key),
      opening: doc.transitions.flatMap((row, index) => (row.from.length === 0 && endsOf(row).includes(state.key) ? [index] : [])),
    };
  });
  const width = PAD.x * 2 + LANE_X.end + NODE.width;
  const height = Math.max(0, ...nodes.map((node) => node.y)) + NODE.height + PAD.y + 14;
  return { nodes, edges: edgesOf(doc, nodes), width, height };
}

function manyInto(doc: Doc, key: string): Node["fromMany"] {
  return doc.transitions.flatMap((row, index) =>
    row.from.length >= MANY && outcomesOf(row).some((one) => one.state === key) ? [{ index, count: row.from.length }] : [],
  );
}

function edgesOf(doc: Doc, nodes: Node[]): Edge[] {
  const at = new Map(nodes.map((node) => [node.state.key, node]));
  const edges = new Map<string, Edge>();
  doc.transitions.forEach((row, index) => {
    if (row.from.length >= MANY) return;
    for (const from of row.from) {
      for (const to of endsOf(row)) {
        const start = at.get(from);
        const end = at.get(to);
        if (start === undefined || end === undefined || from === to) continue;
        const key = `${from}>${to}`;
        const edge = edges.get(key) ?? { key, from, to, steps: [], main: false, ...curve(start, end) };
        if (!edge.steps.includes(index)) edge.steps.push(index);
        edge.main ||= row.style === "primary" && !isDecision(row);
        edges.set(key, edge);
      }
    }
  });
  return [...edges.values()];
}

const middle = (node: Node) => ({ x: node.x + NODE.width / 2, y: node.y + NODE.height / 2 });

/** Neighbours are joined straight; further ones by arcs, onward on the right and back on the left. */
function curve(start: Node, end: Node): Pick<Edge, "path" | "label"> {
  if (start.lane === end.lane) return sameLane(start, end);
  const right = end.x > start.x;
  const up = end.y < start.y;
  // What runs to the right and what runs back to the left leave and arrive at different heights.
  const shift = right ? -9 : 9;
  const from = { x: right ? start.x + NODE.width : start.x, y: middle(start).y + shift };
  const to = { x: right ? end.x : end.x + NODE.width, y: middle(end).y + shift + (up ? 4 : -4) };
  const bend = (to.x - from.x) / 2;
  return {
    path: `M${from.x} ${from.y}C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`,
    label: { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 },
  };
}

function sameLane(start: Node, end: Node): Pick<Edge, "path" | "label"> {
  const a = middle(start);
  const b = middle(end);
  const rows = Math.round((b.y - a.y) / PITCH);
  if (rows === 1) {
    const y = start.y + NODE.height;
    return { path: `M${a.x} ${y}L${b.x} ${end.y}`, label: { x: a.x, y: y + 16 } };
  }
  const back = rows < 0;
  const reach = 44 + 14 * Math.min(4, Math.abs(rows) - (back ? 0 : 1));
  const side = back ? start.x : start.x + NODE.width;
  const peak = back ? side - reach : side + reach;
  const from = { x: side, y: a.y + (back ? -12 : 12) };
  const to = { x: side, y: b.y + (back ? 12 : -12) };
  return {
    path: `M${from.x} ${from.y}C${peak} ${from.y} ${peak} ${to.y} ${to.x} ${to.y}`,
    label: { x: side + (peak - side) * 0.9, y: (from.y + to.y) / 2 + (back ? 6 : -6) },
  };
}

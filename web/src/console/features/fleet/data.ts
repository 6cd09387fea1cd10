/** What the people map reads, and small reckonings along a trail. */
import type { components } from "#shared/api/schema.d.ts";

type Schemas = components["schemas"];
export type Last = Schemas["LastOut"];
export type Trail = Schemas["TrailOut"];
export type Vertex = Schemas["VertexOut"];
export type Tracked = Schemas["TrackedPerson"];

/** The start and end of a day of the district, as the server takes them. */
export function spanOf(day: string): { from: string; to: string } {
  const from = new Date(`${day}T00:00:00+08:00`);
  return { from: from.toISOString(), to: new Date(from.getTime() + 86_400_000).toISOString() };
}

/** Where somebody was at a moment (ms): on the line between two vertices; before, after and over a gap the vertex before. */
export function placeAt(trail: Pick<Trail, "lines">, ms: number): [number, number] | null {
  let last: [number, number] | null = null;
  for (const line of trail.lines) {
    for (const [index, vertex] of line.entries()) {
      const at = Date.parse(vertex.at);
      const before = line[index - 1];
      if (at > ms) {
        if (before === undefined) return last ?? [vertex.lon, vertex.lat];
        const began = Date.parse(before.at);
        const share = (ms - began) / (at - began);
        return [before.lon + (vertex.lon - before.lon) * share, before.lat + (vertex.lat - before.lat) * share];
      }
      last = [vertex.lon, vertex.lat];
    }
  }
  return last;
}

/** The first and the last moment of a trail (ms); null for an empty one. */
export function endsOf(trail: Pick<Trail, "lines">): [number, number] | null {
  const first = trail.lines[0]?.[0];
  const last = trail.lines.at(-1)?.at(-1);
  return first === undefined || last === undefined ? null : [Date.parse(first.at), Date.parse(last.at)];
}

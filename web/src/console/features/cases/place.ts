/** The place that was written into a case when it was opened, as rows of facts. */

type Named = { name?: unknown; name_en?: unknown } | null | undefined;

export interface PlaceFact {
  key: "street" | "community" | "duty_grid" | "unit_grid" | "duty_person" | "managing_body";
  value: string;
}

function nameOf(part: unknown): string {
  const named = part as Named;
  return typeof named?.name === "string" ? named.name : "";
}

function person(part: unknown): string {
  const found = part as { name?: unknown; post?: unknown } | null | undefined;
  if (typeof found?.name !== "string") return "";
  return typeof found.post === "string" && found.post !== "" ? `${found.name}（${found.post}）` : found.name;
}

export function placeFacts(place: Record<string, unknown>): PlaceFact[] {
  const facts: PlaceFact[] = [
    { key: "street", value: nameOf(place["street"]) },
    { key: "community", value: nameOf(place["community"]) },
    { key: "duty_grid", value: nameOf(place["duty_grid"]) },
    { key: "unit_grid", value: typeof place["unit_grid"] === "string" ? place["unit_grid"] : "" },
    { key: "duty_person", value: person(place["duty_person"]) },
    { key: "managing_body", value: nameOf(place["managing_body"]) },
  ];
  return facts.filter((fact) => fact.value !== "");
}

/** Streets and the communities below them, narrowed by name. */
import type { Area } from "#shared/api/types.ts";

const fits = (area: Area, words: string) => words === "" || `${area.name} ${area.name_en} ${area.code}`.toLowerCase().includes(words.toLowerCase());

export function communitiesOf(all: Area[], street: string, text: string): Area[] {
  const words = text.trim();
  const below = all.filter((area) => area.parent === street);
  const parent = all.find((area) => area.code === street);
  return parent !== undefined && words !== "" && fits(parent, words) ? below : below.filter((area) => fits(area, words));
}

export function streetsOf(all: Area[], text: string): Area[] {
  const words = text.trim();
  const district = all.find((area) => area.level === "district");
  const streets = all.filter((area) => area.parent === district?.code);
  return streets.filter((area) => fits(area, words) || communitiesOf(all, area.code, words).length > 0);
}

/** What the duty screens read, and small reckonings with days of the district ("2026-11-23"). */
import { useQuery } from "@pinia/colada";
import { computed } from "vue";
import { useRoute, useRouter } from "vue-router";
import { api, take } from "#shared/api/client.ts";
import type { components } from "#shared/api/schema.d.ts";

type Schemas = components["schemas"];
export type Roster = Schemas["RosterOut"];
export type RosterRow = Schemas["RosterRow"];
export type Shift = Schemas["ShiftOut"];
export type Cell = Schemas["CellOut"];
export type CellIn = Schemas["CellIn"];
export type PlanIn = Schemas["RosterPlanIn"];
export type Preview = Schemas["RosterPreview"];
export type Clash = Schemas["ClashOut"];
export type MonthCell = Schemas["MonthCell"];
export type Clocking = Schemas["ClockingOut"];
export type Swap = Schemas["SwapOut"];
export type SkilledPerson = Schemas["SkilledPerson"];
export type DutyUnit = Schemas["DutyUnitOut"];

const DAY_MS = 86_400_000;

export function plusDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Monday is 0. */
export function weekday(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

export const mondayOf = (day: string): string => plusDays(day, -weekday(day));

export function plusMonths(day: string, months: number): string {
  const at = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  at.setUTCMonth(at.getUTCMonth() + months);
  return at.toISOString().slice(0, 10);
}

/** Units of which one sees the roster, and the one that is chosen: by the address, else the first. */
export function useDutyUnit(fits: (unit: DutyUnit) => boolean = () => true) {
  const route = useRoute();
  const router = useRouter();
  const units = useQuery({
    key: ["duty", "units"],
    query: ({ signal }) => take(api.GET("/api/v1/duty/units", { signal })),
    staleTime: 60_000,
  });
  const items = computed(() => (units.data.value?.items ?? []).filter(fits));
  /** Chosen in the address; without it the largest of those that have a roster. */
  const named = computed(() => items.value.find((one) => one.id === Number(route.query["unit"])));
  const weight = (one: DutyUnit): number => one.people + (one.rostered ? 10_000 : 0);
  const unit = computed(() => named.value ?? [...items.value].sort((one, other) => weight(other) - weight(one))[0]);
  async function choose(id: number | undefined): Promise<void> {
    await router.replace({ query: { ...route.query, unit: id === undefined ? undefined : String(id) } });
  }
  return { units, items, unit, named, choose };
}

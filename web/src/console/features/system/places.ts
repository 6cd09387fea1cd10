import type { RouteLocationRaw } from "vue-router";

/** Where a sign is put right: a screen of the console, for those who may open it. */
const PLACES: Record<string, { route: string; permission: string; query?: Record<string, string> }> = {
  dead_letters: { route: "system.dead-letters", query: { show: "open" }, permission: "system.view_state" },
  dead_deliveries: { route: "system.dead-letters", query: { show: "deliveries" }, permission: "system.view_state" },
  stuck_marks: { route: "system.dead-letters", query: { show: "marks" }, permission: "system.view_state" },
  failed_jobs: { route: "system.jobs", permission: "system.view_state" },
  jobs: { route: "system.jobs", permission: "system.view_state" },
  backup: { route: "system.backups", permission: "system.view_state" },
  calendar: { route: "admin.calendars", permission: "calendars.edit_calendar" },
};

export function placeOf(sign: string, can: (permission: string) => boolean): RouteLocationRaw | null {
  const place = PLACES[sign];
  return place !== undefined && can(place.permission) ? { name: place.route, ...(place.query && { query: place.query }) } : null;
}

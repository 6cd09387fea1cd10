/** Where a sign is put right: a screen of the console, for those who may open it. */
const PLACES: Record<string, { route: string; permission: string }> = {
  dead_letters: { route: "system.dead-letters", permission: "system.view_state" },
  dead_deliveries: { route: "system.dead-letters", permission: "system.view_state" },
  stuck_marks: { route: "system.dead-letters", permission: "system.view_state" },
  failed_jobs: { route: "system.jobs", permission: "system.view_state" },
  jobs: { route: "system.jobs", permission: "system.view_state" },
  backup: { route: "system.backups", permission: "system.view_state" },
  calendar: { route: "admin.calendars", permission: "calendars.edit_calendar" },
};

export function placeOf(sign: string, can: (permission: string) => boolean): string | null {
  const place = PLACES[sign];
  return place !== undefined && can(place.permission) ? place.route : null;
}

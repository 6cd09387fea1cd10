/** Patrols on the phone: one's tasks of today with their forms, calls and hand-overs, and what is done here but not sent. */
import { api, take } from "#shared/api/client.ts";
import type { components } from "#shared/api/schema.d.ts";
import type { Form } from "#shared/forms/declared/rules.ts";
import type { LoggedCommand } from "./db.ts";
import { keep, kept, useKept } from "./packet.ts";

type Schemas = components["schemas"];
export type Packet = Schemas["PatrolPacket"];
export type PatrolTask = Schemas["PatrolTaskOut"];
export type Point = Schemas["PatrolPoint"];
export type Call = Schemas["CallOut"];
export type HandOver = Schemas["HandOverOut"];

export const patrolLane = (taskId: string): string => `task:${taskId}`;
const formKey = (key: string, version: number): string => `form:${key}:${version}`;

export const useMyPatrol = () => useKept<Packet>("patrol.mine", () => take(api.GET("/api/v1/patrol/mine")));

export async function readForm(key: string, version: number): Promise<Form> {
  const known = await kept<Form>(formKey(key, version));
  if (known !== undefined) return known.value;
  const { form } = await take(api.GET("/api/v1/forms/{key}", { params: { path: { key }, query: { version } } }));
  await keep(formKey(key, version), form);
  return form as Form;
}

/** The forms of today's tasks: a version never changes, so each is asked for once. */
export async function takeForms(packet: Packet): Promise<void> {
  for (const { key, version } of packet.forms) await readForm(key, version);
}

const isOpen = ({ state }: LoggedCommand): boolean => state === "waiting" || state === "sending";

/** A task as it will be once what lies here has arrived. */
export function withUnsent(task: PatrolTask, log: LoggedCommand[]): PatrolTask {
  const lane = patrolLane(task.id);
  const mine = log.filter((one) => one.lane === lane && isOpen(one));
  if (mine.length === 0) return task;
  const points = task.points.map((point) => pointAfter(point, mine, task.form !== ""));
  const said = mine.map((one) => one.kind);
  const state = said.includes("patrol.finish") ? "done" : said.includes("patrol.start") ? "under_way" : task.state;
  return { ...task, points, state, done_count: points.filter((point) => point.done).length };
}

/** Done is what has its form; where none is asked for, where one has been. How near that was, the server says. */
function pointAfter(point: Point, commands: LoggedCommand[], asksForm: boolean): Point {
  const here = commands.filter((one) => one.body["point_id"] === point.id);
  const seen = here.find((one) => one.kind === "patrol.check_in");
  const filled = here.find((one) => one.kind === "patrol.fill");
  if (seen === undefined && filled === undefined) return point;
  return {
    ...point,
    done: point.done || (asksForm ? filled !== undefined : seen !== undefined),
    checked_in_at: seen?.at ?? point.checked_in_at,
    filled_id: filled?.id ?? point.filled_id,
    filled_at: filled?.at ?? point.filled_at,
  };
}

/** What a person answered a call, with what lies here unsent. */
export function stateOf(call: Call, log: LoggedCommand[]): Call["my_state"] {
  const last = log.filter((one) => one.kind === "patrol.answer_call" && one.body["call_id"] === call.id && isOpen(one)).at(-1);
  const said = last?.body["answer"];
  if (said === "accept") return "accepted";
  if (said === "decline") return "declined";
  return said === "arrived" ? "arrived" : call.my_state;
}

/** Where a point is: itself, or the middle of what is walked. */
export function middle(point: Point): { lon: number; lat: number } {
  const { type, coordinates } = point.shape;
  const at = (type === "Point" ? coordinates : coordinates[Math.floor(coordinates.length / 2)]) as [number, number];
  return { lon: at[0], lat: at[1] };
}

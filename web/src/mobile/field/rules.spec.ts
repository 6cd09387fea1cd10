import { describe, expect, it } from "vitest";
import type { CaseAction, Lifecycle } from "#shared/api/types.ts";
import type { LoggedCommand } from "./db.ts";
import { nearestPlace, nextWay } from "./duty.ts";
import { afterSteps, laneOf, pendingSteps } from "./offline-steps.ts";
import { stateOf, withUnsent, type Call, type PatrolTask } from "./patrol.ts";
import { better, metres } from "./place.ts";
import { blankReport, lacking, nextSlot, reportBody } from "./report.ts";

const command = (more: Partial<LoggedCommand>): LoggedCommand =>
  ({ id: "c", seq: 1, kind: "cases.advance", at: "2026-07-12T02:00:00.000Z", body: {}, lane: "", title: "", pictures: [], state: "waiting", ...more }) as LoggedCommand;

describe("a report", () => {
  const here = { lon: 114.8, lat: 30.84, accuracy_m: 12, at: 0 };
  const photo = (slot: string) => ({ file_id: "f", slot });

  it("lacks a photo, a place and a class, and nothing else", () => {
    expect(lacking(blankReport(), [], null)).toEqual(["photo", "place", "category"]);
    expect(lacking({ ...blankReport(), category: "a" }, [photo("near")], here)).toEqual([]);
  });

  it("that was put right on the spot shows before and after", () => {
    const mended = { ...blankReport(), category: "a", mended: true };
    expect(lacking(mended, [photo("before")], here)).toEqual(["after"]);
    expect(lacking(mended, [photo("before"), photo("after")], here)).toEqual([]);
  });

  it("says the name of its class where nobody said more, and where the phone was", () => {
    const body = reportBody({ ...blankReport(), category: "a" }, [], here, "暴露垃圾");
    expect(body).toMatchObject({ description: "暴露垃圾", lon: 114.8, lat: 30.84, verb: "" });
    const moved = reportBody({ ...blankReport(), point: { lon: 1, lat: 2 } }, [], here, "x");
    expect(moved).toMatchObject({ lon: 1, lat: 2 });
  });

  it("fills its slots in turn", () => {
    expect(nextSlot([], ["near", "far"])).toBe("near");
    expect(nextSlot([{ slot: "near" }], ["near", "far"])).toBe("far");
    expect(nextSlot([{ slot: "near" }, { slot: "far" }], ["near", "far"])).toBe("far");
  });
});

describe("steps that wait", () => {
  const label = { zh: "x", en: "x" };
  const transition = (verb: string, start: string[], ends: string[]) =>
    ({ verb, start, ends, label, permission: "p", style: "primary", request: "", decision: null }) as Lifecycle["transitions"][number];
  const lifecycle = { transitions: [transition("take", ["pending_handle"], ["handling"]), transition("report_done", ["handling"], ["pending_check"])] } as Lifecycle;
  const form = { verb: "report_done", label, style: "primary", group: "step", task_id: "other", request_id: null, fields: [], unit: null, hint: null } as unknown as CaseAction;
  const took = command({ lane: laneOf("1"), body: { verb: "take", task_id: "t" } });

  it("are those of the case, not answered yet", () => {
    const log = [took, command({ lane: laneOf("2") }), command({ lane: laneOf("1"), state: "done" })];
    expect(pendingSteps(log, "1")).toEqual([took]);
  });

  it("let the next one be filled in, for the same task", () => {
    const next = afterSteps("pending_handle", [took], lifecycle, [form], () => true);
    expect(next.state).toBe("handling");
    expect(next.actions.map((action) => [action.verb, action.task_id])).toEqual([["report_done", "t"]]);
  });

  it("offer nothing where it cannot be known what follows", () => {
    expect(afterSteps("handling", [took], lifecycle, [form], () => true).actions).toEqual([]);
    expect(afterSteps("pending_handle", [took], lifecycle, [], () => true).actions).toEqual([]);
    expect(afterSteps("pending_handle", [took], lifecycle, [form], () => false).actions).toEqual([]);
  });
});

describe("a patrol", () => {
  const point = { id: "p", done: false, checked_in_at: null, filled_id: null, filled_at: null };
  const task = { id: "t", form: "street", state: "planned", done_count: 0, points: [point] } as unknown as PatrolTask;
  const unsent = (kind: string, body = {}) => command({ kind, lane: "task:t", body: { task_id: "t", ...body } });

  it("shows what was done here before it has arrived", () => {
    const started = withUnsent(task, [unsent("patrol.start"), unsent("patrol.check_in", { point_id: "p" })]);
    expect([started.state, started.done_count]).toEqual(["under_way", 0]);
    expect(started.points[0]?.checked_in_at).not.toBeNull();
    const filled = withUnsent(task, [unsent("patrol.fill", { point_id: "p" }), unsent("patrol.finish")]);
    expect([filled.state, filled.done_count]).toEqual(["done", 1]);
  });

  it("lets a call stand as it was answered last", () => {
    const call = { id: "c", my_state: "waiting" } as Call;
    const said = (answer: string) => command({ kind: "patrol.answer_call", body: { call_id: "c", answer } });
    expect(stateOf(call, [])).toBe("waiting");
    expect(stateOf(call, [said("accept"), said("arrived")])).toBe("arrived");
  });
});

describe("clocking", () => {
  const now = Date.parse("2026-07-12T10:00:00Z");
  const clocked = (way: "in" | "out", occurred_at: string) => ({ way, occurred_at });

  it("is out after in, in after out, and in again after a night", () => {
    expect(nextWay([], [], now)).toBe("in");
    expect(nextWay([clocked("in", "2026-07-12T01:00:00Z")], [], now)).toBe("out");
    expect(nextWay([clocked("in", "2026-07-11T01:00:00Z")], [], now)).toBe("in");
    const unsent = command({ kind: "duty.clock", body: { way: "out" }, at: "2026-07-12T09:00:00.000Z" });
    expect(nextWay([clocked("in", "2026-07-12T01:00:00Z")], [unsent], now)).toBe("in");
  });

  it("takes the receiver's error off the distance to the nearest place", () => {
    const place = (name: string, lon: number) => ({ name, lon, lat: 30, radius_m: 100 }) as never;
    const found = nearestPlace([place("far", 114.1), place("near", 114.002)], { lon: 114, lat: 30, accuracy_m: 50 });
    expect(found?.place.name).toBe("near");
    expect(found?.outside_m).toBeGreaterThan(35);
    expect(found?.outside_m).toBeLessThan(50);
    expect(nearestPlace([], { lon: 114, lat: 30, accuracy_m: 5 })).toBeNull();
  });
});

describe("where one is", () => {
  it("is measured well enough within a district", () => {
    expect(metres({ lon: 114.8, lat: 30.8 }, { lon: 114.8, lat: 30.81 })).toBeCloseTo(1112, -1);
  });

  it("keeps the better of two places, and the newer of two far apart in time", () => {
    const fix = (at: number, accuracy_m: number) => ({ lon: 0, lat: 0, accuracy_m, at });
    expect(better(fix(0, 10), fix(5_000, 80)).accuracy_m).toBe(10);
    expect(better(fix(0, 10), fix(5_000, 12)).at).toBe(5_000);
    expect(better(fix(0, 10), fix(90_000, 80)).at).toBe(90_000);
  });
});

import { describe, expect, it } from "vitest";
import { ago, dayOf, duration, durationParts, fullTime, shortTime, timeLeft } from "./time.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const now = new Date("2026-07-12T04:00:00Z"); // 12:00 in the district

describe("duration", () => {
  it("says the two greatest neighbouring units", () => {
    expect(duration(3 * HOUR + 20 * MINUTE, "zh-CN")).toBe("3小时20分钟");
    expect(duration(2 * DAY + 4 * HOUR + 59 * MINUTE, "zh-CN")).toBe("2天4小时");
    expect(duration(2 * DAY + 4 * HOUR, "en")).toBe("2 d 4 h");
  });

  it("leaves out a unit that is zero, and does not skip to the one below", () => {
    expect(duration(2 * DAY + 5 * MINUTE, "zh-CN")).toBe("2天");
    expect(duration(3 * HOUR, "en")).toBe("3 h");
  });

  it("never says less than a minute", () => {
    expect(durationParts(0)).toEqual([{ amount: 1, unit: "minute" }]);
    expect(duration(-90 * 1000, "zh-CN")).toBe("1分钟");
  });
});

describe("moments", () => {
  it("are shown in the district's zone", () => {
    expect(fullTime("2026-07-11T16:30:00Z")).toBe("2026-07-12 00:30");
    expect(dayOf(new Date("2026-07-11T16:30:00Z"))).toBe("2026-07-12");
  });

  it("say the near days by name and leave out this year", () => {
    expect(shortTime("2026-07-12T06:30:00+00:00", now, "zh-CN")).toBe("今天 14:30");
    expect(shortTime("2026-07-11T17:00:00Z", now, "zh-CN")).toBe("今天 01:00");
    expect(shortTime("2026-07-13T01:00:00Z", now, "en")).toBe("Tomorrow 09:00");
    expect(shortTime("2026-07-11T01:00:00Z", now, "zh-CN")).toBe("昨天 09:00");
    expect(shortTime("2026-03-01T01:00:00Z", now, "zh-CN")).toBe("03-01 09:00");
    expect(shortTime("2025-12-31T01:00:00Z", now, "en")).toBe("2025-12-31 09:00");
  });

  it("say how long ago in one unit", () => {
    expect(ago("2026-07-12T03:59:40Z", now, "zh-CN")).toBe("刚刚");
    expect(ago("2026-07-12T03:15:00Z", now, "zh-CN")).toBe("45分钟前");
    expect(ago("2026-07-09T03:00:00Z", now, "en")).toBe("3 d ago");
  });
});

describe("timeLeft", () => {
  it("counts to the deadline and past it", () => {
    expect(timeLeft("2026-07-12T05:00:00Z", now)).toEqual({ overdue: false, ms: HOUR });
    expect(timeLeft("2026-07-12T03:30:00Z", now)).toEqual({ overdue: true, ms: 30 * MINUTE });
    expect(timeLeft(now.toISOString(), now).overdue).toBe(false);
  });
});

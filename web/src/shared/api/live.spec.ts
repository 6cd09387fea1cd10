import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backoff, LiveConnection, POLL_MS, type LiveState } from "./live.ts";

class FakeSource extends EventTarget {
  static made: FakeSource[] = [];
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;

  constructor(
    readonly url: string,
    readonly options: EventSourceInit,
  ) {
    super();
    FakeSource.made.push(this);
  }

  close(): void {
    this.closed = true;
  }

  say(type: string, data: string): void {
    this.dispatchEvent(new MessageEvent(type, { data }));
  }
}

function connect() {
  const states: LiveState[] = [];
  const handlers = {
    onChange: vi.fn(),
    onNotice: vi.fn(),
    onResync: vi.fn(),
    onState: (state: LiveState) => states.push(state),
  };
  const connection = new LiveConnection("http://here:8001/live", handlers);
  connection.open();
  return { connection, handlers, states, source: () => FakeSource.made.at(-1) as FakeSource };
}

beforeEach(() => {
  FakeSource.made = [];
  vi.stubGlobal("EventSource", FakeSource);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("LiveConnection", () => {
  it("brings its cookie and hands on changes, notices and resyncs", () => {
    const { handlers, source, states } = connect();
    source().onopen?.();
    source().say("change", '{"type":"case.opened","aggregate":"case:1","version":1}');
    source().say("change", '{"type":"notice.created","aggregate":"notice:7","notice_id":7}');
    source().say("resync", "{}");
    expect(source().options.withCredentials).toBe(true);
    expect(handlers.onChange).toHaveBeenCalledWith({ type: "case.opened", aggregate: "case:1", version: 1 });
    expect(handlers.onChange).toHaveBeenCalledTimes(1);
    expect(handlers.onNotice).toHaveBeenCalledWith(expect.objectContaining({ type: "notice.created", notice_id: 7 }));
    expect(handlers.onResync).toHaveBeenCalledTimes(1);
    expect(states).toEqual(["connecting", "connected"]);
  });

  it("drops what is not JSON", () => {
    const { handlers, source } = connect();
    source().say("change", "{half");
    expect(handlers.onChange).not.toHaveBeenCalled();
  });

  it("polls while it is down, and reads everything again once it is back", () => {
    const { handlers, source, states } = connect();
    source().onopen?.();
    source().onerror?.();
    expect(source().closed).toBe(true);
    expect(states.at(-1)).toBe("polling");
    for (let tries = 0; tries < 8; tries += 1) {
      vi.advanceTimersByTime(POLL_MS / 2);
      if (!source().closed) source().onerror?.();
    }
    const polled = handlers.onResync.mock.calls.length;
    expect(polled).toBeGreaterThanOrEqual(3);
    vi.advanceTimersByTime(POLL_MS * 2);
    source().onopen?.();
    const afterOpen = handlers.onResync.mock.calls.length;
    expect(afterOpen).toBeGreaterThan(polled);
    vi.advanceTimersByTime(POLL_MS * 4);
    expect(handlers.onResync.mock.calls.length).toBe(afterOpen);
    expect(states.at(-1)).toBe("connected");
  });

  it("is quiet after closing", () => {
    const { connection, handlers, source, states } = connect();
    source().onerror?.();
    connection.close();
    vi.advanceTimersByTime(POLL_MS * 3);
    expect(handlers.onResync).not.toHaveBeenCalled();
    expect(FakeSource.made).toHaveLength(1);
    expect(states.at(-1)).toBe("off");
  });
});

describe("backoff", () => {
  it("doubles from one second and stays within half a minute and a bit", () => {
    expect([0, 1, 2, 3].map((tries) => backoff(tries, 0.5))).toEqual([1000, 2000, 4000, 8000]);
    expect(backoff(40, 1)).toBe(37_500);
  });
});

/** Live events from the server: one EventSource per page, with its own patience, and polling when it is down. */

export interface Change {
  type: string;
  aggregate: string;
  version: number;
  [more: string]: unknown;
}

export interface LiveHandlers {
  onChange: (change: Change) => void;
  onNotice: (notice: Record<string, unknown>) => void;
  /** Something may have been missed: read again what is on screen. */
  onResync: () => void;
  onState: (state: LiveState) => void;
}

export type LiveState = "off" | "connecting" | "connected" | "polling";

export const POLL_MS = 30_000;
const LONGEST_PAUSE_MS = 30_000;

/** Pause before the n-th new try: doubling from one second, with a little chance so that not all come at once. */
export function backoff(tries: number, chance: number = Math.random()): number {
  const pause = Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** Math.min(tries, 6));
  return Math.round(pause * (0.75 + chance * 0.5));
}

function parse<T>(data: string): T | null {
  try {
    return JSON.parse(data) as T;
  } catch {
    return null;
  }
}

export class LiveConnection {
  private source: EventSource | null = null;
  private tries = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private poll: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly url: string,
    private readonly handlers: LiveHandlers,
  ) {}

  open(): void {
    this.handlers.onState(this.tries === 0 ? "connecting" : "polling");
    const source = new EventSource(this.url, { withCredentials: true });
    this.source = source;
    source.onopen = () => this.connected();
    source.onerror = () => this.lost();
    source.addEventListener("change", (event) => {
      const change = parse<Change>((event as MessageEvent<string>).data);
      if (change?.type.startsWith("notice.")) this.handlers.onNotice(change);
      else if (change !== null) this.handlers.onChange(change);
    });
    source.addEventListener("resync", () => this.handlers.onResync());
  }

  close(): void {
    this.source?.close();
    this.source = null;
    clearTimeout(this.retry);
    this.stopPolling();
    this.handlers.onState("off");
  }

  private connected(): void {
    const missed = this.tries > 0;
    this.tries = 0;
    this.stopPolling();
    this.handlers.onState("connected");
    if (missed) this.handlers.onResync();
  }

  private lost(): void {
    this.source?.close();
    this.source = null;
    this.handlers.onState("polling");
    this.poll ??= setInterval(() => this.handlers.onResync(), POLL_MS);
    this.retry = setTimeout(() => this.open(), backoff(this.tries));
    this.tries += 1;
  }

  private stopPolling(): void {
    clearInterval(this.poll);
    this.poll = undefined;
  }
}

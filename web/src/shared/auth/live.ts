import { defineStore } from "pinia";
import { ref } from "vue";
import { LiveConnection, type Change, type LiveState } from "#shared/api/live.ts";

type Listener<T> = (payload: T) => void;

/** The page's one line to the server's events; features subscribe while they are on screen. */
export const useLive = defineStore("live", () => {
  const state = ref<LiveState>("off");
  const changes = new Set<Listener<Change>>();
  const notices = new Set<Listener<Record<string, unknown>>>();
  const resyncs = new Set<Listener<undefined>>();
  let connection: LiveConnection | null = null;

  function start(url: string): void {
    connection?.close();
    connection = new LiveConnection(url, {
      onChange: (change) => changes.forEach((listener) => listener(change)),
      onNotice: (notice) => notices.forEach((listener) => listener(notice)),
      onResync: () => resyncs.forEach((listener) => listener(undefined)),
      onState: (fresh) => (state.value = fresh),
    });
    connection.open();
  }

  function stop(): void {
    connection?.close();
    connection = null;
  }

  function onChange(listener: Listener<Change>): () => void {
    changes.add(listener);
    return () => changes.delete(listener);
  }

  function onNotice(listener: Listener<Record<string, unknown>>): () => void {
    notices.add(listener);
    return () => notices.delete(listener);
  }

  function onResync(listener: Listener<undefined>): () => void {
    resyncs.add(listener);
    return () => resyncs.delete(listener);
  }

  return { state, start, stop, onChange, onNotice, onResync };
});

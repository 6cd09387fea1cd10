/** What the builds of the desk and of the phone have in common. */
import { fileURLToPath } from "node:url";

export const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The server that the development page talks to; the built page shares its origin. */
const backend = process.env["YIWANG_DEV_SERVER"] ?? "http://127.0.0.1:8000";

export const server = (port: number) => ({
  host: "127.0.0.1",
  port,
  fs: { allow: [here(".")] },
  proxy: { "/api": { target: backend, changeOrigin: false } },
});

export const build = (app: string) => ({
  outDir: here(`dist/${app}`),
  emptyOutDir: true,
  target: "es2022",
  // No data: addresses, so that the content policy can stay narrow.
  assetsInlineLimit: 0,
  // The map engine is a chunk of its own, fetched only by pages that show a map.
  chunkSizeWarningLimit: 1200,
});

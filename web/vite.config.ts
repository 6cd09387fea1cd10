import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import components from "unplugin-vue-components/vite";
import { ElementPlusResolver } from "unplugin-vue-components/resolvers";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The server that the development page talks to; the built page shares its origin. */
const server = process.env["YIWANG_DEV_SERVER"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  root: here("src/console"),
  base: "/",
  plugins: [
    vue(),
    components({
      // Only Element Plus comes by name; our own components are imported where they are used.
      dirs: [],
      dts: here("src/shared/ui/element-plus.d.ts"),
      resolvers: [ElementPlusResolver({ importStyle: "css" })],
    }),
  ],
  server: {
    host: "127.0.0.1",
    port: 5173,
    fs: { allow: [here(".")] },
    proxy: { "/api": { target: server, changeOrigin: false } },
  },
  build: {
    outDir: here("dist/console"),
    emptyOutDir: true,
    target: "es2022",
    // No data: addresses, so that the content policy can stay narrow.
    assetsInlineLimit: 0,
    // The map engine is a chunk of its own, fetched only by pages that show a map.
    chunkSizeWarningLimit: 1200,
  },
  worker: { format: "es" },
  test: {
    root: here("."),
    include: ["src/**/*.spec.ts"],
    // A spec that needs a page says so on its first line; most need none and start at once.
    environment: "node",
    testTimeout: 20_000,
    unstubGlobals: true,
    server: { deps: { inline: ["element-plus"] } },
  },
});

/** The phone's app: an entry of its own, served at /m/. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { VantResolver } from "@vant/auto-import-resolver";
import vue from "@vitejs/plugin-vue";
import components from "unplugin-vue-components/vite";
import { defineConfig, type Plugin } from "vite";
import { build, here, server } from "./vite.shared.ts";

/** The icon font of Vant lies in its style sheet; its address on a foreign host is never needed and goes. */
function noForeignHosts(): Plugin {
  return {
    name: "no-foreign-hosts",
    enforce: "pre",
    transform(code, id) {
      if (!/vant[\\/].*\.css/.test(id)) return null;
      return { code: code.replace(/,?\s*url\((["']?)(https?:)?\/\/[^)]*\)\s*format\([^)]*\)/g, ""), map: null };
    },
  };
}

/** Chunks of what only some pages show: fetched when they are first shown, and kept from then on. */
const LATER = /(maplibre|BaseMap|PointPicker|en)-/;

/** Tells the service worker which files make up this build: what it keeps, and under which version. */
function precache(): Plugin {
  return {
    name: "precache",
    enforce: "post",
    generateBundle(_options, bundle) {
      const worker = bundle["sw.js"];
      if (worker?.type !== "chunk") return;
      const made = Object.keys(bundle).filter((name) => /\.(js|css|woff2?)$/.test(name) && name !== "sw.js" && !LATER.test(name));
      const still = readdirSync(here("src/mobile/public"));
      const files = [...made, ...still].sort();
      const page = bundle["index.html"];
      const told = createHash("sha256").update(worker.code).update(files.join());
      for (const name of still) told.update(readFileSync(here(`src/mobile/public/${name}`)));
      if (page?.type === "asset") told.update(page.source);
      worker.code = worker.code
        .replace(/["'`]%files%["'`]/, JSON.stringify(files))
        .replace("%version%", told.digest("hex").slice(0, 12));
    },
  };
}

export default defineConfig({
  root: here("src/mobile"),
  base: "/m/",
  plugins: [
    vue(),
    noForeignHosts(),
    components({ dirs: [], dts: here("src/mobile/vant.d.ts"), resolvers: [VantResolver()] }),
    precache(),
  ],
  server: server(5174),
  build: {
    ...build("mobile"),
    rolldownOptions: {
      input: { index: here("src/mobile/index.html"), sw: here("src/mobile/sw/sw.ts") },
      output: { entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
    },
  },
  worker: { format: "es" },
});

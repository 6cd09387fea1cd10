import vue from "@vitejs/plugin-vue";
import components from "unplugin-vue-components/vite";
import { ElementPlusResolver } from "unplugin-vue-components/resolvers";
import { defineConfig } from "vitest/config";
import { build, here, server } from "./vite.shared.ts";

/** Components of the library that every page uses; the others follow the pages that need them. */
const BASE =
  "config-provider|button|input|form|popper|tooltip|dropdown|dialog|drawer|overlay|message|focus-trap|collection|" +
  "roving-focus-group|scrollbar|teleport|icon|slot|visual-hidden|popover";

/** A few files that every page needs, instead of many small ones. */
const chunkGroups = [
  {
    name: "element",
    test: new RegExp(
      `element-plus[\\\\/](es[\\\\/](components[\\\\/](${BASE})[\\\\/]|hooks|utils|constants|locale|directives|_virtual)` +
        `|theme-chalk[\\\\/](base|el-(${BASE}))\\\\b)|node_modules[\\\\/](@element-plus|@floating-ui|@sxzz|lodash-es|@vueuse)`,
    ),
    priority: 20,
  },
  { name: "vendor", test: /node_modules[\\/](@?vue|pinia|@pinia|@intlify|openapi-fetch|nostics)/, priority: 10 },
  { name: "shared", test: /src[\\/]shared[\\/](api|auth|i18n|ui)[\\/]|plugin-vue|preload-helper/, priority: 5 },
];

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
  server: server(5173),
  build: { ...build("console"), rolldownOptions: { output: { codeSplitting: { groups: chunkGroups } } } },
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

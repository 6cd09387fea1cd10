import { readdirSync } from "node:fs";
import js from "@eslint/js";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import vue from "eslint-plugin-vue";
import globals from "globals";
import ts from "typescript-eslint";

const features = readdirSync(new URL("src/console/features", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** Who may import whom: shared knows no app, a feature knows no other feature nor the app around it. */
const zones = [
  { target: "./src/shared", from: ["./src/console", "./src/mobile"], message: "shared imports no app." },
  { target: "./src/console", from: "./src/mobile", message: "The desk and the phone meet in #shared." },
  { target: "./src/mobile", from: "./src/console", message: "The desk and the phone meet in #shared." },
  {
    target: "./src/mobile/field",
    from: ["./src/mobile/pages", "./src/mobile/parts", "./src/mobile/app"],
    message: "What works without a network knows no screen.",
  },
  { target: "./src/console/features", from: "./src/console/app", message: "A feature does not know the app." },
  ...features.map((name) => ({
    target: `./src/console/features/${name}`,
    from: "./src/console/features",
    except: [`./${name}`],
    message: "Features never import features; share through #shared.",
  })),
  {
    target: "./src/console/app",
    from: "./src/console/features",
    message: "The app collects features by glob.",
  },
];

export default ts.config(
  {
    ignores: ["dist/**", "node_modules/**", "src/shared/api/schema.d.ts", "src/shared/ui/element-plus.d.ts", "src/mobile/vant.d.ts"],
  },
  js.configs.recommended,
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  ...vue.configs["flat/recommended"],
  {
    files: ["**/*.{ts,vue,js}"],
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { parser: ts.parser, extraFileExtensions: [".vue"] },
    },
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".vue", ".js", ".json"] })],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"], "vue-eslint-parser": [".vue"] },
    },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones, basePath: import.meta.dirname }],
      "import-x/no-cycle": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "no-console": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-undef": "off",
      "no-warning-comments": "error",
      "max-lines": ["error", { max: 500, skipBlankLines: false }],
      "vue/no-v-html": "error",
      "vue/block-order": ["error", { order: ["script", "template", "style"] }],
      "vue/component-api-style": ["error", ["script-setup"]],
      "vue/define-macros-order": "error",
      "vue/multi-word-component-names": "off",
      // Layout of attributes is a matter of taste that costs lines; the rest of the set stays.
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/html-self-closing": ["error", { html: { void: "always", normal: "always", component: "always" } }],
      "vue/html-indent": ["error", 2],
      "vue/attributes-order": "off",
    },
  },
  { files: ["*.{ts,js}"], languageOptions: { globals: { ...globals.node } } },
);

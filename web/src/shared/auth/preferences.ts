import { defineStore } from "pinia";
import { ref, watch } from "vue";

export type Theme = "light" | "dark" | "system";
export type Density = "comfortable" | "dense";

const KEY = "yiwang.preferences";

interface Kept {
  narrowMenu: boolean;
  theme: Theme;
  density: Density;
  /** Each opened page stays as a tab above the content. */
  pageTabs: boolean;
  /** Groups of the menu that this person folded (true) or opened (false). */
  folded: Record<string, boolean>;
}

function kept(): Kept {
  const fallback: Kept = { narrowMenu: false, theme: "light", density: "comfortable", pageTabs: true, folded: {} };
  try {
    return { ...fallback, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Kept>) };
  } catch {
    return fallback;
  }
}

/** What a person set up on this machine. */
export const usePreferences = defineStore("preferences", () => {
  const start = kept();
  const narrowMenu = ref(start.narrowMenu);
  const theme = ref<Theme>(start.theme);
  const density = ref<Density>(start.density);
  const pageTabs = ref(start.pageTabs);
  const folded = ref(start.folded);
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function paint(): void {
    const { classList } = document.documentElement;
    classList.toggle("dark", theme.value === "dark" || (theme.value === "system" && system.matches));
    classList.toggle("dense", density.value === "dense");
  }

  function keep(): void {
    const now: Kept = { narrowMenu: narrowMenu.value, theme: theme.value, density: density.value, pageTabs: pageTabs.value, folded: folded.value };
    localStorage.setItem(KEY, JSON.stringify(now));
  }

  system.addEventListener("change", paint);
  watch([narrowMenu, theme, density, pageTabs, folded], keep);
  watch([theme, density], paint, { immediate: true });

  return { narrowMenu, theme, density, pageTabs, folded };
});

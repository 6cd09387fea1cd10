import { defineStore } from "pinia";
import { ref, watch } from "vue";

export type Theme = "light" | "dark" | "system";

const KEY = "yiwang.preferences";

interface Kept {
  narrowMenu: boolean;
  theme: Theme;
}

function kept(): Kept {
  const fallback: Kept = { narrowMenu: false, theme: "light" };
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
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function paint(): void {
    const dark = theme.value === "dark" || (theme.value === "system" && system.matches);
    document.documentElement.classList.toggle("dark", dark);
  }

  system.addEventListener("change", paint);
  watch(
    [narrowMenu, theme],
    () => {
      localStorage.setItem(KEY, JSON.stringify({ narrowMenu: narrowMenu.value, theme: theme.value }));
      paint();
    },
    { immediate: true },
  );

  return { narrowMenu, theme };
});

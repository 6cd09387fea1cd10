/** How this phone shows things: large text. Light and dark are in the shared preferences. */
import { ref, watch } from "vue";

const KEY = "yiwang.phone.large-text";

export const largeText = ref(localStorage.getItem(KEY) === "1");

watch(
  largeText,
  (large) => {
    document.documentElement.classList.toggle("large", large);
    localStorage.setItem(KEY, large ? "1" : "0");
  },
  { immediate: true },
);

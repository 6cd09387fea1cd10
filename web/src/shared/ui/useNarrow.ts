import { onScopeDispose, ref, type Ref } from "vue";

/** Whether the window is a phone's: tables become cards, panels become pages. */
export function useNarrow(query = "(max-width: 767px)"): Ref<boolean> {
  const media = window.matchMedia(query);
  const narrow = ref(media.matches);
  const follow = () => (narrow.value = media.matches);
  media.addEventListener("change", follow);
  onScopeDispose(() => media.removeEventListener("change", follow));
  return narrow;
}

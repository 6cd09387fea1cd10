import { shallowRef } from "vue";

/** Why the page could not find out who is signed in; shown instead of the page until it can. */
export const bootError = shallowRef<unknown>(null);

/** Calls back when something that was waiting here has been answered: what the server knows is different now. */
import { watch } from "vue";
import { field } from "../field/field.ts";

export function useSettled(tell: () => void): void {
  watch(
    () => field.unsent,
    (now, before) => {
      if (now < before) tell();
    },
  );
}

/** Short messages that come and go, and a question before what cannot be undone. */
import "vant/es/dialog/style/index";
import "vant/es/toast/style/index";
import { showConfirmDialog } from "vant/es/dialog/index";
import { showToast } from "vant/es/toast/index";

const LONG_MS = 4_500;

export const tell = {
  done: (message: string): void => void showToast({ type: "success", message }),
  note: (message: string): void => void showToast({ message, wordBreak: "normal" }),
  failed: (message: string): void => void showToast({ message, duration: LONG_MS, wordBreak: "normal" }),
};

/** Whether a person says yes. */
export async function sure(title: string, message: string, words: { yes: string; no: string }): Promise<boolean> {
  try {
    await showConfirmDialog({ title, message, confirmButtonText: words.yes, cancelButtonText: words.no });
    return true;
  } catch {
    return false;
  }
}

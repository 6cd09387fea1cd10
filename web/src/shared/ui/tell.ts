/** Short messages that come and go. */
import { ElMessage } from "element-plus";
import "element-plus/es/components/message/style/css";

const common = { grouping: true, offset: 8 };

export const tell = {
  done: (message: string) => ElMessage({ ...common, type: "success", message }),
  note: (message: string) => ElMessage({ ...common, type: "info", message }),
  failed: (message: string) => ElMessage({ ...common, type: "error", message, duration: 6000, showClose: true }),
};

import type { Messages } from "#shared/i18n/index.ts";
import shared from "#shared/i18n/locales/zh-CN.json";
import app from "./locales/zh-CN.json";

const features = import.meta.glob<Messages>("../features/*/locales/zh-CN.json", { eager: true, import: "default" });

export default Object.assign({}, shared, app, ...Object.values(features)) as Messages;

import type { Messages } from "#shared/i18n/index.ts";
import shared from "#shared/i18n/locales/zh-CN.json";
import app from "./locales/zh-CN.json";

export default Object.assign({}, shared, app) as Messages;

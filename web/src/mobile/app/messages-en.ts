import type { Messages } from "#shared/i18n/index.ts";
import shared from "#shared/i18n/locales/en.json";
import app from "./locales/en.json";

export default Object.assign({}, shared, app) as Messages;

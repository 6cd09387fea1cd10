import type { Messages } from "#shared/i18n/index.ts";
import shared from "#shared/i18n/locales/en.json";
import app from "./locales/en.json";

const features = import.meta.glob<Messages>("../features/*/locales/en.json", { eager: true, import: "default" });

export default Object.assign({}, shared, app, ...Object.values(features)) as Messages;

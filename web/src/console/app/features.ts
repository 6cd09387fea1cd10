import type { Feature } from "#shared/feature.ts";

const found = import.meta.glob<{ default: Feature }>("../features/*/feature.ts", { eager: true });

/** Every folder below features/ that says what it is; adding the folder is the whole registration. */
export const features: Feature[] = Object.values(found).map((module) => module.default);

/** Forms with their versions, for those who edit them. */
import { useQuery } from "@pinia/colada";
import { api, take } from "#shared/api/client.ts";
import type { components } from "#shared/api/schema.d.ts";
import type { Form } from "#shared/forms/declared/rules.ts";

type Schemas = components["schemas"];
export type KeptForm = Schemas["KeptForm"];
export type FormVersion = Schemas["FormVersionOut"];
export type FormVersions = Schemas["FormVersions"];
export type FormFault = Schemas["FormFaultOut"];
export type FormChange = Schemas["FormChangeOut"];

export const useKeptForms = () =>
  useQuery({ key: ["admin", "forms"], query: async () => (await take(api.GET("/api/v1/forms/versions"))).items });

export const useFormVersions = (key: () => string) =>
  useQuery({
    key: () => ["admin", "form-versions", key()],
    query: () => take(api.GET("/api/v1/forms/{key}/versions", { params: { path: { key: key() } } })),
    enabled: () => key() !== "",
  });

export async function loadForm(key: string, version: number | null): Promise<{ version: number; form: Form }> {
  const query = version === null ? {} : { version };
  const found = await take(api.GET("/api/v1/forms/{key}", { params: { path: { key }, query } }));
  return { version: found.version, form: found.form };
}

/** A version never changes; which one holds does. */
export const useForm = (key: () => string, version: () => number | null) =>
  useQuery({
    key: () => ["admin", "form", key(), version() ?? 0],
    query: () => loadForm(key(), version()),
    enabled: () => key() !== "" && version() !== null,
  });

export const useFormDifference = (key: () => string, before: () => number | null, after: () => number | null) =>
  useQuery({
    key: () => ["admin", "form-difference", key(), before() ?? 0, after() ?? 0],
    query: async () => {
      const query = { before: before() ?? 0, after: after() ?? 0 };
      return (await take(api.GET("/api/v1/forms/{key}/difference", { params: { path: { key: key() }, query } }))).changes;
    },
    enabled: () => before() !== null && after() !== null,
  });

export const FIRST_SHIPPED = 1_000_000;

export const isLocal = (version: number): boolean => version < FIRST_SHIPPED;

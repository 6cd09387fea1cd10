/** Short names for the generated schemas. No response type is written by hand. */
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type Label = Schemas["Label"];
export type Session = Schemas["Session"];
export type DemoAccount = Schemas["DemoAccount"];
export type CaseRow = Schemas["CaseRow"];
export type CasePage = Schemas["CasePage"];
export type CaseDetail = Schemas["CaseDetail"];
export type CaseIn = Schemas["CaseIn"];
export type CaseAction = Schemas["Action"];
export type ActionField = Schemas["ActionField"];
export type ActIn = Schemas["ActIn"];
export type Photo = Schemas["Photo"];
export type PhotoIn = Schemas["PhotoIn"];
export type Task = Schemas["Task"];
export type CaseRequest = Schemas["CaseRequest"];
export type TimelineEntry = Schemas["TimelineEntry"];
export type Summary = Schemas["Summary"];
export type StateCount = Schemas["StateCount"];
export type Category = Schemas["CategoryOut"];
export type Condition = Schemas["Condition"];
export type Unit = Schemas["Unit"];
export type AreaNode = Schemas["AreaNode"];
export type Located = Schemas["Located"];
export type StoredFile = Schemas["StoredFile"];
export type Notice = Schemas["Notice"];
export type Lifecycle = Schemas["Lifecycle"];

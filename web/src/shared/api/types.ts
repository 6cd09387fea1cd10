/** Short names for the generated schemas. No response type is written by hand. */
import type { components, operations } from "./schema.d.ts";

type Schemas = components["schemas"];

export type Label = Schemas["Label"];
export type Session = Schemas["SessionOut"];
export type DemoAccount = Schemas["DemoAccount"];
export type CaseRow = Schemas["CaseRow"];
export type CasePage = Schemas["CasePage"];
export type CaseDetail = Schemas["CaseDetail"];
export type CaseIn = Schemas["CaseIn"];
export type CaseMap = Schemas["CaseMap"];
export type CaseAction = Schemas["ActionOut"];
export type ActionField = Schemas["FieldOut"];
export type ActionIn = Schemas["ActionIn"];
export type Photo = Schemas["PhotoOut"];
export type PhotoIn = Schemas["PhotoIn"];
export type Limit = Schemas["LimitOut"];
export type Step = Schemas["StepOut"];
export type Summary = Schemas["Summary"];
export type Category = Schemas["CategoryOut"];
export type Condition = Schemas["FilingConditionOut"];
export type Unit = Schemas["UnitOut"];
export type Area = Schemas["AreaOut"];
export type Place = Schemas["PlaceOut"];
export type Code = Schemas["CodeOut"];
export type StoredFile = Schemas["FileOut"];
export type Notice = Schemas["NoticeOut"];
export type Lifecycle = Schemas["LifecycleOut"];
export type CaseQuery = NonNullable<operations["list_cases"]["parameters"]["query"]>;

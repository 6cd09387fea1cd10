/** A filled form as the rooms show it (`core.forms.schemas.FilledOut`). */
import type { Answers, Form } from "./rules.ts";

export interface FilledPicture {
  id: string;
  url: string | null;
  thumbnail_url: string | null;
  taken_at: string | null;
}

export interface FilledForm {
  id: string;
  key: string;
  version: number;
  edition: string;
  form: Form;
  answers: Answers;
  /** Points as fractions in lowest terms. */
  score: { got: string; most: string } | null;
  percent: string | number | null;
  /** The fields whose answer is a finding. */
  failed: string[];
  photos: FilledPicture[];
  filled_by: string;
  filled_at: string;
  received_at: string;
}

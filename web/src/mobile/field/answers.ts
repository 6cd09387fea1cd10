/** The photos that answers of a declared form name. */
import { fieldsOf, slotsOf, type Answers, type Form } from "#shared/forms/declared/rules.ts";

export function picturesIn(form: Form, answers: Answers): string[] {
  const photos = fieldsOf(form).filter((field) => field.kind === "photo");
  return photos.flatMap((field) => slotsOf(answers[field.key]).flatMap(([, ids]) => ids));
}

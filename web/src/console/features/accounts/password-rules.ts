export interface PasswordRule {
  key: "length" | "mixed" | "repeat";
  met: boolean;
}

const KINDS_NEEDED = 3;
const KINDS = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{L}\p{N}]/u];

/** What can be told before asking; the server also refuses common passwords and those like one's own name. */
export function passwordRules(password: string, again: string): PasswordRule[] {
  return [
    { key: "length", met: password.length >= 10 },
    { key: "mixed", met: KINDS.filter((kind) => kind.test(password)).length >= KINDS_NEEDED },
    { key: "repeat", met: password !== "" && password === again },
  ];
}

export interface PasswordRule {
  key: "length" | "mixed" | "repeat";
  met: boolean;
}

/** What can be told before asking; the server also refuses common passwords and those like one's own name. */
export function passwordRules(password: string, again: string): PasswordRule[] {
  return [
    { key: "length", met: password.length >= 10 },
    { key: "mixed", met: /\p{L}/u.test(password) && /\d/.test(password) },
    { key: "repeat", met: password !== "" && password === again },
  ];
}

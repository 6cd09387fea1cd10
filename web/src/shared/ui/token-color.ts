/** The value of a design token now, in the light or dark that is on: for what is drawn and not styled. */
export function tokenColor(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim();
}

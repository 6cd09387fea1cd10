/** "1,234"; a capped count says "1,000+", because nobody counted further. */
export function count(value: number, capped = false): string {
  const text = value.toLocaleString("en-US");
  return capped ? `${text}+` : text;
}

export function fileSize(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

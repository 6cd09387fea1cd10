/** What a request is to the service worker. */
export type Kind = "page" | "part" | "file" | "elsewhere";

/** Only what lies under /m/ is ours; the API and the desk go their own way. */
export function kindOf(method: string, url: URL, isPage: boolean, origin: string): Kind {
  if (method !== "GET" || url.origin !== origin || !url.pathname.startsWith("/m/")) return "elsewhere";
  if (isPage) return "page";
  return url.pathname.startsWith("/m/assets/") ? "part" : "file";
}

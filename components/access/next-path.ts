/** Only compared with, never fetched: any origin will do. */
const HERE = "http://here.invalid";

/** Where to go after the sign-in: a path of this site and nothing else, so that a link cannot lead a user away. */
export function safeNextPath(next: string | null | undefined): string {
  if (!next?.startsWith("/")) return "/";
  let url: URL;
  try {
    url = new URL(next, HERE);
  } catch {
    return "/";
  }
  if (url.origin !== HERE || url.pathname === "/login" || url.pathname === "/setup") return "/";
  return url.pathname + url.search + url.hash;
}

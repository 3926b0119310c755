/** Only compared with, never fetched: any origin will do. */
const HERE = "http://here.invalid";

/** Pages that only lead on: whoever has signed in would be sent around in circles. */
const DOORS = /^\/(?:login|setup)\/?$/;

/**
 * Where to go after the sign-in: a path of this site and nothing else, so that a link cannot lead a user away. What
 * counts is what a browser makes of it: `/.//host` is on this site, and resolves to `//host`, which is not.
 */
export function safeNextPath(next: string | null | undefined): string {
  if (!next?.startsWith("/") || !URL.canParse(next, HERE)) return "/";
  const url = new URL(next, HERE);
  const path = url.pathname + url.search + url.hash;
  // Read once more, as the browser will: one slash, then no second one of either kind.
  const staysHere = url.origin === HERE && /^\/(?![/\\])/.test(path) && !next.startsWith("//");
  return staysHere && !DOORS.test(url.pathname) ? path : "/";
}

/** Only compared, never fetched: any origin works. */
const HERE = "http://here.invalid";

/** Pages that redirect signed-in users: going there after the sign-in would loop. */
const DOORS = /^\/(?:login|setup)\/?$/;

/**
 * Where to go after the sign-in: only a path of this site, so that a link cannot lead a user to another one.
 * Checked as a browser resolves it: `/.//host` is on this site, but resolves to `//host`, which is not.
 */
export function safeNextPath(next: string | null | undefined): string {
  if (!next?.startsWith("/") || !URL.canParse(next, HERE)) return "/";
  const url = new URL(next, HERE);
  const path = url.pathname + url.search + url.hash;
  // Checked again after resolving: one slash, not followed by a second slash or a backslash.
  const staysHere = url.origin === HERE && /^\/(?![/\\])/.test(path) && !next.startsWith("//");
  return staysHere && !DOORS.test(url.pathname) ? path : "/";
}

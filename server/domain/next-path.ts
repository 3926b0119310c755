/** Any origin works: it is only compared, never fetched. */
const BASE_URL = "http://here.invalid";

/** Pages that redirect signed-in users. Going there after the sign-in would loop. */
const SIGN_IN_PATHS = /^\/(?:login|setup)\/?$/;

/**
 * Returns the path to open after the sign-in: only a path of this site, so that a crafted link cannot send a user to
 * another site. Checks the resolved path too: `/.//host` resolves to `//host`, which a browser opens as another host.
 */
export function safeNextPath(next: string | null | undefined): string {
  if (!next?.startsWith("/") || !URL.canParse(next, BASE_URL)) return "/";
  const url = new URL(next, BASE_URL);
  const path = url.pathname + url.search + url.hash;
  // Checked again after resolving: one slash, not followed by a second slash or a backslash.
  const staysHere = url.origin === BASE_URL && /^\/(?![/\\])/.test(path) && !next.startsWith("//");
  return staysHere && !SIGN_IN_PATHS.test(url.pathname) ? path : "/";
}

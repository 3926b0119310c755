/** Any origin works, because it is only compared, never requested. */
const BASE_URL = "http://here.invalid";

/** Pages that redirect signed-in users. Opening them after the sign-in would loop. */
const SIGN_IN_PATHS = /^\/(?:login|setup)\/?$/;

/**
 * Returns the path to open after the sign-in, or "/" if `next` is a sign-in page or not a path of this site: a crafted
 * link must not send a user to another site. `/.//host` resolves to `//host`, which a browser opens as another host.
 */
export function safeNextPath(next: string | null | undefined): string {
  if (!next?.startsWith("/") || !URL.canParse(next, BASE_URL)) return "/";
  const url = new URL(next, BASE_URL);
  const path = url.pathname + url.search + url.hash;
  // The resolved path must begin with a slash that no second slash or backslash follows.
  const staysHere = url.origin === BASE_URL && /^\/(?![/\\])/.test(path) && !next.startsWith("//");
  return staysHere && !SIGN_IN_PATHS.test(url.pathname) ? path : "/";
}

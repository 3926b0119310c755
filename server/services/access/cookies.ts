import { isHttps, readCookie } from "./request-headers";

/** Browsers accept a name with this prefix only over HTTPS, from the host itself and for all of its paths. */
const HOST_PREFIX = "__Host-";

interface SentCookie {
  value: string;
  /** Whether its name has the prefix. Another host of the domain can set a cookie without it. */
  hasHostPrefix: boolean;
}

/**
 * Reads the cookie with the prefix, otherwise the one with the plain name, which is set over HTTP and was set by
 * earlier releases.
 */
export function readOwnCookie(headers: Headers, name: string): SentCookie | null {
  const prefixed = readCookie(headers, HOST_PREFIX + name);
  if (prefixed !== null) return { value: prefixed, hasHostPrefix: true };
  const plain = readCookie(headers, name);
  return plain === null ? null : { value: plain, hasHostPrefix: false };
}

/**
 * Returns the `Set-Cookie` values for one cookie. Over HTTPS its name has the prefix, and a cookie with the plain name
 * that the browser sent is deleted.
 */
export function setOwnCookie(
  headers: Headers,
  input: { name: string; value: string; maxAgeSeconds: number },
): string[] {
  const { name, value, maxAgeSeconds } = input;
  if (!isHttps(headers)) return [setCookie({ name, value, maxAgeSeconds })];
  const set = `${setCookie({ name: HOST_PREFIX + name, value, maxAgeSeconds })}; Secure`;
  if (readCookie(headers, name) === null) return [set];
  return [set, `${setCookie({ name, value: "", maxAgeSeconds: 0 })}; Secure`];
}

const setCookie = ({ name, value, maxAgeSeconds }: { name: string; value: string; maxAgeSeconds: number }) =>
  `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}`;

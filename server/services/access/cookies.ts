import { isHttps, readCookie } from "./request-headers";

/** Browsers accept a name with this prefix only over HTTPS, from the host itself and for all of its paths. */
const HOST_PREFIX = "__Host-";

/** A cookie of this product in a request. */
interface SentCookie {
  value: string;
  /** False for a plain name, which another host of the domain can set too. */
  isOfHost: boolean;
}

/** Finds a cookie by its name with the prefix, otherwise by its plain name: over HTTP, or from an earlier version. */
export function readOwnCookie(headers: Headers, name: string): SentCookie | null {
  const ofHost = readCookie(headers, HOST_PREFIX + name);
  if (ofHost !== null) return { value: ofHost, isOfHost: true };
  const plain = readCookie(headers, name);
  return plain === null ? null : { value: plain, isOfHost: false };
}

/**
 * `Set-Cookie` values for one cookie. Over HTTPS its name has the prefix, and a plain cookie of the request is deleted.
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

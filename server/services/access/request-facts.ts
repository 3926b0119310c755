import { v7 } from "uuid";
import { parseAddress } from "~/server/addresses";

/** Written by `server/rest/arrival.ts` over whatever the caller put there. */
export const ADDRESS_HEADER = "x-stufio-address";

/**
 * The caller's address (`callerAddress`), in its one spelling; null where it is not known. Never a text of the caller's
 * own.
 */
export function clientIp(headers: Headers): string | null {
  return parseAddress(headers.get(ADDRESS_HEADER) ?? undefined);
}

/**
 * Whether the browser speaks https with us or with the proxy before us: decides over the cookie's `Secure`. A proxy
 * that is not trusted says nothing; the browser itself does, by the `Origin` of its POST.
 */
export function isHttps(headers: Headers): boolean {
  if (headers.get("origin")?.startsWith("https://")) return true;
  return headers.get("x-forwarded-proto")?.split(",")[0]?.trim() === "https";
}

/** The caller's `X-Request-Id` if it is a sane one, else a new one. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get("x-request-id");
  return given && /^[\w.:-]{1,128}$/.test(given) ? given : v7();
}

export function readCookie(headers: Headers, name: string): string | null {
  for (const part of headers.get("cookie")?.split(";") ?? []) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

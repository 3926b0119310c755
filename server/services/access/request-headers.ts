import { v7 } from "uuid";
import { parseAddress } from "~/server/addresses";

/** The caller's address. `server/rest/arrival.ts` sets it and overwrites a value from the caller. */
export const ADDRESS_HEADER = "x-stufio-address";

/** The caller's address in canonical form, or null if it is unknown. Callers cannot choose it. */
export function clientIp(headers: Headers): string | null {
  return parseAddress(headers.get(ADDRESS_HEADER) ?? undefined);
}

/**
 * Whether the browser uses HTTPS, directly or to a proxy. The scheme of the browser's `Origin` counts too, because
 * the headers of untrusted proxies were removed.
 */
export function isHttps(headers: Headers): boolean {
  if (headers.get("origin")?.startsWith("https://")) return true;
  return isForwardedHttps(headers.get("x-forwarded-proto"));
}

/** Reads an `X-Forwarded-Proto` header. Several proxies make it a list, which begins with the browser's scheme. */
export function isForwardedHttps(header: string | null | undefined): boolean {
  return header?.split(",")[0]?.trim() === "https";
}

/** The caller's `X-Request-Id` if it is valid, otherwise a new id. */
export function requestIdOf(headers: Headers): string {
  const sent = headers.get("x-request-id");
  return sent && /^[\w.:-]{1,128}$/.test(sent) ? sent : v7();
}

export function readCookie(headers: Headers, name: string): string | null {
  for (const part of headers.get("cookie")?.split(";") ?? []) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

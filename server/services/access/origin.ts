import { AppError } from "~/server/domain/errors";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses a request that another site made with this browser's cookies. Browsers send `Origin` with every unsafe
 * request; where it is missing, `Sec-Fetch-Site` decides, and a caller without either is no browser.
 * @throws AppError `forbidden`.
 */
export function requireSameOrigin(input: { method: string; headers: Headers }): void {
  const { method, headers } = input;
  if (SAFE_METHODS.has(method.toUpperCase())) return;
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  const foreign = origin === null ? site === "cross-site" || site === "same-site" : !isOwn(origin, headers);
  if (foreign)
    throw new AppError(
      "forbidden",
      "This request came from another site. Behind a reverse proxy that changes Host, name the proxy in TRUSTED_PROXIES.",
    );
}

/** `X-Forwarded-Host` comes here from a trusted proxy only (`server/rest/arrival.ts`). */
function isOwn(origin: string, headers: Headers): boolean {
  if (!URL.canParse(origin)) return false;
  const host = new URL(origin).host;
  return host === headers.get("host") || host === headers.get("x-forwarded-host");
}

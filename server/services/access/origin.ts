import { AppError } from "~/server/domain/errors";
import { isForwardedHttps } from "./request-headers";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses a cross-site request (CSRF). Browsers send `Origin` with every unsafe request, over HTTPS also
 * `Sec-Fetch-Site`, and pages cannot change these headers. Each sent header must be that of this site. A request with
 * neither header is not from a browser, and is accepted only without a session, because programs have API keys.
 * @throws AppError `forbidden`
 */
export function requireSameOrigin(input: { method: string; headers: Headers; hasSession: boolean }): void {
  const { method, headers, hasSession } = input;
  if (SAFE_METHODS.has(method.toUpperCase())) return;
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  if (origin === null && site === null && hasSession) {
    throw new AppError(
      "forbidden",
      "A change with a session needs the header Origin or Sec-Fetch-Site, which browsers send. Programs use an API key.",
    );
  }
  if ((site !== null && site !== "same-origin") || (origin !== null && !isOwnOrigin(origin, headers))) {
    throw new AppError(
      "forbidden",
      "This request came from another site. Behind a reverse proxy that changes Host, name the proxy in TRUSTED_PROXIES.",
    );
  }
}

/**
 * The address of this product in the caller's browser: `PUBLIC_URL`, otherwise that of the request, after
 * `requireSameOrigin`.
 * @throws AppError `forbidden` without either
 */
export function ownOrigin(env: { publicUrl: string | null }, headers: Headers): string {
  const address = env.publicUrl ?? headers.get("origin");
  if (!address || !URL.canParse(address)) throw new AppError("forbidden", "This call needs the header Origin.");
  return new URL(address).origin;
}

/** `server/rest/arrival.ts` accepts `X-Forwarded-Host` and `-Proto` only from a trusted proxy. */
function isOwnOrigin(origin: string, headers: Headers): boolean {
  if (!URL.canParse(origin)) return false;
  const { host, protocol } = new URL(origin);
  if (isForwardedHttps(headers.get("x-forwarded-proto")) && protocol !== "https:") return false;
  return host === headers.get("host") || host === headers.get("x-forwarded-host");
}

/** The nonce of this request's policy, for the root layout. `arrival.ts` overwrites a value from the caller. */
export const NONCE_HEADER = "x-stufio-nonce";

/**
 * The Content-Security-Policy of a page. A script runs only with the request's nonce, or if such a script loads it.
 * Style attributes are allowed, because React writes them into the HTML and attributes cannot have a nonce. `next dev`
 * also evaluates code and inserts styles.
 */
export function pagePolicy(input: { nonce: string; isDevelopment: boolean }): string {
  const { nonce, isDevelopment } = input;
  return [
    "default-src 'self'",
    // `'self'` is for browsers without 'strict-dynamic'.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${isDevelopment ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The Content-Security-Policy of API answers, which load nothing. */
export const API_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Headers of every answer to a request that Node could parse. */
export const SECURITY_HEADERS = [
  ["x-content-type-options", "nosniff"],
  ["x-frame-options", "DENY"],
  ["referrer-policy", "same-origin"],
  ["permissions-policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
] as const;

/** `Strict-Transport-Security` of an answer over HTTPS, valid for a year. */
export function transportSecurity({ subdomains }: { subdomains: boolean }): string {
  return `max-age=31536000${subdomains ? "; includeSubDomains" : ""}`;
}

/**
 * The Content-Security-Policy. Scripts and styles are our own, also inline because Next writes them into its pages.
 * `next dev` also evaluates code.
 */
function contentSecurityPolicy(isDevelopment: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'unsafe-inline'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
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

/** Headers of every answer: pages, API, errors and files. */
export function securityHeaders(input: { isDevelopment: boolean }): readonly (readonly [string, string])[] {
  return [
    ["content-security-policy", contentSecurityPolicy(input.isDevelopment)],
    ["x-content-type-options", "nosniff"],
    ["x-frame-options", "DENY"],
    ["referrer-policy", "same-origin"],
    ["permissions-policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"],
    ["cross-origin-opener-policy", "same-origin"],
    ["cross-origin-resource-policy", "same-origin"],
  ];
}

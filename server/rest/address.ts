/** The front refuses other methods, because `new Request` throws for some of them, such as TRACE. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
export const ALLOWED_METHODS = METHODS.join(", ");

export const isServedMethod = (method: string | undefined) => METHODS.some((one) => one === method);

const DOTS = /^(\.|%2e){1,2}$/i;
/** First path segments of the APIs. */
const API_ROOTS = new Set(["admin", "api", "mcp"]);

/**
 * Returns the name, not decoded, of the first query parameter whose percent-encoded bytes are not UTF-8, or null. URL
 * parsers would silently replace these bytes with U+FFFD.
 */
export function unreadableParameter(target: string): string | null {
  const query = target.split("#", 1)[0]?.split("?").slice(1).join("?") ?? "";
  const pairs = query.split("&");
  const found = pairs.find((pair) => !isDecodable(pair.replaceAll(/%(?![0-9a-f]{2})/gi, "%25")));
  return found === undefined ? null : (found.split("=", 1)[0] ?? "");
}

/** Whether the address belongs to an API (REST, tRPC, sign-in, MCP), not to a page. */
export function isApiAddress(target: string): boolean {
  return API_ROOTS.has(target.split(/[/?#]/, 2)[1] ?? "");
}

/**
 * Returns the request target without its origin. Servers must accept targets with an origin (RFC 9112, 3.2.2), but Next
 * would redirect them.
 */
export function originForm(target: string): string {
  const [origin] = /^https?:\/\/[^/?#]*/i.exec(target) ?? [];
  if (origin === undefined) return target;
  const rest = target.slice(origin.length);
  return rest.startsWith("/") ? rest : `/${rest}`;
}

/**
 * Whether a request target is a path without parts that URL parsers or Next would change, so that the request would
 * reach another resource: `.` and `..`, also percent-encoded, and, at addresses of APIs, `\`, empty segments and bytes
 * that are not UTF-8.
 */
export function isPlainAddress(target: string): boolean {
  const path = originForm(target).split(/[?#]/, 1)[0] ?? "";
  if (!path.startsWith("/")) return false;
  const segments = path.split(/[/\\]/).slice(1);
  if (segments.some((segment) => DOTS.test(segment))) return false;
  const [first] = segments;
  if (first === undefined || !API_ROOTS.has(first)) return true;
  const hasEmptySegment = segments.slice(0, -1).includes("");
  return !hasEmptySegment && !path.includes("\\") && segments.every(isDecodable);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

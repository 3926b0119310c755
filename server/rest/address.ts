/** What a `Request` can have; TRACE and the like make its constructor throw. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
export const ALLOWED_METHODS = METHODS.join(", ");

export const isServedMethod = (method: string | undefined) => METHODS.some((one) => one === method);

const DOTS = /^(\.|%2e){1,2}$/i;
/** Where programs call: there a redirect to a tidier path would carry a DELETE somewhere else. */
const FOR_PROGRAMS = new Set(["admin", "api"]);

/**
 * The first query parameter that is not percent-encoded UTF-8, null if there is none. Whoever parses a URL puts U+FFFD
 * for such bytes, without a word: another text would be looked for than the caller sent.
 */
export function unreadableParameter(target: string): string | null {
  const query = target.split("#", 1)[0]?.split("?").slice(1).join("?") ?? "";
  const pairs = query.split("&");
  const found = pairs.find((pair) => !isDecodable(pair.replaceAll(/%(?![0-9a-f]{2})/gi, "%25")));
  return found === undefined ? null : (found.split("=", 1)[0] ?? "");
}

/** Whether programs call this address, rather than browsers. */
export function isForPrograms(target: string): boolean {
  return FOR_PROGRAMS.has(target.split(/[/?#]/, 2)[1] ?? "");
}

/**
 * A target with an origin in front, as proxies are sent and every server must take (RFC 9112, 3.2.2), without it. Next
 * would redirect to it.
 */
export function originForm(target: string): string {
  const [origin] = /^https?:\/\/[^/?#]*/i.exec(target) ?? [];
  if (origin === undefined) return target;
  const rest = target.slice(origin.length);
  return rest.startsWith("/") ? rest : `/${rest}`;
}

/**
 * Whether a request target is an address as it stands. The URL parser takes `..`, `%2e%2e` and `\` for steps on a path,
 * and Next redirects from an address with an empty step: an id of these would reach another resource than the one that
 * it names.
 */
export function isPlainAddress(target: string): boolean {
  const path = originForm(target).split(/[?#]/, 1)[0] ?? "";
  // `*` and what else is no path.
  if (!path.startsWith("/")) return false;
  const steps = path.split(/[/\\]/).slice(1);
  if (steps.some((step) => DOTS.test(step))) return false;
  const [first] = steps;
  if (first === undefined || !FOR_PROGRAMS.has(first)) return true;
  const isEmptyInside = steps.slice(0, -1).includes("");
  return !isEmptyInside && !path.includes("\\") && steps.every(isDecodable);
}

function isDecodable(step: string): boolean {
  try {
    decodeURIComponent(step);
    return true;
  } catch {
    return false;
  }
}

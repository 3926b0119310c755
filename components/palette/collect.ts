/** The answers of the parts of a search; null for a part that failed. */
export interface Collected<Parts extends Record<string, Promise<unknown>>> {
  found: { [Name in keyof Parts]: Awaited<Parts[Name]> | null };
  /** The display names of the parts that failed. */
  failed: string[];
}

/**
 * Waits for all parts of a search, so that a failed part does not hide the answers of the other parts. `names` has the
 * display name of each part. Never rejects.
 */
export async function collect<Parts extends Record<string, Promise<unknown>>>(
  parts: Parts,
  names: Record<keyof Parts, string>,
): Promise<Collected<Parts>> {
  const keys = Object.keys(parts) as (keyof Parts)[];
  const settled = await Promise.allSettled(keys.map((key) => parts[key]));
  const found = Object.fromEntries(
    keys.map((key, at) => [key, settled[at]?.status === "fulfilled" ? settled[at].value : null]),
  ) as Collected<Parts>["found"];
  return { found, failed: keys.filter((_, at) => settled[at]?.status === "rejected").map((key) => names[key]) };
}

/** The failed parts in a sentence: "Topics and executions could not be searched." */
export function failureText(failed: readonly string[]): string {
  const [last = "", ...before] = failed.toReversed();
  const all = before.length === 0 ? last : `${before.toReversed().join(", ")} and ${last}`;
  return `${all.charAt(0).toUpperCase()}${all.slice(1)} could not be searched.`;
}

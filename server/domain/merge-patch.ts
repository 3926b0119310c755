import { allJsonMembers, isObjectText, jsonMembers } from "./json-text";

/**
 * Applies a JSON merge patch (RFC 7396) to text, so that other members stay as written, even with repeated keys. Both
 * texts are valid JSON. The patch must not exceed `MAX_JSON_DEPTH`, because this function recurses.
 */
export function mergePatch(target: string, patch: string): string {
  if (!isObjectText(patch)) return patch;
  const members = isObjectText(target) ? allJsonMembers(target) : [];
  const patched = jsonMembers(patch);
  // The last of several equal keys counts. A patched key occurs once in the result.
  const before = new Map(members.map(({ key, value }) => [key, value]));
  const merged: string[] = [];
  const placed = new Set<string>();
  const place = (key: string, quoted: string) => {
    const value = patched.get(key);
    if (value === undefined || value === "null" || placed.has(key)) return;
    placed.add(key);
    merged.push(`${quoted}:${mergePatch(before.get(key) ?? "null", value)}`);
  };
  for (const { key, quoted, value } of members) {
    if (patched.has(key)) place(key, quoted);
    else merged.push(`${quoted}:${value}`);
  }
  for (const key of patched.keys()) place(key, JSON.stringify(key));
  return `{${merged.join(",")}}`;
}

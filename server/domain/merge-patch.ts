import { allJsonMembers, isObjectText, jsonMembers } from "./json-text";

/**
 * RFC 7396 on texts, so that a member that the patch does not name stays as it is written, also where its key comes
 * twice. Both are valid JSON; the patch must not be nested deeper than a caller's input may be.
 */
export function mergePatch(target: string, patch: string): string {
  if (!isObjectText(patch)) return patch;
  const members = isObjectText(target) ? allJsonMembers(target) : [];
  const given = jsonMembers(patch);
  // Of a key that comes twice the last counts; once it is patched, there is one.
  const before = new Map(members.map(({ key, value }) => [key, value]));
  const merged: string[] = [];
  const placed = new Set<string>();
  const place = (key: string, quoted: string) => {
    const value = given.get(key);
    if (value === undefined || value === "null" || placed.has(key)) return;
    placed.add(key);
    merged.push(`${quoted}:${mergePatch(before.get(key) ?? "null", value)}`);
  };
  for (const { key, quoted, value } of members) {
    if (given.has(key)) place(key, quoted);
    else merged.push(`${quoted}:${value}`);
  }
  for (const key of given.keys()) place(key, JSON.stringify(key));
  return `{${merged.join(",")}}`;
}

import { isObjectText, jsonMembers } from "./json-text";

/**
 * RFC 7396 on texts, so that what a patch does not name stays byte for byte as it is. Both are valid JSON; the patch must not be nested
 * deeper than a caller's input may be.
 */
export function mergePatch(target: string, patch: string): string {
  if (!isObjectText(patch)) return patch;
  const members = isObjectText(target) ? jsonMembers(target) : new Map<string, string>();
  for (const [key, value] of jsonMembers(patch)) {
    if (value === "null") members.delete(key);
    else members.set(key, mergePatch(members.get(key) ?? "null", value));
  }
  return `{${[...members].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`;
}

import { locationText } from "./protection/json-tree";

/** The path of a value in the payload: `/items/2/sku` (a JSON pointer) is `payload.items[2].sku`. */
export function payloadPath(pointer: string): string {
  const tokens = pointer.split("/").slice(1);
  const names = tokens.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
  const location = names.map((name) => (/^(0|[1-9]\d*)$/.test(name) ? Number(name) : name));
  return locationText("payload", location);
}

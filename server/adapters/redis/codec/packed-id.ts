const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Marks an id that is not packed. Packed UUIDs never contain this character. */
const UNPACKED = "~";

/** Caches the last pair, because successive calls often have the same id. */
let last = { id: "", packed: UNPACKED };

/**
 * Packs a UUID into 22 characters instead of 36. Each waiting schedule has its id in Redis twice, so packing saves 28
 * bytes of about 400. Other ids are stored after a `~`.
 */
export function packId(id: string): string {
  if (id === last.id) return last.packed;
  if (!UUID.test(id)) return UNPACKED + id;
  last = { id, packed: Buffer.from(id.replaceAll("-", ""), "hex").toString("base64url") };
  return last.packed;
}

export function unpackId(packed: string): string {
  if (packed === last.packed) return last.id;
  if (packed.startsWith(UNPACKED)) return packed.slice(UNPACKED.length);
  const hex = Buffer.from(packed, "base64url").toString("hex");
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  last = { id, packed };
  return id;
}

/** Packs the id in the key of an instance, `id@…`, or of a plan, `id#plan`. */
export function packKey(key: string): string {
  const at = key.search(/[@#]/);
  return at < 0 ? packId(key) : packId(key.slice(0, at)) + key.slice(at);
}

export function unpackKey(packed: string): string {
  const at = packed.search(/[@#]/);
  return at < 0 ? unpackId(packed) : unpackId(packed.slice(0, at)) + packed.slice(at);
}

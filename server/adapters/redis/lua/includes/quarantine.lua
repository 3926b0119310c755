-- Data that cannot be processed is removed and sent to ClickHouse as a document with its bytes (domain/quarantine.ts).
-- The bytes are in hex, because JSON cannot carry all bytes. The same bytes of the same key have the same id.
local HEX

local function to_hex(text)
  if not HEX then
    HEX = {}
    for byte = 0, 255 do HEX[string.char(byte)] = string.format("%02x", byte) end
  end
  return (string.gsub(text, ".", HEX))
end

local SHARD = string.match(K.outbox, "{(%d+)}") or "null"

-- `found`: step, kind, key, reason (JSON text without its quotes), bytes. Call it after the script has removed
-- something: a full Redis lets a script add data only after such a write.
local function quarantine(found)
  local digest = redis.sha1hex(found.kind .. "|" .. found.key .. "|" .. found.bytes)
  -- A UUID of version 8, as services/quarantine/item.ts makes it.
  local id = string.gsub(string.sub(digest, 1, 32), "^(%x%x%x%x%x%x%x%x)(%x%x%x%x)%x(%x%x%x)%x(%x%x%x)(%x+)$", "%1-%2-8%3-8%4-%5")
  outbox_add("q", '{"id":"' .. id .. '","at":' .. now_text .. ',"step":"' .. found.step .. '","kind":"' .. found.kind
    .. '","shard":' .. SHARD .. ',"keyHex":"' .. to_hex(found.key) .. '","reason":"' .. found.reason
    .. '","hex":"' .. to_hex(found.bytes) .. '"}')
end

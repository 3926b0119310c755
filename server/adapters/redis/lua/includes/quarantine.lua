-- Sends data that cannot be processed to ClickHouse, as a document with the bytes in hex, because JSON cannot carry all
-- bytes. The same bytes of the same key have the same id.
local HEX

local function to_hex(text)
  if not HEX then
    HEX = {}
    for byte = 0, 255 do HEX[string.char(byte)] = string.format("%02x", byte) end
  end
  return (string.gsub(text, ".", HEX))
end

local SHARD = string.match(K.outbox, "{(%d+)}") or "null"

-- `found`: step, kind, key, reason (JSON text without its quotes), bytes. Call this function after the script has
-- removed data: when Redis is out of memory, a script may add data only after it has removed some.
local function quarantine(found)
  local digest = redis.sha1hex(found.kind .. "|" .. found.key .. "|" .. found.bytes)
  -- A UUID of version 8, in the form of services/quarantine/item.ts.
  local id = string.gsub(string.sub(digest, 1, 32), "^(%x%x%x%x%x%x%x%x)(%x%x%x%x)%x(%x%x%x)%x(%x%x%x)(%x+)$", "%1-%2-8%3-8%4-%5")
  outbox_add("q", '{"id":"' .. id .. '","at":' .. now_text .. ',"step":"' .. found.step .. '","kind":"' .. found.kind
    .. '","shard":' .. SHARD .. ',"keyHex":"' .. to_hex(found.key) .. '","reason":"' .. found.reason
    .. '","hex":"' .. to_hex(found.bytes) .. '"}')
end

-- UUIDs as text. This code runs for each event, and locals are faster than fields of globals.
local byte, format, match, sub, floor = string.byte, string.format, string.match, string.sub, math.floor
local sha1hex = redis.sha1hex

-- The value of a base64url digit, by its byte. Other bytes have no number, so that the arithmetic below raises an
-- error.
local VALUE = {}
for i = 1, 127 do VALUE[i] = false end
for i = 1, 64 do VALUE[byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", i)] = i - 1 end

-- Unpacks a UUID from 22 digits of six bits (codec/packed-id.ts). Digits 6, 11 and 14 belong to two fields each.
-- Arithmetic is faster than text here, because Lua hashes each text.
local function unpack_id(packed)
  local v = VALUE
  local d1, d2, d3, d4, d5, d6, d7, d8, d9, d10, d11, d12, d13, d14, d15, d16, d17, d18, d19, d20, d21, d22 =
    byte(packed, 1, 22)
  local sixth, eleventh, fourteenth = v[d6], v[d11], v[d14]
  local time_low = ((((v[d1] * 64 + v[d2]) * 64 + v[d3]) * 64 + v[d4]) * 64 + v[d5]) * 4 + floor(sixth / 16)
  local time_mid = (sixth % 16 * 64 + v[d7]) * 64 + v[d8]
  local time_high = (v[d9] * 64 + v[d10]) * 16 + floor(eleventh / 4)
  local clock_seq = ((eleventh % 4 * 64 + v[d12]) * 64 + v[d13]) * 4 + floor(fourteenth / 16)
  local node = ((((((fourteenth % 16 * 64 + v[d15]) * 64 + v[d16]) * 64 + v[d17]) * 64 + v[d18]) * 64 + v[d19]) * 64
    + v[d20]) * 64 + v[d21]
  return format("%08x-%04x-%04x-%04x-%012x", time_low, time_mid, time_high, clock_seq, node * 4 + floor(v[d22] / 16))
end

local NAMESPACE = string.gsub(A.namespace, "..", function(hex) return string.char(tonumber(hex, 16)) end)
-- Replaces the two highest bits of a hex digit with RFC 9562's variant, binary 10. Each group below has the four digits
-- that differ only in these bits, followed by the replacement.
local VARIANT = {}
for digits in string.gmatch("048c8 159d9 26aea 37bfb", "%x+") do
  for i = 1, 4 do VARIANT[sub(digits, i, i)] = sub(digits, 5) end
end

-- UUID v5 (RFC 9562, 5.5) of an occurrence, the same as `eventId` of domain/ids.ts.
local function event_id_of(schedule_id, nominal)
  local hex = sha1hex(NAMESPACE .. schedule_id .. "@" .. nominal)
  local low, mid, high, variant, seq, node = match(hex, "^(........)(....).(...)(.)(...)(............)")
  return low .. "-" .. mid .. "-5" .. high .. "-" .. VARIANT[variant] .. seq .. "-" .. node
end

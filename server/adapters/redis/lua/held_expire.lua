-- Moves expired held occurrences of all topics into the catch-up lane until `limit` occurrences are due there. A claim
-- ends them although the breaker of their topic is open. KEYS: the lanes, held, heldAt, heldUntil. ARGV: wake, limit.
-- Returns the number of moved occurrences.
-- @include clock.lua
-- @include batch.lua
-- @include lanes.lua
-- @include held.lua

local room = tonumber(A.limit) - redis.call("ZCOUNT", K.duec, "-inf", now_text)
if room <= 0 then return 0 end
local keys = redis.call("ZRANGE", K.heldUntil, "-inf", "(" .. now_text, "BYSCORE", "LIMIT", 0, int(room))
local members = {}
if #keys > 0 then members = redis.call("HMGET", K.heldAt, unpack(keys)) end
local found, found_keys = {}, {}
for i = 1, #keys do
  if members[i] then found[#found + 1], found_keys[#found_keys + 1] = members[i], keys[i] end
end
-- The removal comes first: when Redis is out of memory, a script may add data only after it has removed some.
write("ZREM", K.heldUntil, keys)
held_remove(found, found_keys)
for i = 1, #found do lane_add("c", held_effective(found[i]), found_keys[i]) end
lanes_finish()
return #keys

-- Moves a topic's oldest held occurrences into the catch-up lane until `limit` occurrences are due there. KEYS: the
-- lanes, held, heldAt, heldUntil. ARGV: wake, topic, limit. Returns the number of moved occurrences.
-- @include clock.lua
-- @include batch.lua
-- @include lanes.lua
-- @include held.lua

local room = tonumber(A.limit) - redis.call("ZCOUNT", K.duec, "-inf", now_text)
if room <= 0 then return 0 end
local members, keys, effectives = held_first(A.topic, room)
held_remove(members, keys)
for i = 1, #keys do lane_add("c", effectives[i], keys[i]) end
lanes_finish()
return #keys

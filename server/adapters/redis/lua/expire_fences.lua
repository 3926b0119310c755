-- Removes expired fences. KEYS: fence, fenceExp, held, plan. ARGV: limit. Returns the number of removed fences.
-- @include clock.lua
-- @include batch.lua

-- No fence expires while occurrences are held: a hold may outlast a fence, and only the fence shows to a later claim
-- that the schedule was deleted.
if redis.call("ZCARD", K.held) > 0 then return 0 end
local ids = redis.call("ZRANGE", K.fenceExp, "-inf", now_text, "BYSCORE", "LIMIT", 0, A.limit)
local runs = {}
for i = 1, #ids do runs[i] = ids[i] .. "#runs" end
write("HDEL", K.fence, ids)
write("HDEL", K.plan, runs)
write("ZREM", K.fenceExp, ids)
return #ids

-- Removes expired fences. KEYS: fence, fenceExp, held, plan. ARGV: limit. Returns how many.
-- @include clock.lua
-- @include batch.lua

-- A held occurrence may be held for longer than a fence lasts, and only the fence tells its claim that the schedule was
-- deleted. Therefore no fence expires while occurrences are held.
if redis.call("ZCARD", K.held) > 0 then return 0 end
local ids = redis.call("ZRANGE", K.fenceExp, "-inf", now_text, "BYSCORE", "LIMIT", 0, A.limit)
local runs = {}
for i = 1, #ids do runs[i] = ids[i] .. "#runs" end
write("HDEL", K.fence, ids)
write("HDEL", K.plan, runs)
write("ZREM", K.fenceExp, ids)
return #ids

-- Removes expired fences. KEYS: fence, fenceExp, held, plan. ARGV: limit. Returns how many.
-- @include clock.lua
-- @include batch.lua

-- A held occurrence can outlive any fence, and needs the fence to learn that its schedule was deleted.
if redis.call("ZCARD", K.held) > 0 then return 0 end
local ids = redis.call("ZRANGE", K.fenceExp, "-inf", now_text, "BYSCORE", "LIMIT", 0, A.limit)
local runs = {}
for i = 1, #ids do runs[i] = ids[i] .. "#runs" end
write("HDEL", K.fence, ids)
write("HDEL", K.plan, runs)
write("ZREM", K.fenceExp, ids)
return #ids

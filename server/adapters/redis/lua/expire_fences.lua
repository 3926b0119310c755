-- Drops fences that have run out. KEYS: fence, fenceExp. ARGV: limit. Returns how many.
-- @include clock.lua
-- @include batch.lua

local ids = redis.call("ZRANGE", K.fenceExp, "-inf", now_text, "BYSCORE", "LIMIT", 0, A.limit)
write("HDEL", K.fence, ids)
write("ZREM", K.fenceExp, ids)
return #ids

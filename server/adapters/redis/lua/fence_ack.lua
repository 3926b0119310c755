-- ClickHouse has these revisions: fences that say nothing newer begin to run out.
-- KEYS: fence, fenceExp. ARGV: fenceTtlMs, deletedTtlMs; then pairs schedule id, revision. Returns how many.
-- @include clock.lua
-- @include batch.lua
-- @include header.lua
-- @include fence.lua

local ids, expiries = {}, {}
for i = FIRST, #ARGV, 2 do ids[#ids + 1] = ARGV[i] end
local fences = read("HMGET", K.fence, ids)
for i = 1, #ids do
  local fence = read_fence(fences[i])
  if fence and fence.revision <= tonumber(ARGV[FIRST + i * 2 - 1]) then
    -- A deleted schedule's retries and catch-up runs may still wait; they must find that it is deleted.
    expiries[#expiries + 1] = int(now + tonumber(fence.state == "d" and A.deletedTtlMs or A.fenceTtlMs))
    expiries[#expiries + 1] = ids[i]
  end
end
-- First: a removal is allowed when Redis is out of memory, and what follows it then is too.
if #expiries > 0 then redis.call("ZREM", K.fenceExp, expiries[2]) end
write("ZADD", K.fenceExp, expiries)
return #expiries / 2

-- Sets when fences expire, once ClickHouse has their revision. KEYS: fence, fenceExp. ARGV: fenceTtlMs, deletedTtlMs;
-- then pairs of schedule id and revision. Returns the number of fences that will expire.
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
    -- Retries and catch-up runs of a deleted schedule may still be waiting. A claim cancels them only while the fence
    -- exists.
    expiries[#expiries + 1] = int(now + tonumber(fence.state == "d" and A.deletedTtlMs or A.fenceTtlMs))
    expiries[#expiries + 1] = ids[i]
  end
end
-- The removal, of an entry that is added again below, comes first: when Redis is out of memory, a script may add
-- data only after a command that removes some.
if #expiries > 0 then redis.call("ZREM", K.fenceExp, expiries[2]) end
write("ZADD", K.fenceExp, expiries)
return #expiries / 2

-- Sets the expiry of fences whose revision ClickHouse has. KEYS: fence, fenceExp. ARGV: fenceTtlMs, deletedTtlMs; then
-- pairs of schedule id and recorded revision. Returns the number of fences that will expire.
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
    -- The fence of a deleted schedule lasts longer: claims cancel its waiting retries and catch-up runs only while the
    -- fence exists.
    expiries[#expiries + 1] = int(now + tonumber(fence.state == "d" and A.deletedTtlMs or A.fenceTtlMs))
    expiries[#expiries + 1] = ids[i]
  end
end
-- Removes an entry that is added again below: when Redis is out of memory, a script may add data only after it has
-- removed some.
if #expiries > 0 then redis.call("ZREM", K.fenceExp, expiries[2]) end
write("ZADD", K.fenceExp, expiries)
return #expiries / 2

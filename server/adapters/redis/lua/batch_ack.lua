-- ClickHouse has the batch: trims the outbox behind it and lets the fences of its rows run out.
-- KEYS: outbox, batch, fence, fenceExp. ARGV: last, after (the id behind last), fenceTtlMs, deletedTtlMs; then pairs
-- schedule id, revision. A repeat, or another's batch, changes nothing. Returns 1 or 0.
-- @include clock.lua
-- @include batch.lua
-- @include header.lua
-- @include fence.lua

if redis.call("GET", K.batch) ~= A.last then return 0 end
redis.call("DEL", K.batch)
redis.call("XTRIM", K.outbox, "MINID", A.after)
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
write("ZADD", K.fenceExp, expiries)
return 1

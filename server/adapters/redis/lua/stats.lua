-- Counts the contents of one shard. KEYS: the shard's keys. ARGV: selfTestId (the shard's self-test, not counted).
-- Returns now, pending, overdue, the oldest due time ("" for none), running, outbox depth, fences, held, id of the
-- oldest outbox entry ("" for none).
-- @include clock.lua
-- @include batch.lua
-- @include header.lua
-- @include lanes.lua

local pending, overdue, oldest = 0, 0, nil
for i = 1, #LANES do
  local key = K["due" .. LANES[i]]
  pending = pending + redis.call("ZCARD", key)
  overdue = overdue + redis.call("ZCOUNT", key, "-inf", now_text)
end
local head = lanes_head()
if head and head <= now then oldest = int(head) end
local first = redis.call("XRANGE", K.outbox, "-", "+", "COUNT", 1)[1]
local running, held = redis.call("ZCARD", K.lease), redis.call("ZCARD", K.held)
local self_test = redis.call("HGET", K.sched, A.selfTestId)
if self_test then
  local member = is_stub(self_test) and A.selfTestId .. self_test or A.selfTestId
  local score = redis.call("ZSCORE", K.due9, member) or redis.call("ZSCORE", K.duec, member)
  if score then
    pending = pending - 1
    if tonumber(score) <= now then overdue = overdue - 1 end
  elseif redis.call("HEXISTS", K.heldAt, member) == 1 then
    held = held - 1
  else
    running = running - 1
  end
end
return {
  now_text, pending, overdue, oldest or "", running, redis.call("XLEN", K.outbox),
  redis.call("HLEN", K.fence), held,
  first and first[1] or "",
}

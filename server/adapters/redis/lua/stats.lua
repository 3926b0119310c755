-- Counts the contents of one shard. KEYS: the shard's keys. ARGV: selfTestId (the shard's self-test, not counted).
-- Returns now, pending, overdue, the oldest due time ("" for none), running, outbox depth, fences, held, id of the
-- oldest outbox entry ("" for none).
-- @include clock.lua
-- @include batch.lua
-- @include header.lua
-- @include lanes.lua

local self_test = redis.call("HGET", K.sched, A.selfTestId)
local self_test_member = self_test and is_stub(self_test) and A.selfTestId .. self_test or A.selfTestId

local pending, overdue, oldest = 0, 0, nil
for i = 1, #LANES do
  local key = K["due" .. LANES[i]]
  pending = pending + redis.call("ZCARD", key)
  overdue = overdue + redis.call("ZCOUNT", key, "-inf", now_text)
  local head = redis.call("ZRANGE", key, 0, 1, "WITHSCORES")
  local due_at = tonumber(head[head[1] == self_test_member and 4 or 2])
  if due_at and due_at <= now and (not oldest or due_at < oldest) then oldest = due_at end
end
local first = redis.call("XRANGE", K.outbox, "-", "+", "COUNT", 1)[1]
local running, held = redis.call("ZCARD", K.lease), redis.call("ZCARD", K.held)
if self_test then
  local score = redis.call("ZSCORE", K.due9, self_test_member) or redis.call("ZSCORE", K.duec, self_test_member)
  if score then
    pending = pending - 1
    if tonumber(score) <= now then overdue = overdue - 1 end
  elseif redis.call("HEXISTS", K.heldAt, self_test_member) == 1 then
    held = held - 1
  else
    running = running - 1
  end
end
return {
  now_text, pending, overdue, oldest and int(oldest) or "", running, redis.call("XLEN", K.outbox),
  redis.call("HLEN", K.fence), held,
  first and first[1] or "",
}

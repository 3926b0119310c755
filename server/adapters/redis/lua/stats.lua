-- One shard in numbers. KEYS: the shard's. Returns now, pending, overdue, the oldest due time ("" for none), running,
-- outbox depth, fences, held, id of the oldest outbox entry ("" for none).
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
return {
  now_text, pending, overdue, oldest or "", redis.call("ZCARD", K.lease), redis.call("XLEN", K.outbox),
  redis.call("HLEN", K.fence), redis.call("ZCARD", K.held),
  first and first[1] or "",
}

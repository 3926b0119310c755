-- Makes occurrences with expired leases due now, without counting an attempt. If a plan was leased, removes the claim
-- of the plan and makes the schedule due now. KEYS: the shard's keys. ARGV: wake, limit. Returns the number of expired
-- leases.
-- @include clock.lua
-- @include batch.lua
-- @include header.lua
-- @include lanes.lua
-- @include instance.lua

local members = redis.call("ZRANGE", K.lease, "-inf", now_text, "BYSCORE", "LIMIT", 0, A.limit)
write("ZREM", K.lease, members)
for i = 1, #members do
  local token, key = string.match(members[i], "^([^|]*)|(.*)$")
  local value = redis.call("HGET", K.occ, key)
  if value and string.sub(key, -5) == "#plan" then
    if value == token then
      local id = id_of(key)
      redis.call("HDEL", K.occ, key)
      local record = redis.call("HGET", K.sched, id)
      if record and not is_stub(record) then lane_add(string.sub(record, 1, 1), now, id) end
    end
  elseif value then
    lane_add(lane_of(value), now, key)
  end
end
lanes_finish()
return #members

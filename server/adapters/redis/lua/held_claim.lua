-- Claims a topic's oldest held occurrences that can be published, for a breaker's trial. Expired or deleted ones before
-- them prove nothing about the topic: they are moved into the catch-up lane, where a claim ends them. Reads at most
-- MOST members. KEYS: the lanes, sched, plan, occ, lease, fence, held, heldAt, heldUntil, outbox. ARGV: wake, topic,
-- limit, leaseMs, token. Returns what claim returns.
-- @include clock.lua
-- @include batch.lua
-- @include header.lua
-- @include runs.lua
-- @include fence.lua
-- @include outbox.lua
-- @include quarantine.lua
-- @include leases.lua
-- @include lanes.lua
-- @include held.lua

local MOST = 1000

local members, keys, effectives = held_first(A.topic, MOST)
local values, untils = read("HMGET", K.occ, keys), read("ZMSCORE", K.heldUntil, keys)
local ids = {}
for i = 1, #keys do ids[i] = id_of(keys[i]) end
local fences = read("HMGET", K.fence, ids)

-- A member without a value is over too: the next claim drops it.
local function is_over(i)
  if not values[i] then return true end
  if untils[i] and tonumber(untils[i]) < now then return true end
  local fence = read_fence(fences[i])
  local _, mark = string.match(values[i], META)
  return fence and fence.state == "d" and mark == ""
end

local removed, removed_keys, over, taken = {}, {}, {}, {}
for i = 1, #keys do
  if #taken >= tonumber(A.limit) then break end
  removed[#removed + 1], removed_keys[#removed_keys + 1] = members[i], keys[i]
  if is_over(i) then over[#over + 1] = i else taken[#taken + 1] = keys[i] end
end
held_remove(removed, removed_keys)
for i = 1, #over do lane_add("c", effectives[over[i]], keys[over[i]]) end
claim_instances(taken)
write("ZADD", K.lease, leases)
lanes_finish()
outbox_flush()
return reply

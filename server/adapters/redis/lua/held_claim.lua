-- Claims a topic's oldest held occurrences that can be published, for a breaker's trial. Moves expired or deleted
-- occurrences before them into the catch-up lane, where a claim ends them. Claims nothing while all firing is paused.
-- KEYS: the lanes, sched, plan, occ, lease, fence, held, heldAt, heldUntil, outbox, paused. ARGV: wake, topic, limit,
-- leaseMs, token. Returns the reply of claim.lua.
-- @include clock.lua
-- @include pause.lua
-- @include batch.lua
-- @include header.lua
-- @include runs.lua
-- @include fence.lua
-- @include outbox.lua
-- @include quarantine.lua
-- @include leases.lua
-- @include lanes.lua
-- @include held.lua

local MAX_MEMBERS = 1000

reply[PAUSE] = pause_of(redis.call("GET", K.paused))
if reply[PAUSE] ~= "" then return reply end

local members, keys, effectives = held_first(A.topic, MAX_MEMBERS)
local values, untils = read("HMGET", K.occ, keys), read("ZMSCORE", K.heldUntil, keys)
local ids = {}
for i = 1, #keys do ids[i] = id_of(keys[i]) end
local fences = read("HMGET", K.fence, ids)

-- Whether a claim would end the occurrence without publishing it. The next claim drops a member without a value.
local function has_ended(i)
  if not values[i] then return true end
  if untils[i] and tonumber(untils[i]) < now then return true end
  local _, exempt = string.match(values[i], META)
  return is_cancelled(read_fence(fences[i]), exempt)
end

local removed, removed_keys, ended, taken = {}, {}, {}, {}
for i = 1, #keys do
  if #taken >= tonumber(A.limit) then break end
  removed[#removed + 1], removed_keys[#removed_keys + 1] = members[i], keys[i]
  if has_ended(i) then ended[#ended + 1] = i else taken[#taken + 1] = keys[i] end
end
held_remove(removed, removed_keys)
for i = 1, #ended do lane_add("c", effectives[ended[i]], keys[ended[i]]) end
claim_instances(taken)
write("ZADD", K.lease, leases)
lanes_finish()
outbox_flush()
return reply

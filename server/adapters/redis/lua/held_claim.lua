-- Hands out a topic's oldest held occurrences under a lease: a breaker's trial. KEYS: sched, plan, occ, lease, fence, held, heldAt, outbox.
-- ARGV: topic, limit, leaseMs, token. Returns what claim returns.
-- @include clock.lua
-- @include batch.lua
-- @include header.lua
-- @include runs.lua
-- @include fence.lua
-- @include outbox.lua
-- @include quarantine.lua
-- @include handing.lua
-- @include held.lua

local members, keys = held_first(A.topic, tonumber(A.limit))
held_remove(members, keys)
claim_instances(keys)
write("ZADD", K.lease, leases)
outbox_flush()
return reply

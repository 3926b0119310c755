-- Quarantines a claim that its worker cannot process, if the lease is still held. If the claim was a plan or the only
-- occurrence of a one-time schedule, the schedule leaves the hot tier. KEYS: sched, plan, occ, lease, outbox. ARGV:
-- token, key, id, reason (JSON text without its quotes). Returns 1, or 0 for a lost lease.
-- @include clock.lua
-- @include outbox.lua
-- @include quarantine.lua

if redis.call("ZREM", K.lease, A.token .. "|" .. A.key) == 0 then return 0 end
local is_plan = A.key == A.id .. "#plan"
local record = redis.call("HGET", K.sched, A.id)
local bytes = is_plan and record or redis.call("HGET", K.occ, A.key)
redis.call("HDEL", K.occ, A.key)
-- A one-time schedule in flight has the stub "@nominal" as its record. The occurrence's key is id and stub together.
if is_plan or record and A.id .. record == A.key then
  redis.call("HDEL", K.sched, A.id)
  redis.call("HDEL", K.plan, A.id)
end
if bytes then
  quarantine({
    step = "claim", kind = is_plan and "record" or "instance", key = is_plan and A.id or A.key, reason = A.reason, bytes = bytes,
  })
end
outbox_flush()
return 1

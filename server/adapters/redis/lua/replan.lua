-- Stores the new plan of a recurring schedule that was late or had no plan, the ledger rows of skipped occurrences and
-- the instances of caught-up occurrences. Refused if the lease is lost, or if the schedule was edited, paused or
-- deleted since the claim.
-- KEYS: the shard's keys. ARGV: wake, id, token, version, last (the latest nominal time of the rows and instances, or
-- ""), tail (h, f or e, as in settle_item.lua), data (the plan for h, the next nominal time for f, "" for e), blobs and
-- instances (their numbers); then the ledger blobs; then the instances. Returns 1, or 0 if refused.
-- @include clock.lua
-- @include batch.lua
-- @include header.lua
-- @include outbox.lua
-- @include lanes.lua
-- @include runs.lua
-- @include fence.lua
-- @include instance.lua

local id, marker = A.id, A.id .. "#plan"
local has_lease = redis.call("ZREM", K.lease, A.token .. "|" .. marker) == 1
if not has_lease or redis.call("HGET", K.occ, marker) ~= A.token then return 0 end
redis.call("HDEL", K.occ, marker)
local record = redis.call("HGET", K.sched, id)
if not record or is_stub(record) then return 0 end
local header = read_header(record)
if not header then
  -- The next claim finds the damaged record and quarantines it.
  lane_add("0", now, id)
  lanes_finish()
  return 0
end
if header.version ~= tonumber(A.version) then return 0 end

header.revision = header.revision + 1
if (tonumber(A.last) or -math.huge) > (tonumber(header.nominal) or -math.huge) then header.nominal = A.last end
local blobs = tonumber(A.blobs)
for i = 0, blobs - 1 do outbox_add("x", ARGV[FIRST + i]) end
local runs = runs_of(id, header.flags)
local added = add_instances(FIRST + blobs, tonumber(A.instances), header.priority, write_record(header), NONE_DECIDED)
if runs then
  runs = runs + added
  redis.call("HSET", K.plan, id .. "#runs", int(runs))
end

if A.tail == "h" then
  record = write_record(header)
  redis.call("HSET", K.sched, id, record)
  redis.call("HSET", K.plan, id, A.data)
  lane_add(header.priority, tonumber(string.match(A.data, "^%-?%d+:(%-?%d+)")), id)
  outbox_row(id, "r|0|0|" .. first_nominal(A.data) .. runs_suffix(runs), record)
else
  local completed = A.tail == "e" and "1" or "0"
  record = write_record(header)
  redis.call("HDEL", K.sched, id)
  redis.call("HDEL", K.plan, id)
  lane_remove(header.priority, id)
  set_fence(id, header, "l", completed, A.data)
  outbox_row(id, "c|" .. completed .. "|0|" .. A.data .. runs_suffix(runs), record)
end
lanes_finish()
outbox_flush()
return 1

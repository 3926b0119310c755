-- Adds an occurrence beside the plan. While all firing is paused, a manual run or a replay goes into lane m, from which
-- claims still take occurrences.
-- KEYS: the shard's keys; with an idempotency key also the key of its answer.
-- ARGV: wake, id, head, rest (see put.lua), version (the current version of the schedule; the record may have an older
-- version), completed, deleted (1 or 0), next, runs ("" without max_runs), key, times, lane ("" for the schedule's
-- own), meta, answer, answerMs, entry (JSON of an audit entry, or "").
-- Returns 1 if added, 0 if the instance key exists, or the stored answer of a repeated idempotency key.
-- @include clock.lua
-- @include pause.lua
-- @include batch.lua
-- @include header.lua
-- @include outbox.lua
-- @include lanes.lua
-- @include runs.lua
-- @include fence.lua
-- @include instance.lua
-- @include answer.lua

local known = known_answer()
if known then return known end
local record = A.head .. now_text .. A.rest
local fence = read_fence(redis.call("HGET", K.fence, A.id) or nil)
local header = read_header(record)
local lane = A.lane == "" and header.priority or A.lane
if string.find(A.times, "|[mr]$") and pause_of(redis.call("GET", K.paused)) ~= "" then lane = "m" end
local added = add_instance({
  key = A.key, times = A.times, lane = lane, json = A.meta,
  exempt = (A.deleted == "1" or fence and fence.state == "d") and "!" or "", record = record,
})
if not added then return 0 end
keep_answer()
-- If the schedule is not in Redis, the settle of this occurrence finds the schedule's counters in the fence.
if not fence and A.deleted == "0" and redis.call("HEXISTS", K.sched, A.id) == 0 then
  header.version = tonumber(A.version)
  if A.runs ~= "" then redis.call("HSETNX", K.plan, A.id .. "#runs", A.runs) end
  set_fence(A.id, header, "l", A.completed, A.next)
end
if A.entry ~= "" then outbox_add("a", A.entry) end
lanes_finish()
outbox_flush()
return 1

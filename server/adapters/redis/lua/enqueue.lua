-- Adds an occurrence beside the plan. KEYS: the shard's, and the answer's of an idempotency key where the call has one.
-- ARGV: wake, id, head, rest (as in put.lua), version (of the schedule now; the record may be of an older one),
-- completed, deleted (1 or 0), next, runs ("" where nothing bounds them), key, times, lane ("" for the schedule's own),
-- meta, answer, answerMs. Returns 1, or 0 when the key is there already, or the answer that is kept for the idempotency
-- key: nothing was done.
-- @include clock.lua
-- @include batch.lua
-- @include header.lua
-- @include lanes.lua
-- @include runs.lua
-- @include fence.lua
-- @include instance.lua
-- @include answer.lua

local known = known_answer()
if known then return known end
local record = A.head .. now_text .. A.rest
local fence = read_fence(redis.call("HGET", K.fence, A.id) or nil)
local h = read_header(record)
local added = add_instance({
  key = A.key, times = A.times, lane = A.lane == "" and h.priority or A.lane, json = A.meta,
  mark = (A.deleted == "1" or fence and fence.state == "d") and "!" or "", record = record,
})
if not added then return 0 end
keep_answer()
-- So that the run can be counted although the schedule is not hot.
if not fence and A.deleted == "0" and redis.call("HEXISTS", K.sched, A.id) == 0 then
  h.version = tonumber(A.version)
  if A.runs ~= "" then redis.call("HSETNX", K.plan, A.id .. "#runs", A.runs) end
  set_fence(A.id, h, "l", A.completed, A.next)
end
lanes_finish()
return 1

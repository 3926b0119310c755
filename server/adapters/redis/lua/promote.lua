-- Moves long-term rows from ClickHouse into the hot tier, unless Redis has the schedule, or knows a newer revision or
-- that the schedule is deleted.
-- KEYS: the shard's keys. ARGV: wake, count; then for each item id, revision that was read, head and rest (see put.lua;
-- with the next revision), next, score, plan. Returns for each item: p promoted, h already hot, f refused by a fence.
-- @include clock.lua
-- @include batch.lua
-- @include header.lua
-- @include outbox.lua
-- @include lanes.lua
-- @include runs.lua
-- @include fence.lua

local count = tonumber(A.count)
local ids = {}
for i = 1, count do ids[i] = ARGV[FIRST + (i - 1) * 7] end
local records, fences = read("HMGET", K.sched, ids), read("HMGET", K.fence, ids)
local reply, sched_set, plan_set, entered = {}, {}, {}, {}
for i = 1, count do
  local id, at = ids[i], FIRST + (i - 1) * 7
  local fence = read_fence(fences[i])
  if records[i] or entered[id] then
    reply[i] = "h"
  elseif fence and (fence.state == "d" or fence.revision > tonumber(ARGV[at + 1])) then
    reply[i] = "f"
  else
    local record = ARGV[at + 2] .. now_text .. ARGV[at + 3]
    if fence and fence.last ~= "" then
      local header = read_header(record)
      header.nominal = fence.last
      record = write_record(header)
    end
    entered[id] = true
    sched_set[#sched_set + 1] = id
    sched_set[#sched_set + 1] = record
    local runs, plan = split_runs(ARGV[at + 6])
    if runs then
      -- A count in Redis is newer than the count in the row.
      runs = runs_of(id, "m") or runs
      plan_set[#plan_set + 1] = id .. "#runs"
      plan_set[#plan_set + 1] = int(runs)
    end
    if plan ~= "" then
      plan_set[#plan_set + 1] = id
      plan_set[#plan_set + 1] = plan
    end
    lane_add(string.sub(record, 1, 1), ARGV[at + 5] == "now" and now or tonumber(ARGV[at + 5]), id)
    outbox_row(id, "r|0|0|" .. ARGV[at + 4] .. runs_suffix(runs), record)
    reply[i] = "p"
  end
end
write("HSET", K.sched, sched_set)
write("HSET", K.plan, plan_set)
lanes_finish()
outbox_flush()
for id in pairs(entered) do clear_fence(id) end
return reply

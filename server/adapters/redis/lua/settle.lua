-- Ends, retries or holds claims. Refuses an item whose lease is not held.
-- KEYS: the shard's keys. ARGV: wake, count, shared (delta JSON without partition and offset, for items whose body is
--   "@partition|offset"); then the items (settle_item.lua); then pairs of an item's number, from 1, and a ledger blob
--   that is written if the item is settled.
-- Returns for each item: 1 settled, 0 refused, 2 quarantined because its instance cannot be read.
-- @include clock.lua
-- @include batch.lua
-- @include header.lua
-- @include outbox.lua
-- @include quarantine.lua
-- @include lanes.lua
-- @include runs.lua
-- @include fence.lua
-- @include held.lua
-- @include settle_item.lua

-- If the last planned occurrence is retried or held, its schedule becomes due at most this long after the retry or the
-- end of the hold. If the occurrence has not ended by then, a claim finds no plan and has the plan computed again.
local PLAN_SLACK_MS = 30000

local count = tonumber(A.count)
local members, keys, ids = {}, {}, {}
for i = 1, count do
  local member = ARGV[FIRST + (i - 1) * ITEM_TEXTS + 1]
  local key = string.match(member, "|(.*)$")
  members[i], keys[i], ids[i] = member, key, id_of(key)
end
local scores, values = read("ZMSCORE", K.lease, members), read("HMGET", K.occ, keys)
local records, fence_texts = read("HMGET", K.sched, ids), read("HMGET", K.fence, ids)
-- The removal comes first: when Redis is out of memory, a script may add data only after it has removed some.
write("ZREM", K.lease, members)

-- The state of each schedule. record: its record in Redis, if any. stub: "@nominal" of a one-time schedule in flight.
-- fence: the fence of a schedule that left the hot tier. row: set by `counted_row`.
local schedules = {}
for i = 1, count do
  local id, record = ids[i], records[i]
  local stub = record and is_stub(record) and record or nil
  schedules[id] = { record = not stub and record or nil, stub = stub, fence = read_fence(fence_texts[i]) }
end

local function hot_row(id, record)
  local row = read_header(record)
  if not row then return nil end
  row.hot = true
  row.plan = has_flag(row.flags, "r") and redis.call("HGET", K.plan, id) or ""
  return row
end

-- The claimed record with the counters of the fence. Nil if the record has another version than the schedule, or its
-- own content: a row needs the current definition, and Redis does not have it.
local function fenced_row(fence, value)
  local row = read_header(value, record_at(value))
  if row.version ~= fence.version or has_flag(row.flags, "e") then return nil end
  row.revision, row.count, row.errors = fence.revision, fence.count, fence.errors
  row.completed, row.next_at = fence.completed, fence.next_at
  if has_flag(row.flags, "r") then row.nominal = fence.last end
  return row
end

-- The row in which the schedule's executions are counted: `hot_row` if its record is in Redis, otherwise `fenced_row`.
-- Nil if there is neither, such as for a deleted schedule, and for a one-time schedule in flight, whose last row the
-- recorder makes.
local function counted_row(id, value)
  local schedule = schedules[id]
  if schedule.row or schedule.stub then return schedule.row end
  local fence = schedule.fence
  if schedule.record then
    schedule.row = hot_row(id, schedule.record)
  elseif fence and fence.state == "l" then
    schedule.row = fenced_row(fence, value)
  end
  return schedule.row
end

-- Outcomes that increase the schedule's execution count: succeeded, dead and expired.
local COUNTED = { s = true, d = true, e = true }

local function count_run(row, item)
  if COUNTED[item.outcome] then row.count = row.count + 1 end
  if item.outcome == "d" then row.errors = row.errors + 1 end
  row.last_at, row.last_status, row.last_error = item.last_at, item.outcome, item.last_error
  row.dirty = true
end

-- Tail h: appends occurrences to the plan, unless a claim holds it.
local function append_plan(id, row, data)
  local was_empty = row.plan == ""
  if was_empty and redis.call("HEXISTS", K.occ, id .. "#plan") == 1 then return end
  local last = tonumber(string.match(row.plan, "(%-?%d+):%-?%d+$") or row.nominal) or -math.huge
  for nominal, effective in string.gmatch(data, "(%-?%d+):(%-?%d+)") do
    if tonumber(nominal) > last then
      row.plan = row.plan .. (row.plan == "" and "" or ",") .. nominal .. ":" .. effective
      row.plan_changed = true
    end
  end
  if not was_empty or row.plan == "" then return end
  lane_add(row.priority, tonumber(string.match(row.plan, "^%-?%d+:(%-?%d+)")), id)
  row.dirty, row.leaves = true, nil
end

-- Tail f: the next occurrence is long-term; e: there is no next occurrence. The schedule stays in its lane until its
-- last planned occurrence ends, and then leaves Redis.
local function end_plan(id, row, item)
  if row.plan ~= "" or redis.call("HEXISTS", K.occ, id .. "#plan") == 1 then return end
  if item.kind == "d" then
    row.leaves = item.tail == "f" and { completed = "0", next_at = item.tail_data } or { completed = "1", next_at = "" }
    row.dirty = true
    return
  end
  local requeue_at = (item.retry_at or item.expires_at) + PLAN_SLACK_MS
  if item.tail == "f" then requeue_at = math.min(requeue_at, tonumber(item.tail_data)) end
  lane_add(row.priority, requeue_at, id)
end

local function apply_tail(id, value, row, item)
  if item.tail == "" or not row or not row.hot or not has_flag(row.flags, "r") then return end
  if read_header(value, record_at(value)).version ~= row.version then return end
  if item.tail == "h" then append_plan(id, row, item.tail_data) else end_plan(id, row, item) end
end

local occ_del, occ_set, sched_del = {}, {}, {}

local function ledger_row(head, delta, value)
  -- "@" (64) begins the short form of a delta.
  if string.byte(delta) == 64 then outbox_share(A.shared) end
  outbox_add("x", head .. "\n" .. delta .. "\n" .. value)
end

-- Ends the only occurrence of a one-time schedule. The recorder makes the completed catalogue row from the ledger blob.
local function finish_one_time(id, key, value, delta)
  local schedule = schedules[id]
  local fence, deleted_flag = schedule.fence, ""
  local revision, flags = string.match(value, "^[^\n]*\n%d|(%d+)|[^|]*|[^|]*|[^|]*|[^|]*|[^|]*|[^|]*|[^|]*|(%a*)|")
  revision = tonumber(revision) + 1
  if fence and fence.state == "d" then
    deleted_flag, revision = "d", fence.revision + 1
  end
  if deleted_flag == "d" or flags ~= "" and has_flag(flags, "f") then
    local header = read_header(value, record_at(value))
    header.revision, header.version = revision, fence and fence.version or header.version
    schedule.fence = set_fence(id, header, deleted_flag == "d" and "d" or "l", "1", "")
  end
  sched_del[#sched_del + 1] = id
  schedule.stub = nil
  ledger_row(int(revision) .. "|" .. deleted_flag .. "|" .. key, delta, value)
end

local function finish(i, value, delta, item)
  local id, key = ids[i], keys[i]
  occ_del[#occ_del + 1] = key
  ledger_row("||" .. key, delta, value)
  local row = counted_row(id, value)
  if row then count_run(row, item) end
  apply_tail(id, value, row, item)
end

-- A retry waits for its time. If its schedule was deleted, it becomes due at once, to be cancelled.
local function put_back(i, value, meta_json, item)
  local id, key = ids[i], keys[i]
  local prefix, exempt, lane = string.match(value, "^(%-?%d*|%-?%d*|%a(!?)|%d*|(%w)|)")
  -- Computed before anything is added to the list: damaged bytes raise an error here, and the list must not contain a
  -- key without its value.
  local put = prefix .. meta_json .. "\n" .. string.sub(value, record_at(value))
  occ_set[#occ_set + 1] = key
  occ_set[#occ_set + 1] = put
  lane_add(lane, is_cancelled(schedules[id].fence, exempt) and now or item.retry_at, key)
  apply_tail(id, value, item.tail ~= "" and counted_row(id, value) or nil, item)
end

-- A held occurrence returns through the catch-up lane: at once, to be cancelled, if its schedule was deleted.
local function hold(i, value, item)
  local id, key = ids[i], keys[i]
  local effective, exempt, lane_at = string.match(value, "^%-?%d*|(%-?%d*)|%a(!?)|%d*|()%w|")
  local lane = string.sub(value, lane_at, lane_at)
  if lane ~= "c" then
    occ_set[#occ_set + 1] = key
    occ_set[#occ_set + 1] = string.sub(value, 1, lane_at - 1) .. "c" .. string.sub(value, lane_at + 1)
  end
  if is_cancelled(schedules[id].fence, exempt) then
    lane_add("c", now, key)
  else
    held_add(item.topic, tonumber(effective), key, item.expires_at)
  end
  apply_tail(id, value, item.tail ~= "" and counted_row(id, value) or nil, item)
end

-- Whether this is the only occurrence of a one-time schedule in flight.
local function is_one_time_occurrence(id, key)
  local stub = schedules[id].stub
  return stub and id .. stub == key
end

local function settle(i, from, value)
  local id, key = ids[i], keys[i]
  -- The common case: a one-time schedule needs only the delta of its item.
  if is_done(from) and is_one_time_occurrence(id, key) then
    occ_del[#occ_del + 1] = key
    return finish_one_time(id, key, value, item_body(from))
  end
  local item = read_item(from)
  if item.kind == "d" then
    finish(i, value, item_body(from), item)
  elseif item.kind == "h" then
    hold(i, value, item)
  else
    put_back(i, value, item_body(from), item)
  end
end

local function set_aside(i, value)
  local id, key = ids[i], keys[i]
  quarantine({ step = "settle", kind = "instance", key = key, reason = "Its state in Redis cannot be read.", bytes = value })
  occ_del[#occ_del + 1] = key
  if is_one_time_occurrence(id, key) then sched_del[#sched_del + 1] = id end
end

-- Further ledger rows by item number.
local further_rows = {}
for at = FIRST + count * ITEM_TEXTS, #ARGV, 2 do
  local i = tonumber(ARGV[at])
  further_rows[i] = further_rows[i] or {}
  further_rows[i][#further_rows[i] + 1] = ARGV[at + 1]
end

local reply, seen = {}, {}
for i = 1, count do
  local value = values[i]
  if not scores[i] or not value or seen[members[i]] then
    reply[i] = 0
  else
    seen[members[i]] = true
    -- Damaged bytes must affect this item only: the leases of all items are removed already. An error of Redis, which
    -- is a table, ends the script.
    local ok, err = pcall(settle, i, FIRST + (i - 1) * ITEM_TEXTS, value)
    if not ok and type(err) == "table" then error(err) end
    reply[i] = ok and 1 or 2
    if not ok then set_aside(i, value) end
    if ok and further_rows[i] then
      for k = 1, #further_rows[i] do outbox_add("x", further_rows[i][k]) end
    end
  end
end

write("HDEL", K.occ, occ_del)
write("HSET", K.occ, occ_set)
write("HDEL", K.sched, sched_del)

local sched_set, plan_set = {}, {}

local function store_row(id, row)
  if row.dirty then row.revision = row.revision + 1 end
  local runs = runs_suffix(row.dirty and runs_of(id, row.flags))
  if not row.hot then
    if row.dirty then
      set_fence(id, row, "l", row.completed, row.next_at)
      outbox_row(id, "c|" .. row.completed .. "|0|" .. row.next_at .. runs, write_record(row))
    end
    return
  end
  local leaves = row.leaves
  if leaves then
    lane_remove(row.priority, id)
    redis.call("HDEL", K.sched, id)
    redis.call("HDEL", K.plan, id)
    set_fence(id, row, "l", leaves.completed, leaves.next_at)
    outbox_row(id, "c|" .. leaves.completed .. "|0|" .. leaves.next_at .. runs, write_record(row))
    return
  end
  if row.plan_changed then
    plan_set[#plan_set + 1] = id
    plan_set[#plan_set + 1] = row.plan
  end
  if not row.dirty then return end
  local record = write_record(row)
  sched_set[#sched_set + 1] = id
  sched_set[#sched_set + 1] = record
  local next_at = has_flag(row.flags, "r") and first_nominal(row.plan) or row.nominal
  outbox_row(id, "r|0|0|" .. next_at .. runs, record)
end

for id, schedule in pairs(schedules) do
  if schedule.row then store_row(id, schedule.row) end
end
write("HSET", K.sched, sched_set)
write("HSET", K.plan, plan_set)
lanes_finish()
outbox_flush()
return reply

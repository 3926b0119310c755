-- Ends, retries or holds claims. A lease that is not there any more decides for itself: that item is refused.
-- KEYS: the shard's. ARGV: wake, count, shared (delta JSON of which those that end with "@partition|offset" as their
-- body have all but the place); then for each item
--   what ("d" and the outcome's letter, "r" retry, "h" hold), token|key, body (delta JSON, @place | meta JSON | ""),
--   extra: lastAt, retry time or, of what is held, when it expires ("" for never) | tail kind (h, f, e or "") |
--   tail data | last error, or the topic that it is held for;
--   then pairs: the number of an item, from 1, and a ledger blob that is written if that item is settled
-- Returns for each 1 settled, 0 refused, or 2: what it was held with cannot be read, and went to the quarantine.
-- @include clock.lua
-- @include batch.lua
-- @include header.lua
-- @include outbox.lua
-- @include quarantine.lua
-- @include lanes.lua
-- @include runs.lua
-- @include fence.lua
-- @include held.lua

-- A retry of the last planned occurrence keeps the schedule in its lane, to be planned anew if the retry never comes.
local PLAN_SLACK_MS = 30000

local count = tonumber(A.count)
local members, keys, ids = {}, {}, {}
for i = 1, count do
  local member = ARGV[FIRST + (i - 1) * 4 + 1]
  local key = string.match(member, "|(.*)$")
  members[i], keys[i], ids[i] = member, key, id_of(key)
end
local scores, values = read("ZMSCORE", K.lease, members), read("HMGET", K.occ, keys)
local records, fence_texts = read("HMGET", K.sched, ids), read("HMGET", K.fence, ids)
-- First: a removal is allowed when Redis is out of memory, and what follows it then is too.
write("ZREM", K.lease, members)

local rows, fences, stubs = {}, {}, {}
for i = 1, count do
  local id = ids[i]
  fences[id] = read_fence(fence_texts[i])
  if records[i] and is_stub(records[i]) then stubs[id] = records[i] end
end

-- The row that the runs of a schedule are counted in: the hot one, or, while it is away, what its fence knows of it.
-- A definition that was edited since is not at hand then, and its counters stay as the edit found them.
local function row_of(i, value)
  local id = ids[i]
  if rows[id] or stubs[id] then return rows[id] end
  local record, fence = records[i], fences[id]
  local row
  if record and not is_stub(record) then
    row = read_header(record)
    if not row then return nil end
    row.hot = true
    row.plan = has_flag(row.flags, "r") and redis.call("HGET", K.plan, id) or ""
  elseif fence and fence.state == "l" then
    row = read_header(value, record_at(value))
    if row.version ~= fence.version then return nil end
    row.revision, row.count, row.errors = fence.revision, fence.count, fence.errors
    row.completed, row.next_at = fence.completed, fence.next_at
    if has_flag(row.flags, "r") then row.nominal = fence.last end
  end
  rows[id] = row
  return row
end

local COUNTS = { s = true, d = true, e = true }

local function count_run(row, outcome, last_at, last_error)
  if COUNTS[outcome] then row.count = row.count + 1 end
  if outcome == "d" then row.errors = row.errors + 1 end
  row.last_at, row.last_status, row.last_error = last_at, outcome, last_error
  row.dirty = true
end

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

-- f: the next occurrence is beyond the horizon; e: there is none. The row leaves with the last occurrence's end.
local function end_plan(id, row, item)
  if row.plan ~= "" or redis.call("HEXISTS", K.occ, id .. "#plan") == 1 then return end
  if item.done then
    row.leaves = item.tail == "f" and { "0", item.data } or { "1", "" }
    row.dirty = true
    return
  end
  local again = item.at + PLAN_SLACK_MS
  if item.tail == "f" then again = math.min(again, tonumber(item.data)) end
  lane_add(row.priority, again, id)
end

local function apply_tail(id, value, row, item)
  if item.tail == "" or not row or not row.hot or not has_flag(row.flags, "r") then return end
  if read_header(value, record_at(value)).version ~= row.version then return end
  if item.tail == "h" then append_plan(id, row, item.data) else end_plan(id, row, item) end
end

local occ_del, occ_set, sched_del = {}, {}, {}

local function ledger_row(head, delta, value)
  if string.byte(delta) == 64 then outbox_share(A.shared) end
  outbox_add("x", head .. "\n" .. delta .. "\n" .. value)
end

-- A one-time schedule's own occurrence: its completed row is made by the recorder from the same blob.
local function finish_once(id, key, value, delta)
  local fence, mark = fences[id], ""
  local revision, flags = string.match(value, "^[^\n]*\n%d|(%d+)|[^|]*|[^|]*|[^|]*|[^|]*|[^|]*|[^|]*|[^|]*|(%a*)|")
  revision = tonumber(revision) + 1
  if fence and fence.state == "d" then
    mark, revision = "d", fence.revision + 1
  end
  if mark == "d" or flags ~= "" and has_flag(flags, "f") then
    local h = read_header(value, record_at(value))
    h.revision, h.version = revision, fence and fence.version or h.version
    fences[id] = set_fence(id, h, mark == "d" and "d" or "l", "1", "")
  end
  sched_del[#sched_del + 1] = id
  stubs[id] = nil
  ledger_row(int(revision) .. "|" .. mark .. "|" .. key, delta, value)
end

local function finish(i, value, delta, item)
  local id, key = ids[i], keys[i]
  occ_del[#occ_del + 1] = key
  ledger_row("||" .. key, delta, value)
  local row = row_of(i, value)
  if row then count_run(row, item.outcome, item.last_at, item.last_error) end
  apply_tail(id, value, row, item)
end

local function put_back(i, value, meta_json, item)
  local id, key = ids[i], keys[i]
  local prefix, lane = string.match(value, "^(%-?%d*|%-?%d*|%a!?|%d*|(%w)|)")
  -- Before the list grows: damaged bytes end this function here, and must not leave a key without its value.
  local put = prefix .. meta_json .. "\n" .. string.sub(value, record_at(value))
  occ_set[#occ_set + 1] = key
  occ_set[#occ_set + 1] = put
  local fence = fences[id]
  lane_add(lane, fence and fence.state == "d" and now or item.at, key)
  apply_tail(id, value, item.tail ~= "" and row_of(i, value) or nil, item)
end

-- From here on it is of the catch-up lane, by which it is drained. What was deleted meanwhile is cancelled at once
-- instead.
local function hold(i, value, item)
  local id, key = ids[i], keys[i]
  local fence = fences[id]
  local effective, lane_at = string.match(value, "^%-?%d*|(%-?%d*)|%a!?|%d*|()%w|")
  local lane = string.sub(value, lane_at, lane_at)
  if lane ~= "c" then
    occ_set[#occ_set + 1] = key
    occ_set[#occ_set + 1] = string.sub(value, 1, lane_at - 1) .. "c" .. string.sub(value, lane_at + 1)
  end
  if fence and fence.state == "d" then lane_add("c", now, key) else held_add(item.topic, tonumber(effective), key, item.at) end
  apply_tail(id, value, item.tail ~= "" and row_of(i, value) or nil, item)
end

local function settle(i, from, value)
  local what, id, key = ARGV[from], ids[i], keys[i]
  local is_done = string.byte(what) == 100
  -- Most of what ends is a one-time schedule: nothing but the delta is needed.
  if is_done and stubs[id] and id .. stubs[id] == key then
    occ_del[#occ_del + 1] = key
    return finish_once(id, key, value, ARGV[from + 2])
  end
  local at, tail, data, last_error = string.match(ARGV[from + 3], "^(%-?%d*)|(%a?)|([^|]*)|(.*)$")
  local item = {
    done = is_done, outcome = string.sub(what, 2),
    at = tonumber(at), last_at = at, tail = tail, data = data, last_error = last_error, topic = last_error,
  }
  if is_done then
    finish(i, value, ARGV[from + 2], item)
  elseif what == "h" then
    hold(i, value, item)
  else
    put_back(i, value, ARGV[from + 2], item)
  end
end

local function set_aside(i, value)
  local id, key = ids[i], keys[i]
  quarantine({ step = "settle", kind = "instance", key = key, reason = "It was run, but what it was held with cannot be read.", bytes = value })
  occ_del[#occ_del + 1] = key
  if stubs[id] and id .. stubs[id] == key then sched_del[#sched_del + 1] = id end
end

-- Rare: none for nearly every call.
local also = {}
for at = FIRST + count * 4, #ARGV, 2 do
  local i = tonumber(ARGV[at])
  also[i] = also[i] or {}
  also[i][#also[i] + 1] = ARGV[at + 1]
end

local reply, seen = {}, {}
for i = 1, count do
  local value = values[i]
  if not scores[i] or not value or seen[members[i]] then
    reply[i] = 0
  else
    seen[members[i]] = true
    -- Damaged bytes must cost this item alone: the leases of all are gone already. Errors of Redis are tables, and stop
    -- all.
    local ok, err = pcall(settle, i, FIRST + (i - 1) * 4, value)
    if not ok and type(err) == "table" then error(err) end
    reply[i] = ok and 1 or 2
    if not ok then set_aside(i, value) end
    if ok and also[i] then
      for k = 1, #also[i] do outbox_add("x", also[i][k]) end
    end
  end
end

write("HDEL", K.occ, occ_del)
write("HSET", K.occ, occ_set)
write("HDEL", K.sched, sched_del)

local sched_set, plan_set = {}, {}
for id, row in pairs(rows) do
  if row.dirty then row.revision = row.revision + 1 end
  local runs = runs_suffix(row.dirty and runs_of(id, row.flags))
  if not row.hot then
    if row.dirty then
      set_fence(id, row, "l", row.completed, row.next_at)
      outbox_row(id, "c|" .. row.completed .. "|0|" .. row.next_at .. runs, write_record(row))
    end
  elseif row.leaves then
    lane_remove(row.priority, id)
    redis.call("HDEL", K.sched, id)
    redis.call("HDEL", K.plan, id)
    set_fence(id, row, "l", row.leaves[1], row.leaves[2])
    outbox_row(id, "c|" .. row.leaves[1] .. "|0|" .. row.leaves[2] .. runs, write_record(row))
  else
    if row.plan_changed then
      plan_set[#plan_set + 1] = id
      plan_set[#plan_set + 1] = row.plan
    end
    if row.dirty then
      local record = write_record(row)
      sched_set[#sched_set + 1] = id
      sched_set[#sched_set + 1] = record
      local next_at = has_flag(row.flags, "r") and first_nominal(row.plan) or row.nominal
      outbox_row(id, "r|0|0|" .. next_at .. runs, record)
    end
  end
end
write("HSET", K.sched, sched_set)
write("HSET", K.plan, plan_set)
lanes_finish()
outbox_flush()
return reply

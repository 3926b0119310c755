-- Creates, edits, pauses, resumes and deletes schedules: updates record, plan, lane, fence and outbox in one step.
-- KEYS: the shard's keys; a call with one item may add the key of an answer (answer.lua).
-- ARGV: wake, count, answer, answerMs, entry, entryIds; then for each item id, head and rest (the record before and
--   after enteredAt, which the script fills in), plan (with "runs;" in front if the schedule has max_runs), options,
--   blobs (nominal|ledger row or kind|document), instances.
--   `options` has six parts, separated by semicolons: expected version ("" to create), row state
--   (tier|completed|deleted|next), score ("" unless hot, "now" for a plan to be computed), number of blobs, number of
--   instances, position (partition|offset|timestamp or "").
--   `entry` is the JSON of an audit entry without `targets` and `after`, or "". The script adds the ids and the number
--   of the stored schedules. `entryIds` has each item's id in the entry's format, separated by commas.
-- Returns one text for each item: a status letter, followed by data.
--   s stored, followed by the stored header of an edit; e exists, or a redelivered message; t stale, followed by the
--   current version; d deleted; i in flight; k nothing done, followed by the answer stored for the idempotency key
-- @include clock.lua
-- @include batch.lua
-- @include header.lua
-- @include outbox.lua
-- @include quarantine.lua
-- @include lanes.lua
-- @include runs.lua
-- @include fence.lua
-- @include instance.lua
-- @include held.lua
-- @include watermark.lua
-- @include answer.lua

local known = known_answer()
if known then return { "k" .. known } end

local ITEM = 5
local OPTIONS = "^(%d*);([^;]*);([^;]*);(%d+);(%d+);(.*)$"

local count = tonumber(A.count)
-- For each item: where its arguments begin in ARGV, its id, and the parts of its `options`.
local starts, ids, next_index = {}, {}, FIRST
local expecteds, row_states, scores, blob_counts, instance_counts, positions = {}, {}, {}, {}, {}, {}
for i = 1, count do
  starts[i], ids[i] = next_index, ARGV[next_index]
  expecteds[i], row_states[i], scores[i], blob_counts[i], instance_counts[i], positions[i] =
    string.match(ARGV[next_index + 4], OPTIONS)
  next_index = next_index + ITEM + blob_counts[i] + 4 * instance_counts[i]
end

local records, fences = {}, {}
local stored, fence_texts = read("HMGET", K.sched, ids), read("HMGET", K.fence, ids)
for i = 1, count do
  records[ids[i]] = stored[i]
  fences[ids[i]] = read_fence(fence_texts[i])
end

local pending_records, pending_plans = {}, {}
local function flush_records()
  write("HSET", K.sched, pending_records)
  write("HSET", K.plan, pending_plans)
  pending_records, pending_plans = {}, {}
end

local function store_hot(i, id, priority, record)
  local score = scores[i]
  local _, plan = split_runs(ARGV[starts[i] + 3])
  pending_records[#pending_records + 1] = id
  pending_records[#pending_records + 1] = record
  if plan ~= "" then
    pending_plans[#pending_plans + 1] = id
    pending_plans[#pending_plans + 1] = plan
  end
  lane_add(priority, score == "now" and now or tonumber(score), id)
  if fences[id] then clear_fence(id) end
  records[id], fences[id] = record, nil
end

local function store_fence(i, id, header)
  local completed, deleted, next_at = string.match(row_states[i], "^%a|(%d)|(%d)|(%-?%d*)$")
  fences[id] = set_fence(id, header, deleted == "1" and "d" or "l", completed, next_at)
end

-- Removes a schedule from the hot tier. `old`: the header of its stored record.
local function remove(id, old)
  flush_records()
  lane_remove(old.priority, id)
  redis.call("HDEL", K.sched, id)
  if has_flag(old.flags, "r") then
    redis.call("HDEL", K.plan, id)
    redis.call("HDEL", K.occ, id .. "#plan")
  end
  records[id] = false
end

-- Stores and returns the count of runs; nil for a schedule without max_runs. The count in Redis is newer than the
-- caller's.
local function count_runs(i, id, added)
  local passed_runs = split_runs(ARGV[starts[i] + 3])
  if not passed_runs then
    -- An edit may have removed max_runs; if a later edit sets it again, counting must start anew.
    if expecteds[i] ~= "" then redis.call("HDEL", K.plan, id .. "#runs") end
    return nil
  end
  local runs = (runs_of(id, "m") or passed_runs) + added
  pending_plans[#pending_plans + 1] = id .. "#runs"
  pending_plans[#pending_plans + 1] = int(runs)
  return runs
end

-- Appends the ledger rows, documents, instances and catalogue row of a stored change, and returns the item's reply.
-- Skips ledger rows and instances up to the nominal time `decided_until`: the claims of these occurrences decide their
-- outcomes.
local function finish(i, id, priority, record, header_text, decided_until)
  local at, blobs = starts[i] + ITEM, blob_counts[i]
  for k = 0, blobs - 1 do
    local prefix, blob = string.match(ARGV[at + k], "^([^|]*)|(.*)$")
    local nominal = tonumber(prefix)
    if not nominal then
      outbox_add(prefix, blob)
    elseif nominal > decided_until then
      outbox_add("x", blob)
    end
  end
  local added = add_instances(at + blobs, instance_counts[i], priority, record, decided_until)
  outbox_row(id, row_states[i] .. runs_suffix(count_runs(i, id, added)), record)
  return "s" .. header_text
end

-- A shard without an epoch is being rebuilt from ClickHouse. A schedule that is created meanwhile may end while
-- ClickHouse still has its row from before the end. Flag f leaves a fence, so that the rebuild does not add that row.
local rebuilding = redis.call("EXISTS", K.epoch) == 0

local function with_fence_flag(record)
  local header = read_header(record)
  if not has_flag(header.flags, "f") then header.flags = header.flags .. "f" end
  return write_record(header)
end

local function create(i, id)
  local fence = fences[id]
  if records[id] then return "e" end
  if fence then return fence.state == "d" and "d" or "e" end
  local record = ARGV[starts[i] + 1] .. now_text .. ARGV[starts[i] + 2]
  if rebuilding then record = with_fence_flag(record) end
  local priority = string.sub(record, 1, 1)
  if scores[i] ~= "" then store_hot(i, id, priority, record) else store_fence(i, id, read_header(record)) end
  return finish(i, id, priority, record, "", NONE_DECIDED)
end

-- Quarantines unreadable state, so that the edit can be stored.
local function set_aside(id, kind, key, bytes)
  redis.call("HDEL", K.sched, id)
  redis.call("HDEL", K.plan, id)
  redis.call("HDEL", K.occ, key)
  quarantine({ step = "put", kind = kind, key = key, reason = "Its state in Redis cannot be read.", bytes = bytes })
  records[id] = false
  return nil
end

-- Returns the header of the stored record, and the P{n}:occ value of a one-time schedule in flight.
local function hot_header(id)
  local record = records[id]
  if not record then return nil end
  if not is_stub(record) then return read_header(record) or set_aside(id, "record", id, record) end
  local value = redis.call("HGET", K.occ, id .. record)
  if value then
    local header = read_header(value, record_at(value))
    if header then return header, value end
    return set_aside(id, "instance", id .. record, value)
  end
  redis.call("HDEL", K.sched, id)
  records[id] = false
  return nil
end

-- Makes a waiting retry or held occurrence of a deleted schedule due now, so that it is cancelled soon.
local function bring_forward(id, value)
  local key, lane = id .. records[id], string.match(value, "^%-?%d+|%-?%d+|%a!?|%d*|(%w)|")
  if not lane then return end -- The meta line is damaged; the next claim or settle quarantines the instance.
  local member = redis.call("HGET", K.heldAt, key)
  if not member then return redis.call("ZADD", K["due" .. lane], "XX", now_text, key) end
  held_remove({ member }, { key })
  lane_add(lane, now, key)
end

local function edit(i, id, expected)
  local fence = fences[id]
  if fence and fence.state == "d" then return "d" end
  if records[id] and #pending_records > 0 then flush_records() end
  local old, in_flight = hot_header(id)
  local current = old and old.version or fence and fence.version
  if current and current ~= expected then return "t" .. int(current) end
  local deleted = string.match(row_states[i], "^%a|%d|1") ~= nil
  if in_flight and not deleted then return "i" end

  local header = read_header(ARGV[starts[i] + 1] .. now_text .. ARGV[starts[i] + 2])
  if old then
    header.revision = math.max(header.revision, old.revision + 1)
    header.count, header.errors, header.last_at, header.last_status, header.last_error =
      old.count, old.errors, old.last_at, old.last_status, old.last_error
    if has_flag(header.flags, "r") and has_flag(old.flags, "r") then header.nominal = old.nominal end
    if in_flight then bring_forward(id, in_flight) else remove(id, old) end
  elseif fence then
    header.revision = math.max(header.revision, fence.revision + 1)
    if has_flag(header.flags, "r") then header.nominal = fence.last end
  end
  -- ClickHouse may have older rows of an edited schedule, so the schedule must leave a fence when it ends.
  if not has_flag(header.flags, "f") then header.flags = header.flags .. "f" end
  local record = write_record(header)
  if scores[i] ~= "" then store_hot(i, id, header.priority, record) else store_fence(i, id, header) end
  local decided_until = NONE_DECIDED
  if has_flag(header.flags, "r") then
    decided_until = tonumber(header.nominal) or NONE_DECIDED
  elseif in_flight or not old and fence and fence.completed == "1" then
    -- The only occurrence is in flight or has ended, so this change must not write an outcome for this occurrence.
    decided_until = math.huge
  end
  return finish(i, id, header.priority, record, string.match(record, "^[^\n]*"), decided_until)
end

-- Records the audit entry of the call with the ids of the stored schedules.
local function add_entry(statuses)
  local stored_ids, i = {}, 0
  for shown_id in string.gmatch(A.entryIds, "[^,]+") do
    i = i + 1
    if string.sub(statuses[i], 1, 1) == "s" then stored_ids[#stored_ids + 1] = shown_id end
  end
  if #stored_ids == 0 then return end
  outbox_add("a", string.sub(A.entry, 1, -2) .. ',"targets":["' .. table.concat(stored_ids, '","')
    .. '"],"after":{"created":' .. #stored_ids .. "}}")
end

local reply = {}
for i = 1, count do
  local expected = tonumber(expecteds[i])
  if is_redelivery(positions[i]) then
    reply[i] = "e"
  elseif expected then
    reply[i] = edit(i, ids[i], expected)
  else
    reply[i] = create(i, ids[i])
  end
end
if A.entry ~= "" then add_entry(reply) end
flush_records()
lanes_finish()
outbox_flush()
watermarks_finish()
if string.sub(reply[1] or "", 1, 1) == "s" then keep_answer() end
return reply

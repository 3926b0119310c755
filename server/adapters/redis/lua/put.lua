-- Creates, edits, pauses and deletes schedules: the hot index, the fence and the outbox in one step.
-- KEYS: the shard's. ARGV: wake, count; then for each item
--   id, expected ("" to create), head (header up to and with the bar before enteredAt), rest (from the bar behind it),
--   where (tier|completed|deleted|next), score ("" unless hot; "now" for a plan still to be made), plan,
--   watermark (partition|offset|timestamp or ""), number of ledger blobs, number of instances, blobs (nominal|blob), instances.
-- Returns for each item: status, value, outbox id.
--   s stored; value "" when it was stored as given, else the header in force
--   e exists; t stale, value is the current version; d deleted; i in flight
-- @include clock.lua
-- @include batch.lua
-- @include header.lua
-- @include outbox.lua
-- @include lanes.lua
-- @include fence.lua
-- @include instance.lua
-- @include held.lua
-- @include watermark.lua

local count = tonumber(A.count)
local starts, ids, after = {}, {}, FIRST
for i = 1, count do
  starts[i], ids[i] = after, ARGV[after]
  after = after + 10 + tonumber(ARGV[after + 8]) + 4 * tonumber(ARGV[after + 9])
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

local function enter(id, priority, record, at)
  local score, plan = ARGV[at + 5], ARGV[at + 6]
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

local function leave(id, h, at)
  local completed, deleted, next_at = string.match(ARGV[at + 4], "^%a|(%d)|(%d)|(%d*)$")
  fences[id] = set_fence(id, h, deleted == "1" and "d" or "l", completed, next_at)
end

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

-- Appends what belongs to a stored change and answers its result. A ledger row says what becomes of an occurrence that nobody claimed:
-- up to `decided` they were claimed meanwhile, and have an outcome of their own.
local function finish(id, h, record, at, value, decided)
  local index = outbox_row(id, ARGV[at + 4], record)
  local blobs, instances = tonumber(ARGV[at + 8]), tonumber(ARGV[at + 9])
  for i = 1, blobs do
    local nominal, blob = string.match(ARGV[at + 9 + i], "^(%d+)|(.*)$")
    if tonumber(nominal) > decided then outbox_add("x", blob) end
  end
  add_instances(at + 10 + blobs, instances, h.priority, record, decided)
  return "s", value, index
end

-- A shard without an epoch is about to be filled from ClickHouse, which may know of this schedule before it knows how it ended:
-- a fence must tell.
local rebuilding = redis.call("EXISTS", K.epoch) == 0

local function fenced(record)
  local h = read_header(record)
  if not has_flag(h.flags, "f") then h.flags = h.flags .. "f" end
  return write_record(h)
end

local function create(id, at)
  local fence = fences[id]
  if records[id] then return "e" end
  if fence then return fence.state == "d" and "d" or "e" end
  local record = ARGV[at + 2] .. now_text .. ARGV[at + 3]
  if rebuilding then record = fenced(record) end
  if ARGV[at + 5] ~= "" then
    local priority = string.sub(record, 1, 1)
    enter(id, priority, record, at)
    return finish(id, { priority = priority }, record, at, "", -1)
  end
  local h = read_header(record)
  leave(id, h, at)
  return finish(id, h, record, at, "", -1)
end

-- The hot header that an edit is checked against, and the value in P{n}:occ if it is a one-time schedule in flight.
local function hot_header(id)
  local record = records[id]
  if not record then return nil end
  if not is_stub(record) then return read_header(record) end
  local value = redis.call("HGET", K.occ, id .. record)
  if value then return read_header(value, record_at(value)), value end
  redis.call("HDEL", K.sched, id)
  records[id] = false
  return nil
end

-- Deleted in flight: it keeps its lease; a waiting retry, or what is held, is brought forward so that it is cancelled soon.
local function hurry(id, value)
  local key, lane = id .. records[id], string.match(value, "^%d+|%d+|%a!?|%d*|(%w)|")
  local member = redis.call("HGET", K.heldAt, key)
  if not member then return redis.call("ZADD", K["due" .. lane], "XX", now_text, key) end
  held_remove({ member }, { key })
  lane_add(lane, now, key)
end

local function edit(id, at, expected)
  local fence = fences[id]
  if fence and fence.state == "d" then return "d" end
  if records[id] and #pending_records > 0 then flush_records() end
  local old, in_flight = hot_header(id)
  local current = old and old.version or fence and fence.version
  if current and current ~= expected then return "t", int(current) end
  local deleted = string.match(ARGV[at + 4], "^%a|%d|1") ~= nil
  if in_flight and not deleted then return "i" end

  local h = read_header(ARGV[at + 2] .. now_text .. ARGV[at + 3])
  if old then
    h.revision = math.max(h.revision, old.revision + 1)
    h.count, h.errors, h.last_at, h.last_status, h.last_error =
      old.count, old.errors, old.last_at, old.last_status, old.last_error
    if has_flag(h.flags, "r") and has_flag(old.flags, "r") then h.nominal = old.nominal end
    if in_flight then hurry(id, in_flight) else remove(id, old) end
  elseif fence then
    h.revision = math.max(h.revision, fence.revision + 1)
    if has_flag(h.flags, "r") then h.nominal = fence.last end
  end
  if not has_flag(h.flags, "f") then h.flags = h.flags .. "f" end
  local record = write_record(h)
  if ARGV[at + 5] ~= "" then enter(id, h.priority, record, at) else leave(id, h, at) end
  local decided = -1
  if has_flag(h.flags, "r") then
    decided = tonumber(h.nominal) or -1
  elseif in_flight or not old and fence and fence.completed == "1" then
    decided = math.huge
  end
  return finish(id, h, record, at, string.match(record, "^[^\n]*"), decided)
end

local reply, indexes = {}, {}
for i = 1, count do
  local at, id = starts[i], ids[i]
  local expected, mark = tonumber(ARGV[at + 1]), ARGV[at + 7]
  local status, value, index
  if watermark_passed(mark) then
    status = "e"
  elseif expected then
    status, value, index = edit(id, at, expected)
  else
    status, value, index = create(id, at)
  end
  reply[#reply + 1] = status
  reply[#reply + 1] = value or ""
  reply[#reply + 1] = ""
  if index then indexes[#reply] = index end
end
flush_records()
lanes_finish()
outbox_flush()
watermarks_finish()
for position, index in pairs(indexes) do reply[position] = outbox_ids[index] end
return reply

-- Claims due occurrences under leases, lanes by priority, or publishes and ends them in place (in_place.lua).
-- While all firing is paused, claims only manual runs and replays made since the pause began (lane m).
-- KEYS: the shard's keys. ARGV: limit (claimed and published occurrences together), catchUpLimit, leaseMs, graceMs,
-- token, previousPause (the pause that the caller saw last, in the format of pause.lua), busElsewhere ("1" if the bus
-- is not in Redis), and the arguments of in_place.lua. Returns the current time, the earliest due time left in the
-- lanes that this call may claim from, or the end of the pause if that is earlier ("" for none), the counts of
-- in_place.lua, the pause in force (pause.lua), then four values for each claim: key, P{n}:occ value, remaining plan
-- (false unless the claim is a scheduled occurrence of a recurring schedule's current version), "d" if the schedule was
-- deleted. If a recurring schedule is late or has no plan, the four values are "id#plan", record, plan, "". Lane
-- members without data are dropped and do not count against the limit. Unreadable records and instances go to the
-- quarantine.
-- @include clock.lua
-- @include pause.lua
-- @include batch.lua
-- @include header.lua
-- @include runs.lua
-- @include fence.lua
-- @include outbox.lua
-- @include quarantine.lua
-- @include leases.lua
-- @include uuid.lua
-- @include iso_time.lua
-- @include event_message.lua
-- @include in_place.lua

-- Captures priority, revision, nominal, enteredAt and flags of a record, and the position of its last field.
local CLAIM_FIELDS = "^(%d)|(%d+)|%d+|%d*|%d*|%-?%d*|%a*|(%-?%d*)|(%d*)|(%a*)|()"

local late_before = now - tonumber(A.graceMs)

-- The writes of one round of `take`, besides the leases. They are applied before the lane is read again.
local lane_del, lane_set, occ_set, sched_set, sched_del, plan_set, plan_del

local function to_occ(key, value)
  occ_set[#occ_set + 1] = key
  occ_set[#occ_set + 1] = value
end

local function meta(nominal, effective, entered, priority)
  return nominal .. "|" .. effective .. "|s|" .. entered .. "|" .. priority .. "|\n"
end

-- Leaves a fence, so that neither a redelivered message nor an older ClickHouse row can bring the schedule back.
local function fence_one_time(id, record, revision)
  local header = read_header(record)
  header.revision = revision + 1
  set_fence(id, header, "l", "1", "")
end

local function claim_one_time(id, record, effective, flags_end, priority, revision, nominal, entered, flags)
  lane_del[#lane_del + 1] = id
  if publish_in_place(id, record, flags_end, nominal, effective, revision, entered, priority) then
    sched_del[#sched_del + 1] = id
    if flags ~= "" then fence_one_time(id, record, revision) end
    return
  end
  stop_in_place(record)
  local key = id .. "@" .. nominal
  local value = meta(nominal, effective, entered, priority) .. record
  to_occ(key, value)
  sched_set[#sched_set + 1] = id
  sched_set[#sched_set + 1] = "@" .. nominal
  add_claim(key, value, false, "")
end

local function claim_plan(id, record, plan, runs)
  lane_del[#lane_del + 1] = id
  to_occ(id .. "#plan", A.token)
  add_claim(id .. "#plan", record, with_runs(runs, plan), "")
end

local function set_aside_schedule(id, record)
  lane_del[#lane_del + 1] = id
  redis.call("HDEL", K.sched, id)
  redis.call("HDEL", K.plan, id)
  quarantine({ step = "claim", kind = "record", key = id, reason = "Its record in Redis cannot be read.", bytes = record })
end

-- Drops occurrences that were claimed already: an edit by a process whose clock is behind may have planned them again.
-- Returns the nominal and effective time of the first occurrence after `last`, the rest of the plan, and the plan from
-- that occurrence on. Returns nil if no occurrence is left or the plan is unreadable; the plan is then computed again.
local function trim_claimed(plan, last)
  while plan and plan ~= "" do
    local nominal, effective, rest = string.match(plan, "^(%-?%d+):(%-?%d+),?(.*)$")
    if not nominal then return nil end
    if tonumber(nominal) > last then return nominal, tonumber(effective), rest, plan end
    plan = rest
  end
  return nil
end

local function claim_recurring(id, record, plan)
  local priority, _, last, entered, flags = string.match(record, CLAIM_FIELDS)
  local runs = runs_of(id, flags)
  local nominal, effective, rest, trimmed = trim_claimed(plan, tonumber(last) or -math.huge)
  if not nominal or effective < late_before then return claim_plan(id, record, trimmed or "", runs) end
  if effective > now then
    plan_set[#plan_set + 1] = id
    plan_set[#plan_set + 1] = trimmed
    lane_set[#lane_set + 1] = int(effective)
    lane_set[#lane_set + 1] = id
    return
  end
  stop_in_place(record)
  local key = id .. "@" .. nominal
  -- The occurrence counts as entered at the previous run, because the schedule may have entered Redis days ago.
  if (tonumber(last) or 0) > (tonumber(entered) or 0) then entered = last end
  local value = meta(nominal, int(effective), entered, priority) .. record
  to_occ(key, value)
  local header = read_header(record)
  header.nominal = nominal
  sched_set[#sched_set + 1] = id
  sched_set[#sched_set + 1] = write_record(header)
  if runs then
    runs = runs + 1
    plan_set[#plan_set + 1] = id .. "#runs"
    plan_set[#plan_set + 1] = int(runs)
  end
  add_claim(key, value, with_runs(runs, rest), "")
  -- A schedule whose plan is used up stays in its lane, due at the end of the lease. If no settle has appended to the
  -- plan by then, the next claim finds no plan and has it computed again.
  if rest == "" then
    plan_del[#plan_del + 1] = id
    lane_set[#lane_set + 1] = lease_end_text
  else
    plan_set[#plan_set + 1] = id
    plan_set[#plan_set + 1] = rest
    lane_set[#lane_set + 1] = string.match(rest, "^%-?%d+:(%-?%d+)") or lease_end_text
  end
  lane_set[#lane_set + 1] = id
end

-- Claims the schedules among a lane's members and returns the others, which are keys of instances.
local function claim_schedules(members, effectives)
  local records = read("HMGET", K.sched, members)
  local keys, recurring, recurring_records = {}, {}, {}
  for i = 1, #members do
    local id, record = members[i], records[i]
    if not record or is_stub(record) then
      lane_del[#lane_del + 1] = id
      if string.find(id, "@", 1, true) then keys[#keys + 1] = id end
    else
      local priority, revision, nominal, entered, flags, flags_end = string.match(record, CLAIM_FIELDS)
      if not priority then
        set_aside_schedule(id, record)
      elseif flags ~= "" and has_flag(flags, "r") then
        recurring[#recurring + 1] = id
        recurring_records[#recurring_records + 1] = record
      elseif nominal == "" then
        set_aside_schedule(id, record)
      else
        claim_one_time(id, record, effectives[i], flags_end, priority, revision, nominal, entered, flags)
      end
    end
  end
  local plans = read("HMGET", K.plan, recurring)
  for i = 1, #recurring do claim_recurring(recurring[i], recurring_records[i], plans[i]) end
  return keys
end

-- Claims up to `limit` due occurrences of a lane, in rounds: a round may claim fewer members than it read, because it
-- drops members without data. Returns the number of claimed and published occurrences.
local function take(lane, limit)
  local key, taken = K["due" .. lane], 0
  while taken < limit do
    local found = redis.call("ZRANGE", key, "-inf", now_text, "BYSCORE", "LIMIT", 0, int(limit - taken), "WITHSCORES")
    if #found == 0 then break end
    local before, published_before = #reply, published_count()
    local members, effectives = {}, {}
    for i = 1, #found / 2 do members[i], effectives[i] = found[2 * i - 1], found[2 * i] end
    lane_del, lane_set, occ_set, sched_set, sched_del, plan_set, plan_del, leases = {}, {}, {}, {}, {}, {}, {}, {}
    local keys = claim_schedules(members, effectives)
    if #keys > 0 then claim_instances(keys) end
    -- If the bus is elsewhere, a removal is the first write, even if there is nothing to remove: otherwise a Redis that
    -- is out of memory would refuse the claim of recurring schedules. With the bus in this Redis, it could not publish
    -- them anyway.
    if #lane_del == 0 and A.busElsewhere == "1" then lane_del[1] = "" end
    write("ZREM", key, lane_del)
    write("ZADD", key, lane_set)
    write("HSET", K.occ, occ_set)
    write("HSET", K.sched, sched_set)
    write("HDEL", K.sched, sched_del)
    write("HSET", K.plan, plan_set)
    write("HDEL", K.plan, plan_del)
    write("ZADD", K.lease, leases)
    taken = taken + (#reply - before) / 4 + published_count() - published_before
  end
  return taken
end

local stored_pause, epoch = unpack(redis.call("MGET", K.paused, K.epoch))
-- A shard that lost its data has no pause until it is rebuilt. Until then, previousPause applies.
reply[PAUSE] = pause_of(stored_pause or not epoch and A.previousPause ~= "" and A.previousPause)
local is_paused = reply[PAUSE] ~= ""

-- The list of lanes.lua without the catch-up lane, which has its own limit.
local LANES = is_paused and { "m" } or { "m", "9", "8", "7", "6", "5", "4", "3", "2", "1", "0" }
local remaining = tonumber(A.limit)
for i = 1, #LANES do
  if remaining <= 0 then break end
  remaining = remaining - take(LANES[i], remaining)
end
local catch_up = is_paused and 0 or tonumber(A.catchUpLimit)
if remaining > 0 and catch_up > 0 then take("c", math.min(remaining, catch_up)) end

local earliest
if catch_up > 0 then LANES[#LANES + 1] = "c" end
for i = 1, #LANES do
  local score = tonumber(redis.call("ZRANGE", K["due" .. LANES[i]], 0, 0, "WITHSCORES")[2])
  if score and (not earliest or score < earliest) then earliest = score end
end
local pause_end = tonumber(reply[PAUSE])
if pause_end and pause_end > 0 then earliest = math.min(earliest or pause_end, pause_end) end
if earliest then reply[NEXT_DUE] = int(earliest) end
in_place_finish()
outbox_flush()
return reply

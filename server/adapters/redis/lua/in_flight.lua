-- Lists in-flight occurrences of one shard without their payloads. States: r running (leased), h held, w waiting for a
-- retry or, beside the plan, for a worker. The first call (cursor "0") lists running and held occurrences. Each call
-- lists waiting occurrences from a bounded part of P{n}:occ.
-- KEYS: the lanes, sched, occ, lease, held, heldAt, heldUntil. ARGV: selfTestId (the shard's self-test, which is not
-- listed), cursor, scan (entries of P{n}:occ to examine), limit (per state), want (any of r, h, w), topic and id (""
-- for any). The last page of P{n}:occ may exceed scan and limit. Returns the next cursor ("0" at the end); the counts
-- of running, held and waiting occurrences; "1" if further running or held occurrences may match; then for each listed
-- occurrence: state, key, P{n}:occ value without payload, and the end of the lease, the end of the hold or the due time
-- ("" for none).
-- @include clock.lua
-- @include batch.lua
-- @include header.lua
-- @include instance.lua
-- @include held.lua

-- Maximum number of leases, and of held occurrences, that one call reads.
local MAX_READ = 5000
-- The topic at the beginning of a definition (codec/definition.ts).
local TOPIC = "^%[%-?%d+,\"([^\"]*)\""

local limit = tonumber(A.limit)
local rows, more = {}, "0"

local function wanted(letter)
  return string.find(A.want, letter, 1, true) ~= nil
end

local function is_self_test(key)
  return id_of(key) == A.selfTestId
end

-- The value up to its payload; nil if the value has another topic.
local function without_payload(value)
  local header_end = string.find(value, "\n", record_at(value), true)
  local definition_end = header_end and string.find(value, "\n", header_end + 1, true)
  if A.topic ~= "" and string.match(value, TOPIC, (header_end or #value) + 1) ~= A.topic then return nil end
  return definition_end and string.sub(value, 1, definition_end) or value
end

local function add_row(letter, key, value, time)
  local text = value and without_payload(value)
  if not text then return 0 end
  local n = #rows
  rows[n + 1], rows[n + 2], rows[n + 3], rows[n + 4] = letter, key, text, time or ""
  return 1
end

local function matches(key)
  return not is_self_test(key) and (A.id == "" or id_of(key) == A.id)
end

local leases = redis.call("ZRANGE", K.lease, 0, MAX_READ - 1, "WITHSCORES")
local leased, running = {}, redis.call("ZCARD", K.lease)
local lease_count, leased_keys, ends = running, {}, {}
for i = 1, #leases, 2 do
  local key = string.match(leases[i], "|(.*)$")
  leased[key] = true
  if string.sub(key, -5) == "#plan" or is_self_test(key) then
    running = running - 1
  elseif matches(key) then
    leased_keys[#leased_keys + 1], ends[#ends + 1] = key, leases[i + 1]
  end
end
local held = redis.call("ZCARD", K.held)
-- Each lease, also that of a plan, and each held occurrence has an entry in P{n}:occ.
local waiting = math.max(0, redis.call("HLEN", K.occ) - lease_count - held)

local function list_running()
  local shown = 0
  for i = 1, #leased_keys do
    if shown >= limit then more = "1" return end
    shown = shown + add_row("r", leased_keys[i], redis.call("HGET", K.occ, leased_keys[i]), ends[i])
  end
  if lease_count > MAX_READ then more = "1" end
end

local function list_held()
  local from, to = "-", "+"
  if A.topic ~= "" then from, to = held_bounds(A.topic) end
  local members = redis.call("ZRANGE", K.held, from, to, "BYLEX", "LIMIT", 0, MAX_READ)
  local shown = 0
  for i = 1, #members do
    local key = string.match(members[i], "^[^|]*|%-?%d+|(.*)$")
    if key and matches(key) then
      if shown >= limit then more = "1" return end
      shown = shown + add_row("h", key, redis.call("HGET", K.occ, key), redis.call("ZSCORE", K.heldUntil, key))
    end
  end
  if #members == MAX_READ then more = "1" end
end

if A.cursor == "0" then
  if wanted("r") then list_running() end
  if wanted("h") then list_held() end
end
-- Subtracts the self-test from the counts of held and waiting occurrences.
local self_test = redis.call("HGET", K.sched, A.selfTestId)
if self_test and is_stub(self_test) then
  local key = A.selfTestId .. self_test
  if redis.call("HEXISTS", K.heldAt, key) == 1 then
    held = held - 1
  elseif not leased[key] and redis.call("HEXISTS", K.occ, key) == 1 then
    waiting = math.max(0, waiting - 1)
  end
end

local function list_waiting()
  local cursor, examined, shown = A.cursor, 0, 0
  repeat
    local page = redis.call("HSCAN", K.occ, cursor, "COUNT", 100)
    cursor = page[1]
    local keys, values = {}, {}
    for i = 1, #page[2], 2 do
      local key = page[2][i]
      if not leased[key] and string.sub(key, -5) ~= "#plan" and matches(key) then
        keys[#keys + 1], values[#values + 1] = key, page[2][i + 1]
      end
    end
    examined = examined + #page[2] / 2
    local holds = read("HMGET", K.heldAt, keys)
    for i = 1, #keys do
      if not holds[i] then
        local lane = K["due" .. (lane_of(values[i]) or "")]
        shown = shown + add_row("w", keys[i], values[i], lane and redis.call("ZSCORE", lane, keys[i]))
      end
    end
  until cursor == "0" or examined >= tonumber(A.scan) or shown >= limit
  return cursor
end

local next_cursor = wanted("w") and list_waiting() or "0"
local reply = { next_cursor, running, held, waiting, more }
for i = 1, #rows do reply[5 + i] = rows[i] end
return reply

-- Publishing in place (docs/adr/0009). Where the bus is a stream on this server, the claim that finds a due one-time
-- schedule appends its message, takes it out of the hot tier and writes its ledger row to the outbox: nothing can fail
-- between these steps. Schedules that event_message.lua does not compose are claimed.
-- A claim's ARGV: streams (prefix of the streams' keys, "" where the bus is elsewhere), maxEntries, untrimmed (prefix
-- of topics without that bound), claimOnly (topics, separated by commas), worker (JSON), namespace (hex).
-- Comes after uuid.lua, iso_time.lua and event_message.lua.

local append = redis.pcall

local MAX_BYTES = 65536
-- Beyond it, a schedule may have expired: that is decided by its own max_delay, which is not read here.
local MAX_LATE_MS = 86400000

local in_place = A.streams ~= ""
local heads, records, sent, late = {}, {}, {}, {}

-- By topic: the key of its stream, or false where nothing is published in place.
local streams = {}
for topic in string.gmatch(A.claimOnly, "[^,]+") do streams[topic] = false end

local function stream_of(topic)
  local known = streams[topic]
  if known ~= nil then return known end
  local legal = #topic <= 249 and find(topic, "^[%w._-]+$") and topic ~= "." and topic ~= ".."
  local trimmed = sub(topic, 1, #A.untrimmed) ~= A.untrimmed
  streams[topic] = legal and trimmed and A.streams .. topic
  return streams[topic]
end

-- In a record's second line (codec/definition.ts).
local TOPIC = '^[^\n]*\n%[%-?%d+,"([^"\\]*)"'

-- Keeps the order of a topic: once one of its occurrences was claimed, the later ones of this call are claimed too.
local function claim_topic(record)
  local topic = in_place and match(record, TOPIC)
  if topic then streams[topic] = false end
end

local next_revision = {}

local function after(revision)
  local known = next_revision[revision] or int(revision + 1)
  next_revision[revision] = known
  return known
end

-- Publishes a one-time schedule and notes its ledger row; false if it is to be claimed instead. `flags_end`: where the
-- last field of the record's header begins.
local function publish_in_place(id, record, flags_end, nominal, effective, revision, entered, priority)
  if not in_place or #record > MAX_BYTES then return false end
  local as_late = late[effective]
  if not as_late and now - effective > MAX_LATE_MS then return false end
  -- Damaged bytes raise an error in here, which must not end the script between two writes.
  local ok, topic, stream, key, value, headers = pcall(compose, id, record, flags_end, nominal, stream_of)
  if not ok or not topic then return false end
  local entry_id = append("XADD", stream, "*", "key", key, "value", value, "headers", headers)
  if type(entry_id) == "table" then
    -- An error: the key is no stream, or Redis is full. A claim has attempts, retries and a breaker for that.
    streams[topic] = false
    return false
  end
  local count = #heads + 1
  heads[count], records[count] = after(revision) .. "||" .. id .. "@" .. nominal .. "\n@0|" .. entry_id .. "\n"
    .. nominal .. "|" .. effective .. "|s|" .. entered .. "|" .. priority .. "|\n", record
  sent[topic] = (sent[topic] or 0) + 1
  late[effective] = (as_late or 0) + 1
  return true
end

local function counts_text(counts)
  local parts = {}
  for name, count in pairs(counts) do parts[#parts + 1] = name .. " " .. int(count) end
  return table.concat(parts, " ")
end

-- Writes the ledger rows of the published schedules, and their counts by topic and by effective time into the reply.
-- Publishing took no time by the server's clock, which stands still during a script.
local function in_place_finish()
  if #heads == 0 then return end
  for topic in pairs(sent) do redis.call("XTRIM", A.streams .. topic, "MAXLEN", "~", A.maxEntries) end
  local attempt = "[1," .. now_text .. ",0," .. A.worker .. ",null,null]"
  local delta = '["succeeded",null,' .. now_text .. "," .. now_text .. ",0,[" .. attempt .. "],null,null," .. A.worker .. ",0,null,null]"
  for i = 1, #heads do
    outbox_share(delta)
    outbox_push("y", heads[i])
    outbox_add("r", records[i])
  end
  outbox_flush()
  reply[3], reply[4] = counts_text(sent), counts_text(late)
end

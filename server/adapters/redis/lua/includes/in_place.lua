-- Publishing in place (docs/adr/0009). If the bus is Redis Streams on this server, the claim appends the message of a
-- due one-time schedule, removes the schedule from the hot tier and writes its ledger row to the outbox.
-- Schedules that event_message.lua does not compose are claimed.
-- ARGV of a claim: streams (prefix of the streams' keys, "" for another bus), maxEntries, untrimmedPrefix (prefix of
-- topics whose streams are not trimmed), claimOnly (topics, separated by commas), worker (JSON), namespace (hex).
-- Include after uuid.lua, iso_time.lua and event_message.lua.

-- Returns an error of Redis as a table instead of raising it.
local append = redis.pcall

-- Larger records are claimed: composing the messages of many such records in one call would block Redis.
local MAX_BYTES = 65536
-- The default max_delay: a schedule that is later than this has expired, and the worker ends it. Schedules with their
-- own max_delay are not plain.
local MAX_LATE_MS = 86400000

local in_place = A.streams ~= ""
-- The ledger rows of the published schedules, in two parts: the text before the record, and the record.
local heads, records = {}, {}
local sent_by_topic, sent_by_effective = {}, {}

local function published_count() return #heads end

-- By topic: the key of its stream, or false if its messages are not published in place.
local streams = {}
for topic in string.gmatch(A.claimOnly, "[^,]+") do streams[topic] = false end

local function stream_of(topic)
  local known = streams[topic]
  if known ~= nil then return known end
  -- `TOPIC_PATTERN` of domain/schedule.ts.
  local legal = #topic <= 249 and find(topic, "^[%w._-]+$") and topic ~= "." and topic ~= ".."
  local trimmed = sub(topic, 1, #A.untrimmedPrefix) ~= A.untrimmedPrefix
  streams[topic] = legal and trimmed and A.streams .. topic
  return streams[topic]
end

-- The topic in a record's second line (codec/definition.ts).
local TOPIC = '^[^\n]*\n%[%-?%d+,"([^"\\]*)"'

-- Keeps the order of a topic: after an occurrence was claimed, later occurrences of the topic are claimed too.
local function stop_in_place(record)
  local topic = in_place and match(record, TOPIC)
  if topic then streams[topic] = false end
end

-- Most schedules have the same revision, so the text of the next revision is cached.
local next_revisions = {}

local function next_revision(revision)
  local known = next_revisions[revision] or int(revision + 1)
  next_revisions[revision] = known
  return known
end

-- Publishes a one-time schedule and collects its ledger row. Returns false if the schedule must be claimed instead.
-- `flags_end`: position of the last field of the record's header.
local function publish_in_place(id, record, flags_end, nominal, effective, revision, entered, priority)
  if not in_place or #record > MAX_BYTES then return false end
  local same_effective = sent_by_effective[effective]
  if not same_effective and now - effective > MAX_LATE_MS then return false end
  -- Damaged bytes raise an error in `compose`, which must not end the script between two writes.
  local ok, topic, stream, key, value, headers = pcall(compose, id, record, flags_end, nominal, stream_of)
  if not ok or not topic then return false end
  local entry_id = append("XADD", stream, "*", "key", key, "value", value, "headers", headers)
  if type(entry_id) == "table" then
    -- The key is not a stream, or Redis is full. The worker handles such errors with attempts, retries and a breaker.
    streams[topic] = false
    return false
  end
  local count = #heads + 1
  -- The format of `decodeExecution` in codec/outbox.ts: revision||key, @partition|offset, meta line.
  heads[count], records[count] = next_revision(revision) .. "||" .. id .. "@" .. nominal .. "\n@0|" .. entry_id .. "\n"
    .. nominal .. "|" .. effective .. "|s|" .. entered .. "|" .. priority .. "|\n", record
  sent_by_topic[topic] = (sent_by_topic[topic] or 0) + 1
  sent_by_effective[effective] = (same_effective or 0) + 1
  return true
end

local function counts_text(counts)
  local parts = {}
  for name, count in pairs(counts) do parts[#parts + 1] = name .. " " .. int(count) end
  return table.concat(parts, " ")
end

-- Writes the ledger rows of the published schedules, and adds the counts by topic and by effective time to the reply.
-- The attempt has a duration of 0 ms, because Redis TIME does not advance during a script.
local function in_place_finish()
  if #heads == 0 then return end
  for topic in pairs(sent_by_topic) do redis.call("XTRIM", A.streams .. topic, "MAXLEN", "~", A.maxEntries) end
  local attempt = "[1," .. now_text .. ",0," .. A.worker .. ",null,null]"
  local delta = '["succeeded",null,' .. now_text .. "," .. now_text .. ",0,[" .. attempt .. "],null,null," .. A.worker .. ",0,null,null]"
  for i = 1, #heads do
    outbox_share(delta)
    outbox_push("y", heads[i])
    outbox_add("r", records[i])
  end
  outbox_flush()
  reply[PUBLISHED_BY_TOPIC], reply[PUBLISHED_BY_EFFECTIVE] = counts_text(sent_by_topic), counts_text(sent_by_effective)
end

-- Publishing in place. Where the bus is a stream on this server, a due one-time schedule goes onto it, out of the hot
-- tier and into the outbox in the call that finds it: nothing lies between by which it could be lost or doubled. The
-- message is the one that domain/event-message.ts makes, which a test compares. What asks for more than putting text
-- together is left to be claimed: headers of its own, a value that is the whole message, a max_delay of its own, text
-- that JSON escapes. Nor does it overtake what was claimed of its topic before it. A claim's ARGV: streams (prefix of
-- their keys, "" where the bus is elsewhere), maxEntries, untrimmed (prefix of the topics without that bound),
-- claimOnly (topics, commas between), worker (JSON), namespace (hex).

-- All of this is done once an event: a local is found sooner than a field of a global.
local byte, find, format, match, sub, floor = string.byte, string.find, string.format, string.match, string.sub, math.floor
local sha1hex, append = redis.sha1hex, redis.pcall

local MAX_BYTES = 65536
-- What is later may be too late: that is decided by its own max_delay.
local MAX_LATE_MS = 86400000

local in_place = A.streams ~= ""
local heads, records, sent, late = {}, {}, {}, {}

-- By topic: the key of its stream, or false where it is not written to from here.
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

-- From a record's second line (definition.ts).
local TOPIC = '^[^\n]*\n%[%-?%d+,"([^"\\]*)"'

-- What of this call comes behind a claimed one of the same topic must not overtake it.
local function claim_topic(record)
  local topic = in_place and match(record, TOPIC)
  if topic then streams[topic] = false end
end

-- By byte; false for what is no digit, which ends `compose` with an error.
local DIGITS = {}
for i = 1, 127 do DIGITS[i] = false end
for i = 1, 64 do DIGITS[byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", i)] = i - 1 end

-- The UUID in a packed id (packed-id.ts): 22 characters of six bits, cut anew at the dashes. By numbers, since each
-- piece of text would be one more that Lua has to hash and look up.
local function unpack_id(packed)
  local d = DIGITS
  local a, b, c, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w = byte(packed, 1, 22)
  g, l, o = d[g], d[l], d[o]
  return format("%08x-%04x-%04x-%04x-%012x",
    ((((d[a] * 64 + d[b]) * 64 + d[c]) * 64 + d[e]) * 64 + d[f]) * 4 + floor(g / 16),
    (g % 16 * 64 + d[h]) * 64 + d[i],
    (d[j] * 64 + d[k]) * 16 + floor(l / 4),
    ((l % 4 * 64 + d[m]) * 64 + d[n]) * 4 + floor(o / 16),
    (((((((o % 16 * 64 + d[p]) * 64 + d[q]) * 64 + d[r]) * 64 + d[s]) * 64 + d[t]) * 64 + d[u]) * 64 + d[v]) * 4 + floor(d[w] / 16))
end

local NAMESPACE = string.gsub(A.namespace, "..", function(hex) return string.char(tonumber(hex, 16)) end)
local VARIANT = {}
for digits in string.gmatch("048c8 159d9 26aea 37bfb", "%x+") do
  for i = 1, 4 do VARIANT[sub(digits, i, i)] = sub(digits, 5) end
end

-- UUID v5 (RFC 9562, 5.5), as `eventId` of domain/ids.ts.
local function event_id_of(schedule_id, nominal)
  local hex = sha1hex(NAMESPACE .. schedule_id .. "@" .. nominal)
  local low, mid, high, variant, seq, node = match(hex, "^(........)(....).(...)(.)(...)(............)")
  return low .. "-" .. mid .. "-5" .. high .. "-" .. VARIANT[variant] .. seq .. "-" .. node
end

local iso_times = {}

-- ISO 8601 in UTC of a time's digits. The date from the number of days: H. Hinnant, "chrono-compatible low-level date
-- algorithms".
local function iso(digits)
  local known = iso_times[digits]
  if known then return known end
  local ms = tonumber(digits)
  local days = floor(ms / 86400000)
  local s = floor(ms / 1000) - days * 86400
  local z = days + 719468
  local era = floor(z / 146097)
  local doe = z - era * 146097
  local yoe = floor((doe - floor(doe / 1460) + floor(doe / 36524) - floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + floor(yoe / 4) - floor(yoe / 100))
  local mp = floor((5 * doy + 2) / 153)
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  local text = format("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month, doy - floor((153 * mp + 2) / 5) + 1,
    floor(s / 3600), floor(s / 60) % 60, s % 60, ms % 1000)
  iso_times[digits] = text
  return text
end

local now_iso = iso(now_text)

-- Text that is the same in JSON.
local function is_plain(text)
  return type(text) == "string" and not find(text, '["\\%c]')
end

-- Entity id (nil for none), actor type and actor id out of the further fields; false where they ask for more.
local function fields_of(more)
  if not find(more, '"[hwMiyz]":') then return nil, "system", "scheduler" end
  local fields = cjson.decode(more)
  local entity_id, actor_type, actor_id = fields.i, fields.y or "system", fields.z or "scheduler"
  if fields.h or fields.w or fields.M then return false end
  if not (entity_id == nil or is_plain(entity_id)) or not is_plain(actor_type) or not is_plain(actor_id) then return false end
  return entity_id, actor_type, actor_id
end

-- What messages of schedules that are alike have in common: all but ids, times and payload. By the text behind the
-- first field of the definition; false for what is to be claimed.
local shapes = {}

local function shape_of(text)
  local topic, entity, action, packed, more = match(text, '^,"([^"\\]*)","([^"\\]*)","([^"\\]*)","([^"\\]*)",?(.*)%]$')
  if not topic or not stream_of(topic) then return false end
  local entity_id, actor_type, actor_id = fields_of(more)
  if entity_id == false then return false end
  local correlation
  if packed ~= "" then correlation = byte(packed) == 126 and sub(packed, 2) or unpack_id(packed) end
  return {
    topic = topic,
    key = entity_id and entity ~= "" and entity .. "." .. entity_id or entity,
    correlation = correlation,
    value = '","timestamp":"' .. now_iso .. '","entity":{"type":"' .. entity .. '","id":'
      .. (entity_id and '"' .. entity_id .. '"' or "null") .. '},"action":"' .. action
      .. '","actor":{"type":"' .. actor_type .. '","id":"' .. actor_id .. '"},"payload":',
    headers = '","entity_type":"' .. entity .. '","action":"' .. action .. '","event_id":"',
  }
end

-- Shape, value and headers of its message; nil if it is to be claimed instead. `from`: in the header, behind its flags.
local function compose(id, record, from, nominal)
  local comma = find(record, ",", find(record, "\n", from, true), true)
  local last = find(record, "\n", comma, true)
  local text = sub(record, comma, last - 1)
  local shape = shapes[text]
  if shape == nil then
    shape = shape_of(text)
    shapes[text] = shape
  end
  if not shape or not streams[shape.topic] or #id ~= 22 then return nil end
  local schedule_id = unpack_id(id)
  local correlation = shape.correlation or schedule_id
  local event_id = event_id_of(schedule_id, nominal)
  local value = '{"event_id":"' .. event_id .. '","correlation_id":"' .. correlation .. shape.value .. sub(record, last + 1) .. "}"
  local headers = '{"correlation_id":"' .. correlation .. shape.headers .. event_id .. '","schedule_id":"' .. schedule_id
    .. '","execution_id":"' .. event_id .. '","scheduled_for":"' .. iso(nominal) .. '","attempt":"1"}'
  return shape, value, headers
end

local next_revision = {}

local function after(revision)
  local known = next_revision[revision] or int(revision + 1)
  next_revision[revision] = known
  return known
end

-- Publishes a one-time schedule and notes its ledger row; false if it is to be claimed instead. `from`: in the header,
-- behind its flags.
local function publish_in_place(id, record, from, nominal, effective, revision, entered, priority)
  if not in_place or #record > MAX_BYTES then return false end
  local alike = late[effective]
  if not alike and now - effective > MAX_LATE_MS then return false end
  -- An error in here must not end the script between two writes.
  local ok, shape, value, headers = pcall(compose, id, record, from, nominal)
  if not ok or not shape then return false end
  local topic = shape.topic
  local place = append("XADD", streams[topic], "*", "key", shape.key, "value", value, "headers", headers)
  if type(place) == "table" then
    -- No stream, or no memory: a claim has attempts, retries and a breaker for that.
    streams[topic] = false
    return false
  end
  local count = #heads + 1
  heads[count], records[count] = after(revision) .. "||" .. id .. "@" .. nominal .. "\n@0|" .. place .. "\n"
    .. nominal .. "|" .. effective .. "|s|" .. entered .. "|" .. priority .. "|\n", record
  sent[topic] = (sent[topic] or 0) + 1
  late[effective] = (alike or 0) + 1
  return true
end

local function counts_text(counts)
  local parts = {}
  for what, n in pairs(counts) do parts[#parts + 1] = what .. " " .. int(n) end
  return table.concat(parts, " ")
end

-- Writes the ledger rows of what was published, and tells of it in the reply: topics and effective times, each with
-- their count. Publishing took no time by the clock of all, which stands still in a script.
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

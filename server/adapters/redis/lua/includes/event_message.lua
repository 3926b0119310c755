-- The message of a one-time schedule, as domain/event-message.ts makes it, byte for byte: a test compares them. A
-- schedule that asks for more than joining text is not composed here but claimed: headers of its own, a value that is
-- the whole message, a max_delay of its own, text that JSON escapes.
local find = string.find

-- Text that JSON writes as it is.
local function is_plain(text)
  return type(text) == "string" and not find(text, '["\\%c]')
end

-- Entity id (nil for none), actor type and actor id from the further fields of a definition, under the short names of
-- codec/definition.ts; false where they ask for more.
local function further_fields(more)
  if not find(more, '"[hwMiyz]":') then return nil, "system", "scheduler" end
  local fields = cjson.decode(more)
  local entity_id, actor_type, actor_id = fields.i, fields.y or "system", fields.z or "scheduler"
  if fields.h or fields.w or fields.M then return false end
  if not (entity_id == nil or is_plain(entity_id)) or not is_plain(actor_type) or not is_plain(actor_id) then return false end
  return entity_id, actor_type, actor_id
end

-- The parts that messages of like schedules share: everything but ids, times and payload. By the text behind the first
-- field of the definition; false for schedules that are to be claimed.
local envelopes = {}

local function envelope_of(definition)
  local topic, entity, action, packed, more =
    match(definition, '^,"([^"\\]*)","([^"\\]*)","([^"\\]*)","([^"\\]*)",?(.*)%]$')
  if not topic then return false end
  local entity_id, actor_type, actor_id = further_fields(more)
  if entity_id == false then return false end
  local correlation
  if packed ~= "" then correlation = byte(packed) == 126 and sub(packed, 2) or unpack_id(packed) end
  return {
    topic = topic,
    key = entity_id and entity ~= "" and entity .. "." .. entity_id or entity,
    correlation = correlation,
    value = '","timestamp":"' .. iso(now_text) .. '","entity":{"type":"' .. entity .. '","id":'
      .. (entity_id and '"' .. entity_id .. '"' or "null") .. '},"action":"' .. action
      .. '","actor":{"type":"' .. actor_type .. '","id":"' .. actor_id .. '"},"payload":',
    headers = '","entity_type":"' .. entity .. '","action":"' .. action .. '","event_id":"',
  }
end

-- The stream, and key, value and headers of the message; nil if the schedule is to be claimed instead.
-- `flags_end`: where the last field of the record's header begins. `stream_of`: a topic's stream, or false.
local function compose(id, record, flags_end, nominal, stream_of)
  local comma = find(record, ",", find(record, "\n", flags_end, true), true)
  local definition_end = find(record, "\n", comma, true)
  local definition = sub(record, comma, definition_end - 1)
  local envelope = envelopes[definition]
  if envelope == nil then
    envelope = envelope_of(definition)
    envelopes[definition] = envelope
  end
  local stream = envelope and stream_of(envelope.topic)
  if not stream or #id ~= 22 then return nil end
  local schedule_id = unpack_id(id)
  local correlation = envelope.correlation or schedule_id
  local event_id = event_id_of(schedule_id, nominal)
  local payload = sub(record, definition_end + 1)
  local value = '{"event_id":"' .. event_id .. '","correlation_id":"' .. correlation .. envelope.value .. payload .. "}"
  local headers = '{"correlation_id":"' .. correlation .. envelope.headers .. event_id .. '","schedule_id":"' .. schedule_id
    .. '","execution_id":"' .. event_id .. '","scheduled_for":"' .. iso(nominal) .. '","attempt":"1"}'
  return envelope.topic, stream, envelope.key, value, headers
end

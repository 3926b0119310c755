-- Composes the message of a plain one-time schedule. in-place.test.ts checks that domain/event-message.ts composes the
-- same bytes. Joining text is faster than encoding JSON. Schedules with custom headers, an encrypted payload, a raw
-- value, their own max_delay or text that JSON escapes are left to the worker.
local find = string.find

-- Whether the text needs no escapes in JSON.
local function is_plain(text)
  return type(text) == "string" and not find(text, '["\\%c]')
end

-- Entity id (nil for none), actor type and actor id from the optional fields of a definition, under the short names of
-- codec/definition.ts; false if the worker must publish the schedule.
local function optional_fields(json)
  if not find(json, '"[hwMiyz]":') then return nil, "system", "scheduler" end
  local fields = cjson.decode(json)
  local entity_id, actor_type, actor_id = fields.i, fields.y or "system", fields.z or "scheduler"
  if fields.h or fields.w or fields.M then return false end
  if not (entity_id == nil or is_plain(entity_id)) or not is_plain(actor_type) or not is_plain(actor_id) then return false end
  return entity_id, actor_type, actor_id
end

-- The parts of the message that schedules with equal definitions share within this call, by the text after the
-- definition's first field. False if the worker must publish such schedules.
local envelopes = {}

local function envelope_of(definition)
  local topic, entity, action, packed, optional =
    match(definition, '^,"([^"\\]*)","([^"\\]*)","([^"\\]*)","([^"\\]*)",?(.*)%]$')
  if not topic then return false end
  local entity_id, actor_type, actor_id = optional_fields(optional)
  if entity_id == false then return false end
  local correlation
  -- 126 is "~", which marks an id that is not packed.
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

-- Returns the topic, its stream, and the message's key, value and headers; nil if the worker must publish the message.
-- `flags_end`: position of the last field of the record's header. `stream_of`: a topic's stream, or false.
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
  -- Only the worker can decrypt payloads.
  if sub(payload, 1, 14) == '{"$encrypted":' then return nil end
  local value = '{"event_id":"' .. event_id .. '","correlation_id":"' .. correlation .. envelope.value .. payload .. "}"
  local headers = '{"correlation_id":"' .. correlation .. envelope.headers .. event_id .. '","schedule_id":"' .. schedule_id
    .. '","execution_id":"' .. event_id .. '","scheduled_for":"' .. iso(nominal) .. '","attempt":"1"}'
  return envelope.topic, stream, envelope.key, value, headers
end

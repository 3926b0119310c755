-- Deduplication of the delayed topic. A message is a redelivery if neither its offset nor its timestamp is after its
-- partition's watermark. A topic that was deleted and created again starts at offset 0 with newer timestamps, so its
-- messages are accepted. Offsets are Kafka's (up to 2^63, so compared as text) or ids of stream entries, ms-seq.

local function digits_at_most(a, b)
  a, b = string.gsub(a, "^0+", ""), string.gsub(b, "^0+", "")
  if #a ~= #b then return #a < #b end
  return a <= b
end

local function offset_at_most(a, b)
  local a1, a2 = string.match(a, "^(%d+)%-?(%d*)$")
  local b1, b2 = string.match(b, "^(%d+)%-?(%d*)$")
  if not digits_at_most(a1, b1) then return false end
  return not digits_at_most(b1, a1) or digits_at_most(a2, b2)
end

-- Watermarks by partition: read once per call, and written once at its end.
local seen_by_partition = {}

-- Returns the watermark of the partition of a position, and the offset and timestamp of the position.
local function read_position(position)
  local partition, offset, timestamp = string.match(position, "^(.*)|([%d%-]+)|(%-?%d+)$")
  local seen = seen_by_partition[partition]
  if not seen then
    seen = {}
    local text = redis.call("HGET", K.seen, partition)
    if text then
      local seen_offset, seen_timestamp = string.match(text, "^(.-)|(%-?%d+)$")
      seen.offset, seen.timestamp = seen_offset, tonumber(seen_timestamp)
    end
    seen_by_partition[partition] = seen
  end
  return seen, offset, tonumber(timestamp)
end

-- Returns true if the message is a redelivery; otherwise moves the watermark to the message and returns false. The
-- timestamp of a watermark never decreases: the clocks of producers differ, and redeliveries must be recognized.
local function is_redelivery(position)
  if position == "" then return false end
  local seen, offset, timestamp = read_position(position)
  if seen.offset and offset_at_most(offset, seen.offset) and timestamp <= seen.timestamp then return true end
  seen.offset, seen.timestamp, seen.changed = offset, math.max(timestamp, seen.timestamp or timestamp), true
  return false
end

local function watermarks_finish()
  for partition, seen in pairs(seen_by_partition) do
    if seen.changed then redis.call("HSET", K.seen, partition, seen.offset .. "|" .. int(seen.timestamp)) end
  end
end

-- The delayed topic's dedup: a message at or before the partition's watermark, by offset AND by timestamp, is a
-- redelivery. A recreated topic starts at offset 0 again, but with newer timestamps, and is let through.
-- Offsets are Kafka's (up to 2^63, so compared as text) or stream ids ms-seq.

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

local function read_mark(mark)
  local partition, offset, timestamp = string.match(mark, "^(.*)|([%d%-]+)|(%d+)$")
  local seen = redis.call("HGET", K.seen, partition)
  if not seen then return partition, offset, tonumber(timestamp) end
  local seen_offset, seen_timestamp = string.match(seen, "^(.-)|(%d+)$")
  return partition, offset, tonumber(timestamp), seen_offset, tonumber(seen_timestamp)
end

local function watermark_passed(mark)
  if mark == "" then return false end
  local _, offset, timestamp, seen_offset, seen_timestamp = read_mark(mark)
  return seen_offset ~= nil and offset_at_most(offset, seen_offset) and timestamp <= seen_timestamp
end

-- The timestamp never goes back: producers' clocks differ, and a redelivery must still be at or before it.
local function watermark_advance(mark)
  if mark == "" then return end
  local partition, offset, timestamp, seen_offset, seen_timestamp = read_mark(mark)
  if seen_offset and offset_at_most(offset, seen_offset) and timestamp <= seen_timestamp then return end
  redis.call("HSET", K.seen, partition, offset .. "|" .. int(math.max(timestamp, seen_timestamp or 0)))
end

-- Lanes in the order in which they are claimed: manual runs and replays made during a pause of all firing
-- first, catch-up last.
local LANES = { "m", "9", "8", "7", "6", "5", "4", "3", "2", "1", "0", "c" }

-- The earliest score of all lanes; nil if all are empty.
local function lanes_head()
  local best
  for i = 1, #LANES do
    local score = tonumber(redis.call("ZRANGE", K["due" .. LANES[i]], 0, 0, "WITHSCORES")[2])
    if score and (not best or score < best) then best = score end
  end
  return best
end

-- The earliest due time in all lanes before the first addition; nil if the lanes were empty.
local head_before
local earliest_added
local lane_adds = {}

local function lanes_flush()
  for lane, adds in pairs(lane_adds) do write("ZADD", K["due" .. lane], adds) end
  lane_adds = {}
end

local function lane_add(lane, score, member)
  -- An unknown lane comes from damaged bytes. Lane 0 makes sure that a claim finds the member.
  if not K["due" .. (lane or "")] then lane = "0" end
  if not earliest_added then head_before = lanes_head() end
  local adds = lane_adds[lane]
  if not adds then
    adds = {}
    lane_adds[lane] = adds
  end
  adds[#adds + 1] = int(score)
  adds[#adds + 1] = member
  if not earliest_added or score < earliest_added then earliest_added = score end
end

-- Writes the additions first, because the member may be among them.
local function lane_remove(lane, member)
  lanes_flush()
  redis.call("ZREM", K["due" .. lane], member)
end

-- Writes the additions. Wakes the workers if an addition is due before all earlier members of the lanes.
local function lanes_finish()
  lanes_flush()
  if earliest_added and (not head_before or earliest_added < head_before) then
    redis.call("PUBLISH", A.wake, int(earliest_added))
  end
end

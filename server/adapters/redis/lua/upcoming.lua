-- Lists the first planned occurrences of each lane of one shard, overdue ones included. Leaves out instances, such as
-- waiting retries and manual runs, because their time is not the next run of their schedule. KEYS: the lanes, sched,
-- plan. ARGV: limit (per lane). Returns for each occurrence: schedule id, effective time, nominal time, record.
-- @include header.lua

-- The list of lanes.lua, which cannot be included without its functions for writes.
local LANES = { "m", "9", "8", "7", "6", "5", "4", "3", "2", "1", "0", "c" }
-- Maximum number of pages of `limit` members that are read from a lane. Bounds the call if a lane begins with very many
-- instances, such as after an outage of the bus.
local MAX_PAGES = 5

local limit = tonumber(A.limit)
local reply = {}

-- Adds the occurrence unless the schedule has no next time to show, such as a recurring schedule without a plan.
local function show(id, effective)
  local record = redis.call("HGET", K.sched, id)
  if not record or is_stub(record) then return end
  local header = read_header(record)
  local nominal = header and header.nominal or ""
  if header and has_flag(header.flags, "r") then nominal = first_nominal(redis.call("HGET", K.plan, id)) end
  if nominal == "" then return end
  local n = #reply
  reply[n + 1], reply[n + 2], reply[n + 3], reply[n + 4] = id, effective, nominal, record
end

for i = 1, #LANES do
  local planned = 0
  for page = 0, MAX_PAGES - 1 do
    local found = redis.call("ZRANGE", K["due" .. LANES[i]], page * limit, (page + 1) * limit - 1, "WITHSCORES")
    for j = 1, #found, 2 do
      -- The key of an instance has an "@". Other members are schedule ids.
      if planned < limit and not string.find(found[j], "@", 1, true) then
        planned = planned + 1
        show(found[j], found[j + 1])
      end
    end
    if planned >= limit or #found < limit * 2 then break end
  end
end
return reply

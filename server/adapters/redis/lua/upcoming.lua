-- Lists the first occurrences of each lane of one shard, overdue ones included. KEYS: the lanes, sched, plan, occ.
-- ARGV: limit (per lane). Returns for each occurrence: schedule id or instance key, effective time, nominal time,
-- record.
-- @include header.lua

-- The list of lanes.lua, which cannot be included without its functions for writes.
local LANES = { "m", "9", "8", "7", "6", "5", "4", "3", "2", "1", "0", "c" }
local reply = {}

local function show(member, effective, nominal, record)
  local n = #reply
  reply[n + 1], reply[n + 2], reply[n + 3], reply[n + 4] = member, effective, nominal, record
end

for i = 1, #LANES do
  local found = redis.call("ZRANGE", K["due" .. LANES[i]], 0, tonumber(A.limit) - 1, "WITHSCORES")
  for j = 1, #found, 2 do
    local member, score = found[j], found[j + 1]
    -- An instance's key has an "@", and its value begins with the nominal time. Other members are schedule ids.
    if string.find(member, "@", 1, true) then
      local value = redis.call("HGET", K.occ, member)
      if value then show(member, score, string.match(value, "^%-?%d*"), string.sub(value, record_at(value))) end
    else
      local record = redis.call("HGET", K.sched, member)
      if record and not is_stub(record) then
        local header = read_header(record)
        local nominal = header and header.nominal or ""
        if header and has_flag(header.flags, "r") then nominal = first_nominal(redis.call("HGET", K.plan, member)) end
        -- A recurring schedule without a plan has no next time to show.
        if nominal ~= "" then show(member, score, nominal, record) end
      end
    end
  end
end
return reply

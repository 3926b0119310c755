-- An instance's value in P{n}:occ: nominal|effective|trigger|enteredAt|lane|{"a":attempts,"by":actor}, newline, record.
-- After the trigger, `exempt` ("!") marks an instance that was added after its schedule was deleted, so the deletion
-- does not cancel the instance.
local function add_instance(instance)
  local meta = instance.times .. instance.exempt .. "|" .. now_text .. "|" .. instance.lane .. "|" .. instance.json
  if redis.call("HSETNX", K.occ, instance.key, meta .. "\n" .. instance.record) == 0 then return false end
  lane_add(instance.lane, tonumber(string.match(instance.times, "^%-?%d+|(%-?%d+)|")), instance.key)
  return true
end

-- The lane in an instance's value, also if other parts are damaged; nil if the value names none.
local function lane_of(value)
  return string.match(value, "^%-?%d*|%-?%d*|%a!?|%d*|(%w)|")
end

-- The value of `decided_until` for a call in which no occurrence has an outcome yet.
local NONE_DECIDED = -1

-- Adds `count` instances from ARGV[at] on: key, nominal|effective|trigger, lane ("" for the schedule's own), meta JSON.
-- Skips instances up to the nominal time `decided_until`, which have an outcome. Returns the number of added instances.
local function add_instances(at, count, priority, record, decided_until)
  local added = 0
  for _ = 1, count do
    local lane, times = ARGV[at + 2], ARGV[at + 1]
    if tonumber(string.match(times, "^%-?%d+")) > decided_until then
      local is_new = add_instance({
        key = ARGV[at], times = times, lane = lane == "" and priority or lane, json = ARGV[at + 3],
        exempt = "", record = record,
      })
      if is_new then added = added + 1 end
    end
    at = at + 4
  end
  return added
end

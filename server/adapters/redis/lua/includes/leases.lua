-- Collects claims in `reply` and their leases in `leases`. The including script writes the leases to Redis.
local lease_end_text = int(now + tonumber(A.leaseMs))
-- The reply begins with now, the next due time, the counts of events published in place by topic and by effective time,
-- and the pause in force (pause.lua).
local NEXT_DUE, PUBLISHED_BY_TOPIC, PUBLISHED_BY_EFFECTIVE, PAUSE = 2, 3, 4, 5
local reply, leases = { now_text, "", "", "", "" }, {}

local function add_claim(key, value, plan_left, flag)
  leases[#leases + 1] = lease_end_text
  leases[#leases + 1] = A.token .. "|" .. key
  local n = #reply
  reply[n + 1], reply[n + 2], reply[n + 3], reply[n + 4] = key, value, plan_left, flag
end

-- The meta line of an instance (instance.lua): captures the trigger and "!", which keeps a deletion of the schedule
-- from cancelling the instance.
local META = "^%-?%d*|%-?%d*|(%a)(!?)|%d*|%w|[^\n]*\n"

-- Quarantines an unreadable instance. Also removes the stub "@nominal" if the instance is that of a one-time schedule.
local function set_aside_instance(key, id, value, record)
  redis.call("HDEL", K.occ, key)
  quarantine({ step = "claim", kind = "instance", key = key, reason = "Its state in Redis cannot be read.", bytes = value })
  if record and is_stub(record) and id .. record == key then redis.call("HDEL", K.sched, id) end
end

-- Returns the remaining plan if the instance is a scheduled occurrence of the stored version, whose settle may append
-- to the plan. Returns false otherwise.
local function plan_left_of(id, trigger, value, record, plan)
  if trigger ~= "s" or not record or is_stub(record) then return false end
  local hot, own = read_header(record), read_header(value, record_at(value))
  if not hot or not own or not has_flag(hot.flags, "r") or hot.version ~= own.version then return false end
  return with_runs(runs_of(id, hot.flags), plan or "")
end

-- Claims instances of P{n}:occ. Skips keys without a value.
local function claim_instances(keys)
  local values, ids = read("HMGET", K.occ, keys), {}
  for i = 1, #keys do ids[i] = id_of(keys[i]) end
  local fences, records, plans = read("HMGET", K.fence, ids), read("HMGET", K.sched, ids), read("HMGET", K.plan, ids)
  for i = 1, #keys do
    local value = values[i]
    if value then
      local trigger, exempt = string.match(value, META)
      if not trigger then
        set_aside_instance(keys[i], ids[i], value, records[i])
      else
        local deleted = is_cancelled(read_fence(fences[i]), exempt)
        add_claim(keys[i], value, plan_left_of(ids[i], trigger, value, records[i], plans[i]), deleted and "d" or "")
      end
    end
  end
end

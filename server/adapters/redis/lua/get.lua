-- Reads hot records. KEYS: sched, plan, occ. ARGV: bare ("1" omits the payloads), then the ids. Returns for each id:
-- record (false for none), plan with runs (runs.lua).
-- @include clock.lua
-- @include batch.lua
-- @include header.lua
-- @include runs.lua

local FLAGS = "^" .. string.rep("[^|]*|", 9) .. "(%a*)|"

local ids, reply = {}, {}
for i = FIRST, #ARGV do ids[#ids + 1] = ARGV[i] end
local records, plans = read("HMGET", K.sched, ids), read("HMGET", K.plan, ids)
for i = 1, #ids do
  local record = records[i]
  if record and is_stub(record) then
    local value = redis.call("HGET", K.occ, ids[i] .. record)
    record = value and string.sub(value, (string.find(value, "\n", 1, true) or #value) + 1)
  end
  if record and A.bare == "1" then
    local header = string.find(record, "\n", 1, true)
    local definition = header and string.find(record, "\n", header + 1, true)
    record = definition and string.sub(record, 1, definition) or record
  end
  reply[#reply + 1] = record
  local flags = record and string.match(record, FLAGS)
  local runs = flags and runs_of(ids[i], flags)
  reply[#reply + 1] = runs and with_runs(runs, plans[i] or "") or plans[i]
end
return reply

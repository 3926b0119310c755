-- The count of planned occurrences that a schedule with max_runs (flag m) has claimed or caught up, with any outcome.
-- It is stored as id#runs in P{n}:plan until the schedule's fence is removed, and at the end of a catalogue row's head
-- (runs_suffix). Arguments and replies have it before the plan, as "runs;plan"; without max_runs it is absent.
local function runs_of(id, flags)
  if not has_flag(flags, "m") then return nil end
  return tonumber(redis.call("HGET", K.plan, id .. "#runs") or nil)
end

local function with_runs(runs, plan)
  return runs and int(runs) .. ";" .. plan or plan
end

-- Splits a plan argument into the count, or nil, and the plan.
local function split_runs(text)
  local runs, plan = string.match(text, "^(%d+);(.*)$")
  if runs then return tonumber(runs), plan end
  return nil, text
end

-- The part of a catalogue row after tier|completed|deleted|next.
local function runs_suffix(runs)
  return runs and "|" .. int(runs) or ""
end

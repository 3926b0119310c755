-- `runs`: the number of planned occurrences of a schedule with max_runs (flag m) that were claimed or caught up, with
-- any outcome. P{n}:plan stores the number as id#runs until the schedule's fence is removed. A catalogue row's head
-- ends with the number (runs_suffix). Arguments and replies have it before the plan, as "runs;plan".
local function runs_of(id, flags)
  if not has_flag(flags, "m") then return nil end
  return tonumber(redis.call("HGET", K.plan, id .. "#runs") or nil)
end

local function with_runs(runs, plan)
  return runs and int(runs) .. ";" .. plan or plan
end

-- Splits "runs;plan" into the number and the plan. The number is nil for a schedule without max_runs.
local function split_runs(text)
  local runs, plan = string.match(text, "^(%d+);(.*)$")
  if runs then return tonumber(runs), plan end
  return nil, text
end

-- The part of a catalogue row after tier|completed|deleted|next.
local function runs_suffix(runs)
  return runs and "|" .. int(runs) or ""
end

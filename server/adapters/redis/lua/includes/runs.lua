-- How many of its planned occurrences a schedule with max_runs (flag m) has taken: claimed or caught up, whatever
-- became of them. It stands as id#runs beside the plans, from when the schedule enters until its fence goes, and in
-- catalogue rows behind the next time. In arguments and replies it comes in front of the plan, with a semicolon; it is
-- left out where nothing bounds the runs.
local function runs_of(id, flags)
  if not has_flag(flags, "m") then return nil end
  return tonumber(redis.call("HGET", K.plan, id .. "#runs") or nil)
end

local function with_runs(runs, plan)
  return runs and int(runs) .. ";" .. plan or plan
end

-- What a plan argument says: the count, or nil, and the plan.
local function split_runs(text)
  local runs, plan = string.match(text, "^(%d+);(.*)$")
  if runs then return tonumber(runs), plan end
  return nil, text
end

-- Behind a catalogue row's tier|completed|deleted|next.
local function runs_suffix(runs)
  return runs and "|" .. int(runs) or ""
end

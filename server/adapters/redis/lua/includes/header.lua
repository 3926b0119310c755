-- A record is a header line, the definition as one line of JSON, and the payload to the end. The scripts read the
-- header: priority|revision|version|count|errors|lastAt|lastStatus|nominal|enteredAt|flags|lastError
-- flags: r recurring, m with max_runs (runs.lua), f needs a fence when it leaves Redis, p promoted from ClickHouse,
-- e an instance with content of its own. nominal: the time of a one-time schedule, or the newest claimed occurrence of
-- a recurring schedule. Times before 1970 are negative. The encoder (record.ts) always writes a header that matches
-- HEADER, so other bytes are damaged. While a one-time schedule is in flight, P{n}:sched has the stub "@nominal", and
-- the record is in P{n}:occ.
local HEADER = "^(%d)|(%d+)|(%d+)|(%d*)|(%d*)|(%-?%d*)|(%a*)|(%-?%d*)|(%d*)|(%a*)|([^\n]*)()"

-- Returns nil for an unreadable header.
local function read_header(text, from)
  local priority, revision, version, count, errors, last_at, last_status, nominal, entered, flags, last_error, rest =
    string.match(text, HEADER, from or 1)
  if not priority then return nil end
  return {
    priority = priority,
    revision = tonumber(revision),
    version = tonumber(version),
    count = tonumber(count) or 0,
    errors = tonumber(errors) or 0,
    last_at = last_at,
    last_status = last_status,
    nominal = nominal,
    entered = entered,
    flags = flags,
    last_error = last_error,
    body = string.sub(text, rest),
  }
end

local function count_text(count)
  return count > 0 and int(count) or ""
end

local function write_record(header)
  return table.concat({
    header.priority, int(header.revision), int(header.version), count_text(header.count), count_text(header.errors),
    header.last_at, header.last_status,
    header.nominal, header.entered, header.flags, header.last_error,
  }, "|") .. header.body
end

local function has_flag(flags, flag)
  return string.find(flags, flag, 1, true) ~= nil
end

local function is_stub(record)
  return string.byte(record) == 64 -- "@"
end

-- Position of the record in a value of P{n}:occ, after the meta line.
local function record_at(value)
  return (string.find(value, "\n", 1, true) or #value) + 1
end

local function id_of(key)
  return string.match(key, "^[^@#]+")
end

-- The nominal time of the plan's first entry; "" for no plan.
local function first_nominal(plan)
  return plan and string.match(plan, "^(%-?%d+):") or ""
end

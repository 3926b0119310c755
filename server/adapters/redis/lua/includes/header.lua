-- A record is a header line, the definition's line of JSON, and the payload to the end. Only the header is read here:
-- priority|revision|version|count|errors|lastAt|lastStatus|nominal|enteredAt|flags|lastError
-- Flags: r recurring, m its runs are bounded (runs.lua), f a fence is needed when it leaves, p promoted from
-- ClickHouse. nominal: of a one-time schedule its time; of a recurring one the last occurrence that was claimed. Times
-- may be before 1970, and so negative. What the encoder (record.ts) writes always matches; bytes that do not are
-- damage. In P{n}:sched "@nominal" instead of a record says: one-time and in flight, the record is in P{n}:occ.
local HEADER = "^(%d)|(%d+)|(%d+)|(%d*)|(%d*)|(%-?%d*)|(%a*)|(%-?%d*)|(%d*)|(%a*)|([^\n]*)()"

-- Answers nil for a header that cannot be read.
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

local function write_record(h)
  return table.concat({
    h.priority, int(h.revision), int(h.version), count_text(h.count), count_text(h.errors), h.last_at, h.last_status,
    h.nominal, h.entered, h.flags, h.last_error,
  }, "|") .. h.body
end

local function has_flag(flags, flag)
  return string.find(flags, flag, 1, true) ~= nil
end

local function is_stub(record)
  return string.byte(record) == 64
end

-- Where the record starts in a value of P{n}:occ, behind the meta line.
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

-- Collects changes and appends them to the outbox, in entries of up to 100 changes or about 1 MB.
local outbox_pairs, outbox_count, outbox_bytes = {}, 0, 0
local outbox_shared

local function outbox_flush()
  if #outbox_pairs == 0 then return end
  redis.call("XADD", K.outbox, "*", unpack(outbox_pairs))
  outbox_pairs, outbox_count, outbox_bytes, outbox_shared = {}, 0, 0, nil
end

-- Adds a pair that belongs to the next change, and is not counted as a change itself.
local function outbox_push(kind, blob)
  local count = #outbox_pairs
  outbox_pairs[count + 1], outbox_pairs[count + 2] = kind, blob
  outbox_bytes = outbox_bytes + #blob
end

local function outbox_add(kind, blob)
  outbox_push(kind, blob)
  outbox_count = outbox_count + 1
  if outbox_count >= 100 or outbox_bytes > 1000000 then outbox_flush() end
end

-- Adds the delta that the following rows share, once per entry, so that each entry can be read on its own.
local function outbox_share(blob)
  if outbox_shared == blob then return end
  outbox_shared = blob
  outbox_push("b", blob)
end

-- Adds a catalogue row. `row_state` is tier|completed|deleted|nextExecution, then `runs_suffix` (runs.lua). tier: r
-- Redis, c ClickHouse.
local function outbox_row(id, row_state, record)
  outbox_add("s", id .. "|" .. row_state .. "\n" .. record)
end

-- Collects changes and appends them in entries of up to 100 pairs or about 1 MB. `outbox_add` answers an index;
-- after `outbox_flush`, outbox_ids[index] is the id of the entry that holds it.
local outbox_ids = {}
local outbox_pairs, outbox_bytes, outbox_first, outbox_last = {}, 0, 1, 0
local outbox_shared

local function outbox_flush()
  if #outbox_pairs == 0 then return end
  local id = redis.call("XADD", K.outbox, "*", unpack(outbox_pairs))
  for i = outbox_first, outbox_last do outbox_ids[i] = id end
  outbox_first, outbox_pairs, outbox_bytes, outbox_shared = outbox_last + 1, {}, 0, nil
end

local function outbox_add(kind, blob)
  outbox_pairs[#outbox_pairs + 1] = kind
  outbox_pairs[#outbox_pairs + 1] = blob
  outbox_last = outbox_last + 1
  outbox_bytes = outbox_bytes + #blob
  local index = outbox_last
  if #outbox_pairs >= 200 or outbox_bytes > 1000000 then outbox_flush() end
  return index
end

-- What the rows that follow have in common: once in each entry, so that every entry can be read alone.
local function outbox_share(blob)
  if outbox_shared == blob then return end
  outbox_shared = blob
  outbox_pairs[#outbox_pairs + 1] = "b"
  outbox_pairs[#outbox_pairs + 1] = blob
  outbox_last = outbox_last + 1
  outbox_bytes = outbox_bytes + #blob
end

-- A catalogue row. `where` is tier|completed|deleted|nextExecution, the tier as r or c.
local function outbox_row(id, where, record)
  return outbox_add("s", id .. "|" .. where .. "\n" .. record)
end

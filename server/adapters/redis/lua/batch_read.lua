-- Reads the oldest outbox entries as one batch, up to `limit` entries or `bytes`. The end of the batch is stored until
-- the acknowledgement, so that a retry reads the same batch. With `after`, the last id of the batch in flight, reads
-- the batch that follows. KEYS: outbox, batch. ARGV: limit, bytes, after ("" for the oldest). Returns 1 if the outbox
-- may have further entries, otherwise 0, and the entries in the format of XRANGE.

local function has_more(entries) return redis.call("XLEN", K.outbox) > #entries and 1 or 0 end

local last = A.after == "" and redis.call("GET", K.batch)
if last then
  local entries = redis.call("XRANGE", K.outbox, "-", last)
  if #entries > 0 then return { has_more(entries), entries } end
end
local entries, bytes, from, full = {}, 0, A.after == "" and "-" or "(" .. A.after, 0
while full == 0 do
  -- Small pages, so that few entries are read in vain after `bytes` is reached.
  local page = redis.call("XRANGE", K.outbox, from, "+", "COUNT", math.min(16, tonumber(A.limit) - #entries))
  if #page == 0 then break end
  for i = 1, #page do
    entries[#entries + 1] = page[i]
    for j = 2, #page[i][2], 2 do bytes = bytes + #page[i][2][j] end
    if #entries >= tonumber(A.limit) or bytes >= tonumber(A.bytes) then
      full = 1
      break
    end
  end
  from = "(" .. page[#page][1]
end
if A.after == "" then
  -- The removal comes first, so that the recorder can still read and then trim the outbox of a full Redis.
  redis.call("DEL", K.batch)
  if #entries > 0 then redis.call("SET", K.batch, entries[#entries][1]) end
end
return { full, entries }

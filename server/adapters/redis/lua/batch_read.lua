-- The oldest outbox entries as one batch, up to `limit` entries or `bytes`. Its end is remembered until the
-- acknowledgement, so that a second try is the same batch. KEYS: outbox, batch. ARGV: limit, bytes.
-- Returns the entries as XRANGE does.

local last = redis.call("GET", K.batch)
if last then
  local entries = redis.call("XRANGE", K.outbox, "-", last)
  if #entries > 0 then return entries end
  redis.call("DEL", K.batch)
end
local entries, bytes, from = {}, 0, "-"
while #entries < tonumber(A.limit) and bytes < tonumber(A.bytes) do
  local page = redis.call("XRANGE", K.outbox, from, "+", "COUNT", math.min(16, tonumber(A.limit) - #entries))
  for i = 1, #page do
    if bytes >= tonumber(A.bytes) then break end
    entries[#entries + 1] = page[i]
    for j = 2, #page[i][2], 2 do bytes = bytes + #page[i][2][j] end
  end
  if #page == 0 then break end
  from = "(" .. page[#page][1]
end
if #entries > 0 then redis.call("SET", K.batch, entries[#entries][1]) end
return entries

-- Extends leases that are still held. KEYS: lease. ARGV: token, leaseMs; then the keys. Returns how many were held.
-- @include clock.lua
-- @include batch.lua

local members, moves = {}, {}
for i = FIRST, #ARGV do members[#members + 1] = A.token .. "|" .. ARGV[i] end
local scores, until_text = read("ZMSCORE", K.lease, members), int(now + tonumber(A.leaseMs))
for i = 1, #members do
  if scores[i] then
    moves[#moves + 1] = until_text
    moves[#moves + 1] = members[i]
  end
end
write("ZADD", K.lease, moves)
return #moves / 2

-- Extends the leases that the token still holds. KEYS: lease. ARGV: token, leaseMs; then the occurrences' keys.
-- Returns the number of extended leases.
-- @include clock.lua
-- @include batch.lua

local members, moves = {}, {}
for i = FIRST, #ARGV do members[#members + 1] = A.token .. "|" .. ARGV[i] end
local scores, expiry = read("ZMSCORE", K.lease, members), int(now + tonumber(A.leaseMs))
for i = 1, #members do
  if scores[i] then
    moves[#moves + 1] = expiry
    moves[#moves + 1] = members[i]
  end
end
write("ZADD", K.lease, moves)
return #moves / 2

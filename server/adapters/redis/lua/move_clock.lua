-- Moves the virtual clock forward, unless an occurrence is leased: its lease would expire, and it would be published
-- twice.
-- KEYS: offset. ARGV: to (epoch ms); then the `lease` key of each shard. Only for a server that is not a cluster.
-- Returns 1 if the clock is at `to` or later, 0 if an occurrence is leased.
-- @include clock.lua

for i = FIRST, #ARGV do
  if redis.call("ZCARD", ARGV[i]) > 0 then return 0 end
end
local offset = tonumber(A.to) - now
if offset > (tonumber(redis.call("GET", K.offset) or 0)) then redis.call("SET", K.offset, int(offset)) end
return 1

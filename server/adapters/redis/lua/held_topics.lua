-- Lists the topics with held occurrences in a shard. KEYS: held. Returns for each topic: name, number of held
-- occurrences, effective time of the oldest.
-- @include clock.lua
-- @include batch.lua
-- @include held.lua

local reply, from = {}, "-"
while true do
  local first = redis.call("ZRANGE", K.held, from, "+", "BYLEX", "LIMIT", 0, 1)[1]
  if not first then return reply end
  local topic, effective = string.match(first, "^([^|]*)|(%-?%d+)|")
  local n = #reply
  reply[n + 1], reply[n + 2], reply[n + 3] = topic, redis.call("ZLEXCOUNT", K.held, held_bounds(topic)), effective
  -- Continues after all members of this topic: "}" is the byte after "|".
  from = "[" .. topic .. "}"
end

-- Held occurrences of a shard. A member of P{n}:held is topic|effective time (padded to 13 digits)|key. All scores are
-- equal, so Redis sorts the members by bytes: by topic, the oldest first. Topics never contain a bar. P{n}:held:at maps
-- a key to its member. P{n}:held:until has the expiry of occurrences that expire.
local function held_add(topic, effective, key, until_ms)
  local member = topic .. "|" .. string.format("%013d", effective) .. "|" .. key
  redis.call("ZADD", K.held, 0, member)
  redis.call("HSET", K.heldAt, key, member)
  if until_ms then redis.call("ZADD", K.heldUntil, int(until_ms), key) end
end

local function held_effective(member)
  return tonumber(string.match(member, "^[^|]*|(%-?%d+)|")) or 0
end

-- The bounds of a topic's members; "}" is the byte after "|".
local function held_bounds(topic)
  return "[" .. topic .. "|", "(" .. topic .. "}"
end

-- The oldest members of a topic, their keys and their effective times.
local function held_first(topic, limit)
  local from, to = held_bounds(topic)
  local members = redis.call("ZRANGE", K.held, from, to, "BYLEX", "LIMIT", 0, int(limit))
  local keys, effectives = {}, {}
  for i = 1, #members do
    local effective, key = string.match(members[i], "^[^|]*|(%-?%d+)|(.*)$")
    keys[i], effectives[i] = key or members[i], tonumber(effective) or 0
  end
  return members, keys, effectives
end

local function held_remove(members, keys)
  write("ZREM", K.held, members)
  write("HDEL", K.heldAt, keys)
  write("ZREM", K.heldUntil, keys)
end

-- Gives a shard its epoch at the end of a rebuild. A shard that was wiped while the rebuild ran has lost the rebuild's
-- token, and what the rebuild had filled in before. KEYS: epoch, rebuild. ARGV: token.
-- Returns 1 where the shard has an epoch now, 0 where it must be rebuilt again.

if redis.call("EXISTS", K.epoch) == 1 then return 1 end
if redis.call("GET", K.rebuild) ~= A.token then return 0 end
redis.call("SET", K.epoch, A.token)
redis.call("DEL", K.rebuild)
return 1

-- Sets a shard's epoch at the end of a rebuild. If the rebuild's token is no longer stored, the shard was wiped during
-- the rebuild, or another rebuild has begun. KEYS: epoch, rebuild. ARGV: token. Returns 1 if the shard now has an
-- epoch, 0 if it must be rebuilt again.

if redis.call("EXISTS", K.epoch) == 1 then return 1 end
if redis.call("GET", K.rebuild) ~= A.token then return 0 end
redis.call("SET", K.epoch, A.token)
redis.call("DEL", K.rebuild)
return 1

-- Takes a free lock, or renews the caller's lock. Deletes the key first, so that a full Redis accepts the
-- write: the recorder, which frees memory, must hold its lock. KEYS: lock. ARGV: holder, ttlMs. Returns 1, or 0 if
-- another holder has the lock.

local holder = redis.call("GET", K.lock)
if holder and holder ~= A.holder then return 0 end
redis.call("DEL", K.lock)
redis.call("SET", K.lock, A.holder, "PX", A.ttlMs)
return 1

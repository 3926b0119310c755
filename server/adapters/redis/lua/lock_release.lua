-- Releases a lock, only for its holder. KEYS: lock. ARGV: holder. Returns 1, or 0 if the caller does not hold the lock.

if redis.call("GET", K.lock) ~= A.holder then return 0 end
return redis.call("DEL", K.lock)

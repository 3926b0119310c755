-- Frees a lock for its holder only. KEYS: lock. ARGV: holder. Returns 1, or 0 where another one holds it.

if redis.call("GET", K.lock) ~= A.holder then return 0 end
return redis.call("DEL", K.lock)

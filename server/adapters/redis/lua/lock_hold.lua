-- Takes a lock that is free, or keeps one that is ours. The removal comes first: a full Redis then takes what follows
-- it. Its memory comes back only where somebody holds the recorder's lock. KEYS: lock. ARGV: holder, ttlMs. Returns 1,
-- or 0 where another one holds it.

local holder = redis.call("GET", K.lock)
if holder and holder ~= A.holder then return 0 end
redis.call("DEL", K.lock)
redis.call("SET", K.lock, A.holder, "PX", A.ttlMs)
return 1

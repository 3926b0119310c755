-- Changes a breaker if its value still equals `from`. KEYS: breakers. ARGV: name, from, to ("" for a closed breaker
-- without failures, which is not stored). Returns 1 if it was changed, otherwise 0, and the current value.

local current = redis.call("HGET", K.breakers, A.name) or ""
if current ~= A.from then return { 0, current } end
if A.to == "" then redis.call("HDEL", K.breakers, A.name) else redis.call("HSET", K.breakers, A.name, A.to) end
return { 1, A.to }

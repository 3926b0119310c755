-- Releases a name, only for the schedule that has it. KEYS: name. ARGV: id. Returns 1 or 0.

if redis.call("GET", K.name) ~= A.id then return 0 end
return redis.call("DEL", K.name)

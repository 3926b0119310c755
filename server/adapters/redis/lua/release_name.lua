-- Frees a name if the schedule `id` has it. KEYS: name. ARGV: id. Returns 1 if the name was freed, otherwise 0.

if redis.call("GET", K.name) ~= A.id then return 0 end
return redis.call("DEL", K.name)

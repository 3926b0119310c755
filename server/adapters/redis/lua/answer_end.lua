-- Ends the claim of an idempotency key, unless another request has taken it over. EXTRA: the Redis key. ARGV: expected
-- (the value of the claim), answer (the new value, "" to forget the key), answerMs. Returns 1, or 0 if the key no
-- longer has this value.
-- @include answer.lua

if redis.call("GET", EXTRA) ~= A.expected then return 0 end
keep_answer()
return 1

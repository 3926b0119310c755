-- Claims an idempotency key for one request. EXTRA: the Redis key. ARGV: fingerprint, body (data of the request, which
-- a request that takes over the claim receives), lockMs (how long the request may take), answerMs (how long the key is
-- kept). The value is fingerprint|until|body. `until` is the end of the claim in epoch ms, or empty once `body` is the
-- answer. Returns a letter and the value: "+" for a new claim, "!" for an expired claim with the same fingerprint that
-- was taken over, "=" for an unchanged value.
-- @include clock.lua

local function claim(body)
  local value = A.fingerprint .. "|" .. int(now + tonumber(A.lockMs)) .. "|" .. body
  redis.call("SET", EXTRA, value, "PX", A.answerMs)
  return value
end

local known = redis.call("GET", EXTRA)
if not known then return "+" .. claim(A.body) end
local fingerprint, ends, body = string.match(known, "^([^|]*)|(%d*)|(.*)$")
if ends == "" or fingerprint ~= A.fingerprint or tonumber(ends) > now then return "=" .. known end
return "!" .. claim(body)

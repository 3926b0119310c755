-- Claims an idempotency key for one request. EXTRA: its key. ARGV: fingerprint, body (what whoever takes over needs),
-- lockMs (how long the request may take), answerMs (how long the key is kept). The value is fingerprint|until|body;
-- until is empty once the body is the answer, else the end of the claim in epoch ms. Returns + and the value where it
-- is claimed, ! and the value where a claim that ran out is taken over, = and the value otherwise.
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

-- The answer to an idempotency key, stored in the same call as the change (docs/adr/0010). EXTRA: the Redis key, absent
-- if the call has no idempotency key. A.answer: the answer to store, or "" to delete the key; A.answerMs: time to live.
local function known_answer()
  return EXTRA and A.answer ~= "" and redis.call("GET", EXTRA)
end

local function keep_answer()
  if not EXTRA then return end
  if A.answer == "" then redis.call("DEL", EXTRA) else redis.call("SET", EXTRA, A.answer, "PX", A.answerMs) end
end

-- The answer to an idempotency key, kept with the change that it answers (docs/adr/0010). EXTRA: its key, in calls that
-- have one. A.answer: what to keep, or "" to forget it; A.answerMs: for how long.
local function known_answer()
  return EXTRA and A.answer ~= "" and redis.call("GET", EXTRA)
end

local function keep_answer()
  if not EXTRA then return end
  if A.answer == "" then redis.call("DEL", EXTRA) else redis.call("SET", EXTRA, A.answer, "PX", A.answerMs) end
end

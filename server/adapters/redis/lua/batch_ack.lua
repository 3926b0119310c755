-- Acknowledges a recorded batch: trims the outbox up to the end of the batch and makes `next` the batch in flight.
-- Changes nothing and returns 0 if `last` is not the end of the batch in flight; otherwise returns 1.
-- KEYS: outbox, batch, auditHead. ARGV: last, after (the id that follows last), next ("" for none), head (the newest
-- link of the audit chain, "" without an audit entry).

if redis.call("GET", K.batch) ~= A.last then return 0 end
-- The removal comes first: when Redis is out of memory, a script may add data only after it has removed some.
redis.call("XTRIM", K.outbox, "MINID", A.after)
if A.next == "" then redis.call("DEL", K.batch) else redis.call("SET", K.batch, A.next) end
if A.head ~= "" then redis.call("SET", K.auditHead, A.head) end
return 1

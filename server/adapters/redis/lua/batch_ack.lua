-- ClickHouse has the batch: trims the outbox behind it, and `next` becomes the end of the batch in flight. A repeat, or
-- another's batch, changes nothing. KEYS: outbox, batch. ARGV: last, after (the id behind last), next ("" for none).
-- Returns 1 or 0.

if redis.call("GET", K.batch) ~= A.last then return 0 end
-- First: a removal is allowed when Redis is out of memory, and what follows it then is too.
redis.call("XTRIM", K.outbox, "MINID", A.after)
if A.next == "" then redis.call("DEL", K.batch) else redis.call("SET", K.batch, A.next) end
return 1

-- ClickHouse has the batch: trims the outbox behind it. A repeat, or another's batch, changes nothing.
-- KEYS: outbox, batch. ARGV: last, after (the id behind last). Returns 1 or 0.

if redis.call("GET", K.batch) ~= A.last then return 0 end
redis.call("DEL", K.batch)
redis.call("XTRIM", K.outbox, "MINID", A.after)
return 1

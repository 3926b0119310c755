-- Gives back what an operator let out of the quarantine: a schedule's record, or an instance, due now. Should it be
-- damaged still, the next claim puts it aside again. KEYS: the lanes, sched, occ. ARGV: wake, kind, key, bytes. Returns
-- 1, or 0 where there is another one in its place.
-- @include clock.lua
-- @include batch.lua
-- @include lanes.lua

local home = A.kind == "record" and K.sched or K.occ
if redis.call("HSETNX", home, A.key, A.bytes) == 0 then return 0 end
lane_add("0", now, A.key)
lanes_finish()
return 1

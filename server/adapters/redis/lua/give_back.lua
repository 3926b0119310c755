-- Makes a record or an instance that an operator released from the quarantine due now, in its own lane. If it is still
-- damaged, the next claim quarantines it again. KEYS: the lanes, sched, occ. ARGV: wake, kind, key, bytes. Returns 1,
-- or 0 if the key exists.
-- @include clock.lua
-- @include batch.lua
-- @include lanes.lua
-- @include instance.lua

local hash = A.kind == "record" and K.sched or K.occ
if redis.call("HSETNX", hash, A.key, A.bytes) == 0 then return 0 end
-- If the bytes are damaged and name no lane, `lane_add` takes lane 0.
local lane
if A.kind == "record" then lane = string.match(A.bytes, "^(%d)|") else lane = lane_of(A.bytes) end
lane_add(lane, now, A.key)
lanes_finish()
return 1

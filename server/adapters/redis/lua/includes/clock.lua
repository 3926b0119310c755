-- All processes use the time of Redis, because their own clocks may differ. `now` is epoch ms; `int` formats a number
-- without an exponent.
local time = redis.call("TIME")
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local function int(number)
  return string.format("%d", number)
end

local now_text = int(now)

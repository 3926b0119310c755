-- Time of all processes is Redis TIME. `now` is epoch ms; `int` writes a number without exponent.
local time = redis.call("TIME")
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local function int(number)
  return string.format("%d", number)
end

local now_text = int(now)

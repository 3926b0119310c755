-- Lua can unpack about 8000 values at once. 4000 is even, so that field-value pairs stay together.
local CHUNK = 4000

-- Runs a variadic write, in chunks; does nothing for an empty list.
local function write(command, key, args)
  local count = #args
  for from = 1, count, CHUNK do
    redis.call(command, key, unpack(args, from, math.min(from + CHUNK - 1, count)))
  end
end

-- Runs a variadic read that returns one value per argument (HMGET, ZMSCORE); a missing value is false.
local function read(command, key, args)
  local count = #args
  if count == 0 then return {} end
  if count <= CHUNK then return redis.call(command, key, unpack(args)) end
  local all = {}
  for from = 1, count, CHUNK do
    local part = redis.call(command, key, unpack(args, from, math.min(from + CHUNK - 1, count)))
    for i = 1, #part do all[#all + 1] = part[i] end
  end
  return all
end

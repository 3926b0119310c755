-- Lists instances of one shard, leased instances first. KEYS: occ, lease. ARGV: limit. Returns for each instance: key,
-- P{n}:occ value, end of the lease in ms ("" for none).

local PAGE = 200
local limit = tonumber(A.limit)
local reply, shown = {}, {}

local function add_row(key, value, lease_end)
  if #reply >= limit * 3 or shown[key] or string.sub(key, -5) == "#plan" then return end
  shown[key] = true
  local n = #reply
  reply[n + 1], reply[n + 2], reply[n + 3] = key, value, lease_end
end

-- Claims of plans have leases too, so `limit` leases may be fewer instances.
local first = 0
while #reply < limit * 3 do
  local leases = redis.call("ZRANGE", K.lease, first, first + PAGE - 1, "WITHSCORES")
  for i = 1, #leases, 2 do
    local key = string.match(leases[i], "|(.*)$")
    local value = redis.call("HGET", K.occ, key)
    if value then add_row(key, value, leases[i + 1]) end
  end
  if #leases < PAGE * 2 then break end
  first = first + PAGE
end
-- If the reply is not full, it has all leased instances, so the instances found from here on have no lease.
local cursor = "0"
while #reply < limit * 3 do
  local page = redis.call("HSCAN", K.occ, cursor, "COUNT", 200)
  cursor = page[1]
  for i = 1, #page[2], 2 do add_row(page[2][i], page[2][i + 1], "") end
  if cursor == "0" then break end
end
return reply

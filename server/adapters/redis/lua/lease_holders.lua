-- Counts the leases of one shard by worker. KEYS: lease. ARGV: selfTestId (the shard's self-test, which is not
-- counted). Returns "1" if the shard has more than MAX_READ leases, otherwise "0"; then for each worker: id, number of
-- leases, end in ms and key of the lease that ends first.

-- Maximum number of leases that one call reads.
local MAX_READ = 5000
local leases = redis.call("ZRANGE", K.lease, 0, MAX_READ, "WITHSCORES")
local more = #leases > 2 * MAX_READ and "1" or "0"
local order, counts, firsts = {}, {}, {}
for i = 1, math.min(#leases, 2 * MAX_READ), 2 do
  local token, key = string.match(leases[i], "^([^|]*)|(.*)$")
  if key and string.sub(key, 1, #A.selfTestId) ~= A.selfTestId then
    local worker = string.match(token, "^(.*)%.[^.]*$") or token
    if not counts[worker] then
      order[#order + 1] = worker
      counts[worker] = 0
      firsts[worker] = i
    end
    counts[worker] = counts[worker] + 1
  end
end
local reply = { more }
for _, worker in ipairs(order) do
  local first, n = firsts[worker], #reply
  reply[n + 1], reply[n + 2] = worker, counts[worker]
  reply[n + 3], reply[n + 4] = leases[first + 1], string.match(leases[first], "|(.*)$")
end
return reply

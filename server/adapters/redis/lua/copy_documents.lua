-- Copies documents from ClickHouse. Skips a document if Redis has the same or a newer version of the document. The
-- version of a deleted document is kept, so that an older version cannot be copied later. KEYS: rows, versions, index.
-- ARGV: for each document key, version, "d" if deleted or "", index, json. Returns the number of changed documents.

local ITEM = 5
local changed = 0

local function unindex(key, index)
  if index ~= "" and redis.call("HGET", K.index, index) == key then redis.call("HDEL", K.index, index) end
end

-- Points an index entry to this document, unless the entry points to another existing document.
local function claim_index(key, index)
  if index == "" then return end
  local holder = redis.call("HGET", K.index, index)
  if holder and holder ~= key and redis.call("HEXISTS", K.rows, holder) == 1 then return end
  redis.call("HSET", K.index, index, key)
end

for at = FIRST, #ARGV, ITEM do
  local key, version, state, index, json = unpack(ARGV, at, at + ITEM - 1)
  local known = redis.call("HGET", K.versions, key)
  if not known or tonumber(known) < tonumber(version) then
    if state == "d" then
      unindex(key, index)
      redis.call("HDEL", K.rows, key)
    else
      redis.call("HSET", K.rows, key, json)
      claim_index(key, index)
    end
    redis.call("HSET", K.versions, key, version)
    changed = changed + 1
  end
end
return changed

-- Appends the messages of one topic to its stream, in order. KEYS: stream. ARGV: max (approximate maximum number of
-- entries in the stream, "" for none); then for each message key, value, headers. Returns the ids of the entries.
local ids = {}
for i = FIRST, #ARGV, 3 do
  local id
  if A.max == "" then
    id = redis.call("XADD", K.stream, "*", "key", ARGV[i], "value", ARGV[i + 1], "headers", ARGV[i + 2])
  else
    id = redis.call("XADD", K.stream, "MAXLEN", "~", A.max, "*",
      "key", ARGV[i], "value", ARGV[i + 1], "headers", ARGV[i + 2])
  end
  ids[#ids + 1] = id
end
return ids

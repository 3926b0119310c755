-- One item of a settle: four texts of ARGV, written by codec/settle-item.ts.
--
--   done:  d<outcome>   token|key   delta JSON, or @partition|offset   firedAt, or else endedAt|<tail>|lastError
--   retry: r            token|key   meta JSON, or ""                   retryAt|<tail>|
--   hold:  h            token|key   ""                                 expiresAt, or "" for never|<tail>|topic
--
--   <outcome>: s succeeded, d dead, e expired, k skipped, c cancelled
--   <tail>:    h|nominal:effective,…   further occurrences of the plan
--              f|nominal               the next occurrence is long-term
--              e|                      there is no next occurrence
--              |                       no change: the plan has further occurrences, or the schedule is one-time
local ITEM_TEXTS = 4

local function is_done(from)
  return string.byte(ARGV[from]) == 100 -- "d"
end

local function item_body(from)
  return ARGV[from + 2]
end

local function read_item(from)
  local kind = string.sub(ARGV[from], 1, 1)
  local at, tail, tail_data, text = string.match(ARGV[from + 3], "^(%-?%d*)|(%a?)|([^|]*)|(.*)$")
  local item = { kind = kind, tail = tail, tail_data = tail_data }
  if kind == "d" then
    item.outcome, item.last_at, item.last_error = string.sub(ARGV[from], 2), at, text
  elseif kind == "r" then
    item.retry_at = tonumber(at)
  else
    item.expires_at, item.topic = tonumber(at), text
  end
  return item
end

-- A fence is revision|version|state|completed|next|count|errors|last, state l live or d deleted: the newest that is
-- known of a schedule outside of P{n}:sched. completed to errors let a run beside the plan be counted while the
-- schedule is away; last is the newest occurrence of a recurring one that was claimed, so that it is not planned again
-- on its return. It may go only after ClickHouse has that revision, so a new one leaves P{n}:fence:exp.
local function read_fence(text)
  if not text then return nil end
  local revision, version, state, completed, next_at, count, errors, last =
    string.match(text, "^(%d+)|(%d+)|(%a)|(%d)|(%-?%d*)|(%d*)|(%d*)|(%-?%d*)$")
  if not revision then return nil end
  return {
    revision = tonumber(revision), version = tonumber(version), state = state,
    completed = completed, next_at = next_at, count = tonumber(count) or 0, errors = tonumber(errors) or 0, last = last,
  }
end

-- `h` is the header of the row that leaves. Answers the fence as it would be read.
local function set_fence(id, h, state, completed, next_at)
  local last = has_flag(h.flags, "r") and h.nominal or ""
  redis.call("HSET", K.fence, id, table.concat({
    int(h.revision), int(h.version), state, completed, next_at, count_text(h.count), count_text(h.errors), last,
  }, "|"))
  redis.call("ZREM", K.fenceExp, id)
  return {
    revision = h.revision, version = h.version, state = state,
    completed = completed, next_at = next_at, count = h.count, errors = h.errors, last = last,
  }
end

-- The row is hot again: from here on its record is what edits and promotions are checked against.
local function clear_fence(id)
  redis.call("HDEL", K.fence, id)
  redis.call("ZREM", K.fenceExp, id)
end

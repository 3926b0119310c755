-- A fence is revision|version|state|completed|next|count|errors|last: the newest state of a schedule that is not in
-- P{n}:sched. state: l live, d deleted. completed to errors: used to count an occurrence beside the plan while the
-- schedule is long-term. last: the newest claimed occurrence of a recurring schedule, which a promotion must not plan
-- again. A fence must exist until ClickHouse has its revision, so `set_fence` removes its expiry.
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

-- `header`: of the schedule's newest record. Returns the fence in the form that `read_fence` returns.
local function set_fence(id, header, state, completed, next_at)
  local last = has_flag(header.flags, "r") and header.nominal or ""
  redis.call("HSET", K.fence, id, table.concat({
    int(header.revision), int(header.version), state, completed, next_at,
    count_text(header.count), count_text(header.errors), last,
  }, "|"))
  redis.call("ZREM", K.fenceExp, id)
  return {
    revision = header.revision, version = header.version, state = state,
    completed = completed, next_at = next_at, count = header.count, errors = header.errors, last = last,
  }
end

-- Whether a claim cancels an instance, because its schedule was deleted. `exempt`: see instance.lua.
local function is_cancelled(fence, exempt)
  return fence and fence.state == "d" and exempt == ""
end

-- Removes the fence of a schedule whose record is in P{n}:sched again.
local function clear_fence(id)
  redis.call("HDEL", K.fence, id)
  redis.call("ZREM", K.fenceExp, id)
end

-- The pause of all firing (docs/adr/0017). `ends` is the value of P{n}:paused: the end of the pause in epoch ms, or "0"
-- if the pause has no planned end. Returns `ends` while the pause is in force, otherwise "". A value in the past has no
-- effect, so it need not be deleted in time.
local function pause_of(ends)
  if not ends or (ends ~= "0" and tonumber(ends) <= now) then return "" end
  return ends
end

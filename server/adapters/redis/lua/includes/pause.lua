-- The pause of all firing (docs/adr/0017): P{n}:paused exists during a pause. Its value is the end of the pause in
-- epoch ms, or "0" if the pause has no planned end. Returns the value while the pause is in force, otherwise "". After
-- the end the value has no effect, so no process must delete it in time.
local function pause_of(ends)
  if not ends or (ends ~= "0" and tonumber(ends) <= now) then return "" end
  return ends
end

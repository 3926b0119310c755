-- Formats epoch ms, passed as a decimal string, as ISO 8601 UTC. The algorithm is days-to-civil of H. Hinnant,
-- "chrono-compatible low-level date algorithms". Years begin in March, and each era of 400 years has the same length.
local iso_times = {}

local function iso(digits)
  local known = iso_times[digits]
  if known then return known end
  local ms = tonumber(digits)
  local days = math.floor(ms / 86400000)
  local second = math.floor(ms / 1000) - days * 86400
  local since_march_0000 = days + 719468
  local era = math.floor(since_march_0000 / 146097)
  local day_of_era = since_march_0000 - era * 146097
  local year_of_era = math.floor(
    (day_of_era - math.floor(day_of_era / 1460) + math.floor(day_of_era / 36524) - math.floor(day_of_era / 146096)) / 365
  )
  local day_of_year = day_of_era - (365 * year_of_era + math.floor(year_of_era / 4) - math.floor(year_of_era / 100))
  local month_from_march = math.floor((5 * day_of_year + 2) / 153)
  local day = day_of_year - math.floor((153 * month_from_march + 2) / 5) + 1
  local month = month_from_march < 10 and month_from_march + 3 or month_from_march - 9
  local year = year_of_era + era * 400 + (month <= 2 and 1 or 0)
  local text = string.format("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month, day,
    math.floor(second / 3600), math.floor(second / 60) % 60, second % 60, ms % 1000)
  iso_times[digits] = text
  return text
end

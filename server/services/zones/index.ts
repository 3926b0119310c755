export { applyZones } from "./apply";
export { getTimeZones, TimeZonesInput } from "./report";

import { openBundled } from "~/server/adapters/tz/bundled";
import { loadZones } from "~/server/domain/recurrence";

// Every test uses the bundled zones, not those of the machine.
loadZones(openBundled());

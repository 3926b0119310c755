import { openBundled } from "~/server/adapters/tz/bundled";
import { loadZones } from "~/server/domain/recurrence";

// Every test uses the pinned package, independent of the machine's tzdata.
loadZones(openBundled());

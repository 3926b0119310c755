import { openBundled } from "~/server/adapters/tz/bundled";
import { loadZones } from "~/server/domain/recurrence";

// Every test computes with the pinned package, whatever tzdata the machine has.
loadZones(openBundled());

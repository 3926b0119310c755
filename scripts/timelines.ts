/*
 * npm run timelines: draws the pictures of docs/guide/time-zones.md. Run it after a change of scripts/timelines or of
 * the recurrence rules.
 */
import { writeFileSync } from "node:fs";
import { openBundled } from "../server/adapters/tz/bundled";
import { loadZones } from "../server/domain/recurrence";
import { timelines } from "./timelines/timelines";

loadZones(openBundled());
for (const [name, svg] of Object.entries(timelines())) {
  writeFileSync(new URL(`../docs/guide/images/${name}`, import.meta.url), svg);
}

import type { Guide } from "~/components/docs/guide";
import asCode from "~/docs/guide/as-code.md";
import concepts from "~/docs/guide/concepts.md";
import delivery from "~/docs/guide/delivery.md";
import firstSchedule from "~/docs/guide/first-schedule.md";
import mcp from "~/docs/guide/mcp.md";
import messages from "~/docs/guide/messages.md";
import migration from "~/docs/guide/migration.md";
import overview from "~/docs/guide/README.md";
import retries from "~/docs/guide/retries.md";
import testing from "~/docs/guide/testing.md";
import timeZones from "~/docs/guide/time-zones.md";

/** The guides by the last part of their address, in the order of the navigation. */
export const GUIDES: ReadonlyMap<string, Guide> = new Map([
  ["first-schedule", firstSchedule],
  ["concepts", concepts],
  ["time-zones", timeZones],
  ["retries", retries],
  ["delivery", delivery],
  ["messages", messages],
  ["as-code", asCode],
  ["mcp", mcp],
  ["testing", testing],
  ["migration", migration],
]);

/** The page at `/docs`. */
export const OVERVIEW: Guide = overview;

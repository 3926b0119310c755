import type { SchedulesClient } from "@stufio/schedules-client";
import { CliError, EXIT } from "./exit.js";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Returns the id of a schedule that is given by its id or its name. Does not check whether an id exists.
 * @throws CliError `notFound` for a name that no schedule has
 */
export async function findScheduleId(
  client: SchedulesClient,
  text: string,
  call: { signal: AbortSignal },
): Promise<string> {
  if (UUID.test(text)) return text.toLowerCase();
  for await (const { schedule_id, name } of client.schedules.list({ q: text, limit: 1000 }, call)) {
    if (name === text) return schedule_id;
  }
  throw new CliError(`There is no schedule with the name "${text}"`, { exitCode: EXIT.notFound });
}

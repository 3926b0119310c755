import { cookies } from "next/headers";
import { type Preferences, parsePreferences } from "./preferences";

/** The preferences of the request. Server components only. */
export async function readPreferences(): Promise<Preferences> {
  const jar = await cookies();
  return parsePreferences((name) => jar.get(name)?.value);
}

import { cookies } from "next/headers";
import { type Preferences, parsePreferences } from "./preferences";

/** The preferences in the cookies of the request. For server components only. */
export async function readPreferences(): Promise<Preferences> {
  const jar = await cookies();
  return parsePreferences((name) => jar.get(name)?.value);
}

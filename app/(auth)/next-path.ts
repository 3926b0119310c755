import { headers } from "next/headers";
import { PATH_HEADER } from "~/proxy";
import { safeNextPath } from "~/server/domain/next-path";

/** The path of the parameter `next`, for layouts, to which Next.js passes no search parameters. */
export async function nextPath(): Promise<string> {
  const path = (await headers()).get(PATH_HEADER) ?? "/";
  return safeNextPath(new URLSearchParams(path.replace(/^[^?]*/, "")).get("next"));
}

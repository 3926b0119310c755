import type { HotTier } from "~/server/ports/hot/hot-tier";

/** Gives an empty Redis its epoch, so that no worker rebuilds it. */
export async function markFilled(hot: HotTier, token = "filled"): Promise<void> {
  await hot.beginRebuild(token);
  if (!(await hot.endRebuild(token))) throw new Error("Redis was wiped while it was marked as filled.");
}

import { z } from "zod";
import { LISTS, MAX_QUERY } from "~/server/domain/saved-view";
import { Line, Name } from "~/server/domain/text";

export const ListViewsInput = z.strictObject({ list: z.enum(LISTS) });
export type ListViewsInput = z.infer<typeof ListViewsInput>;

/** A shared view replaces the shared view with the same list and name, and a private view the caller's private view. */
export const SaveViewInput = ListViewsInput.extend({
  name: Name(80),
  /** The query of the page's URL. */
  query: Line(MAX_QUERY),
  /** Whether everyone sees the view. A shared view requires the right `schedules:edit`. */
  shared: z.boolean(),
});
export type SaveViewInput = z.infer<typeof SaveViewInput>;

export const DeleteViewInput = z.strictObject({ viewId: Line(200) });
export type DeleteViewInput = z.infer<typeof DeleteViewInput>;

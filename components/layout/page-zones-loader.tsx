"use client";

import { setPageZones } from "~/components/ui/page-zones";

/**
 * Passes the server's time zone rules to the components after it. As a property they are in the HTML once; the text of
 * an element would be in it twice, as element and as data of React.
 */
export function PageZonesLoader({ json }: { json: string }) {
  // While rendering, because the components after it show times in their first render.
  setPageZones(json);
  return null;
}

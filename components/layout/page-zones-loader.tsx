"use client";

import { setPageZones } from "~/components/ui/page-zones";

/**
 * Passes the server's time zone rules to the components after it. As a property, they are in the HTML once; as the text
 * of an element, they would be in it twice: in the element and in React's data.
 */
export function PageZonesLoader({ json }: { json: string }) {
  // Set while rendering, because the components after it show times in their first render.
  setPageZones(json);
  return null;
}

"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import type { AuditRow } from "./audit-row";

// Loaded on first use, to keep it out of the page's bundle.
const EntrySheet = dynamic(() => import("./entry-sheet").then((module) => module.EntrySheet));

export function OpenEntry({ entry, onClose }: { entry: AuditRow | null; onClose: () => void }) {
  const [wasOpened, setWasOpened] = useState(entry !== null);
  if (entry !== null && !wasOpened) setWasOpened(true);
  // Stays mounted, so that the sheet closes with its animation.
  return wasOpened ? <EntrySheet entry={entry} onClose={onClose} /> : null;
}

"use client";

import { useState } from "react";

/** One key as long as the dialog or form is open: a second press, or a save that is sent again, does the work once. */
export function useIdempotencyKey(): string {
  return useState(newKey)[0];
}

/** `randomUUID` is missing on pages that are not served over TLS or from this machine. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The key of one request: a changed form is another request, also while it stays open. FNV-1a, 32 bit. */
export function requestKey(key: string, request: unknown): string {
  let hash = 0x811c9dc5;
  for (const char of JSON.stringify(request)) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return `${key}:${(hash >>> 0).toString(36)}`;
}

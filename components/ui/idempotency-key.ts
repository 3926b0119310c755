"use client";

import { useState } from "react";

/** One key while the dialog or form is open, so that a second press or a repeated request has no second effect. */
export function useIdempotencyKey(): string {
  return useState(newKey)[0];
}

/** `randomUUID` is only available over TLS or on localhost. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The key of one request: it changes with the form values. FNV-1a, 32 bit. */
export function requestKey(key: string, request: unknown): string {
  let hash = 0x811c9dc5;
  for (const char of JSON.stringify(request)) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return `${key}:${(hash >>> 0).toString(36)}`;
}

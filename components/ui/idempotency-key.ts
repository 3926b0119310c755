"use client";

import { useState } from "react";

/** One key while the dialog or form is open, so that a second press or a repeated request has no second effect. */
export function useIdempotencyKey(): string {
  return useState(newKey)[0];
}

/** Not `randomUUID`, which is only available over TLS or on localhost. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The parameters of FNV-1a with 32 bits. */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * The key of one request: `key` with a hash of the request, because the server refuses a key that was used for another
 * request.
 */
export function requestKey(key: string, request: unknown): string {
  let hash = FNV_OFFSET;
  for (const char of JSON.stringify(request)) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), FNV_PRIME);
  return `${key}:${(hash >>> 0).toString(36)}`;
}

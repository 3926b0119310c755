"use client";

import { useSyncExternalStore } from "react";

/** Passkeys belong to a host name, so browsers refuse them for an address of numbers. */
const NUMERIC_HOST = /^[\d.]+$|^\[/;

const subscribe = () => () => {};
const isUsable = () => "PublicKeyCredential" in window && !NUMERIC_HOST.test(window.location.hostname);

/** Whether this browser supports passkeys for this address: only over HTTPS or on localhost, by a host name. */
export function usePasskeySupport(): boolean {
  return useSyncExternalStore(subscribe, isUsable, () => false);
}

/** Why the browser created or chose no passkey. */
export function passkeyFault(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  if (name === "InvalidStateError") return "This device has a passkey of your account already.";
  if (name === "NotAllowedError") return "No passkey was used: the request was cancelled, or took too long.";
  return "The browser cannot use a passkey for this address.";
}

"use client";

import { useSyncExternalStore } from "react";

/** Passkeys belong to a host name, so browsers refuse them for IP addresses. */
const IP_ADDRESS = /^[\d.]+$|^\[/;

const subscribe = () => () => {};
const isUsable = () => "PublicKeyCredential" in window && !IP_ADDRESS.test(window.location.hostname);

/** Whether this browser supports passkeys on this page: only over HTTPS or on localhost, and by a host name. */
export function usePasskeySupport(): boolean {
  return useSyncExternalStore(subscribe, isUsable, () => false);
}

/** Why a passkey was not created or chosen. */
export function passkeyFault(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  if (name === "InvalidStateError") return "This device already has a passkey of your account.";
  if (name === "NotAllowedError") return "No passkey was used: the request was cancelled, or took too long.";
  if (name === "SecurityError") return "The browser cannot use a passkey for this address.";
  return "The passkey could not be used. Check the connection and try again.";
}

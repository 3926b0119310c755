import type { Deps } from "~/server/services/ctx";
import { newSecret, sha256 } from "./secrets";

/**
 * Identifies a browser in which users have signed in before. The cookie grants no access. It exempts the browser from
 * the waits that failed sign-ins from other browsers cause.
 */
export const DEVICE_COOKIE = "stufio_device";
/** A browser is forgotten this long after the last sign-in with it, ms. */
export const DEVICE_MS = 180 * 86_400_000;

/** Whether this user has signed in with this browser before. */
export async function isKnownDevice(
  deps: Pick<Deps, "devices">,
  input: { device: string; userId: string },
): Promise<boolean> {
  return deps.devices.isKnownOf(sha256(input.device), input.userId);
}

/**
 * Records that this user has signed in with this browser. Returns the value of the device cookie, which is a new value
 * unless this installation issued the current one.
 */
export async function rememberDevice(
  deps: Pick<Deps, "devices">,
  input: { device: string | null; userId: string },
): Promise<string> {
  const isIssued = input.device !== null && (await deps.devices.isKnown(sha256(input.device)));
  const device = isIssued ? (input.device as string) : newSecret();
  await deps.devices.remember(sha256(device), input.userId, DEVICE_MS);
  return device;
}

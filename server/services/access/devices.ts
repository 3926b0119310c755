import type { Deps } from "~/server/services/ctx";
import { newSecret, sha256 } from "./secrets";

/**
 * By it a browser is known that somebody has signed in with before. It opens nothing: it only spares it the waits that
 * strangers cause.
 */
export const DEVICE_COOKIE = "stufio_device";
/** A browser is forgotten this long after its last sign-in. */
export const DEVICE_MS = 180 * 86_400_000;

/** Whether this user has signed in with this browser before. */
export async function isKnownDevice(
  deps: Pick<Deps, "devices">,
  input: { device: string; userId: string },
): Promise<boolean> {
  return deps.devices.isKnownOf(sha256(input.device), input.userId);
}

/**
 * Notes that this user has signed in with this browser. Answers the value for its cookie: a new one, unless the old one
 * is ours.
 */
export async function rememberDevice(
  deps: Pick<Deps, "devices">,
  input: { device: string | null; userId: string },
): Promise<string> {
  const isOurs = input.device !== null && (await deps.devices.isKnown(sha256(input.device)));
  const device = isOurs ? (input.device as string) : newSecret();
  await deps.devices.remember(sha256(device), input.userId, DEVICE_MS);
  return device;
}

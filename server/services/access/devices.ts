import type { Deps } from "~/server/services/ctx";
import { accessKeys } from "./keys";
import { newSecret, sha256 } from "./secrets";

/**
 * By it a browser is known that somebody has signed in with before. It opens nothing: it only spares it the waits that
 * strangers cause.
 */
export const DEVICE_COOKIE = "stufio_device";
/** A browser is forgotten this long after its last sign-in. */
export const DEVICE_MS = 180 * 86_400_000;

type DeviceDeps = Pick<Deps, "redis" | "facts">;

/** Whether this user has signed in with this browser before. */
export async function isKnownDevice(deps: DeviceDeps, input: { device: string; userId: string }): Promise<boolean> {
  const key = accessKeys(deps.facts.prefix).device(sha256(input.device));
  return (await deps.redis.sismember(key, input.userId)) === 1;
}

/**
 * Notes that this user has signed in with this browser. Answers the value for its cookie: a new one, unless the old one
 * is ours.
 */
export async function rememberDevice(
  deps: DeviceDeps,
  input: { device: string | null; userId: string },
): Promise<string> {
  const { device: keyOf } = accessKeys(deps.facts.prefix);
  const isOurs = input.device !== null && (await deps.redis.exists(keyOf(sha256(input.device)))) === 1;
  const device = isOurs ? (input.device as string) : newSecret();
  const key = keyOf(sha256(device));
  await deps.redis.multi().sadd(key, input.userId).pexpire(key, DEVICE_MS).exec();
  return device;
}

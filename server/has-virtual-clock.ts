/**
 * Whether this installation was started with `--virtual-clock`, for tests. Not by `env()`, which requires stores: the
 * OpenAPI document needs none.
 */
export const hasVirtualClock = (): boolean => process.env.VIRTUAL_CLOCK === "true";

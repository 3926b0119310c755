/**
 * Whether this installation was started with `--virtual-clock`, for tests. Does not call `env()`, which requires the
 * URLs of the stores, because the OpenAPI document is also made without stores.
 */
export const hasVirtualClock = (): boolean => process.env.VIRTUAL_CLOCK === "true";

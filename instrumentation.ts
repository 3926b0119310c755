/** Called by Next once, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const [{ env }, { watchArrivals }, { guardServers }] = await Promise.all([
    import("~/server/env"),
    import("~/server/rest/arrival"),
    import("~/server/rest/front"),
  ]);
  // First, so that what the guard refuses has the headers too.
  watchArrivals({ trusted: env().TRUSTED_PROXIES ?? [], isDevelopment: process.env.NODE_ENV === "development" });
  guardServers();
}

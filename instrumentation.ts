/** Next calls this function once in each runtime, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const [{ env }, { watchArrivals }, { guardServers }, { answerLongHeads }, { createRequestRate }] = await Promise.all([
    import("~/server/env"),
    import("~/server/rest/arrival"),
    import("~/server/rest/front"),
    import("~/server/rest/long-head"),
    import("~/server/rest/request-rate"),
  ]);
  // Before the guard, so that responses of the guard also have security headers.
  watchArrivals({
    trusted: env().TRUSTED_PROXIES ?? [],
    isDevelopment: process.env.NODE_ENV === "development",
    hstsSubdomains: env().HSTS_SUBDOMAINS,
  });
  answerLongHeads();
  const { RATE_LIMIT_PER_KEY: perKey, RATE_LIMIT_PER_ADDRESS: perAddress } = env();
  guardServers({ rate: createRequestRate({ perKey, perAddress }) });
}

/** @type {import("next").NextConfig} */
export default {
  // For the image (Dockerfile): the server with the packages that it uses, instead of all. `next start` needs none of
  // it.
  output: process.env.NEXT_OUTPUT === "standalone" ? "standalone" : undefined,
  // No page has an image that would be resized, so its library is dead weight.
  images: { unoptimized: true },
  outputFileTracingExcludes: {
    "/*": ["node_modules/sharp/**", "node_modules/@img/**", "node_modules/@chdb/**", "node_modules/chdb/**"],
  },
  reactStrictMode: true,
  poweredByHeader: false,
  // Native or stateful on the server; bundling them would break their binaries or load them twice.
  serverExternalPackages: [
    "ioredis",
    "kafkajs",
    "lz4-napi",
    "snappy",
    "@bokuweb/zstd-wasm",
    "@clickhouse/client",
    "@node-rs/argon2",
    "pino",
    "prom-client",
  ],
  typescript: { ignoreBuildErrors: false },
};

/** @type {import("next").NextConfig} */
export default {
  reactStrictMode: true,
  poweredByHeader: false,
  // Native or stateful on the server; bundling them would break their binaries or load them twice.
  serverExternalPackages: [
    "ioredis",
    "kafkajs",
    "lz4-napi",
    "@clickhouse/client",
    "@node-rs/argon2",
    "pino",
    "prom-client",
  ],
  typescript: { ignoreBuildErrors: false },
};

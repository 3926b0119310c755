import { writeFileSync } from "node:fs";
import { Socket } from "node:net";

/*
 * Loaded into a worker: counts its writes to Redis. A pipeline is one write, so each write is one round trip. On
 * SIGUSR2 the worker writes the count to a file.
 */
const port = Number(new URL(process.env.REDIS_URL).port);
const write = Socket.prototype.write;
let trips = 0;
Socket.prototype.write = function counted(...args) {
  if (this.remotePort === port) trips += 1;
  return write.apply(this, args);
};
process.on("SIGUSR2", () => writeFileSync(process.env.BENCH_TRIPS_FILE, String(trips)));

export type { Redis } from "ioredis";

/** The last heartbeat of each worker, as JSON. */
export interface WorkerRegistry {
  put(workerId: string, heartbeat: string): Promise<void>;
  remove(workerId: string): Promise<void>;
  all(): Promise<[workerId: string, heartbeat: string][]>;
}

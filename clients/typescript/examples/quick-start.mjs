import { createSchedulesClient } from "@stufio/schedules-client";

const client = createSchedulesClient({ url: process.env.SCHEDULES_URL, apiKey: process.env.SCHEDULES_API_KEY });

const event = { topic: "user.notifications", entityType: "user", action: "send_reminder", payload: { user_id: 123 } };
const id = await client.scheduleEvent({ ...event, scheduledAt: new Date(Date.now() + 30 * 60_000) });
console.log("scheduled", id);

for await (const schedule of client.schedules.list({ topic: "user.notifications" })) {
  console.log("listed", schedule.schedule_id, schedule.next_execution);
}

const { executionId } = await client.schedules.runNow(id);
const execution = await client.waitForExecution(executionId);
console.log("ran", execution.status, "attempts", execution.attempts.length);

console.log("cancelled", await client.cancelEvent(id), await client.cancelEvent(id));

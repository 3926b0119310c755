import { testClock } from "~/server/rest/routes/test-clock";

export const { GET, POST, PUT, PATCH, DELETE } = testClock;

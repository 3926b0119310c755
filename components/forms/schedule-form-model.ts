import type { z } from "zod";
import type { ScheduleForm } from "./schedule-form-schema";

export type ScheduleFormValues = z.infer<typeof ScheduleForm>;

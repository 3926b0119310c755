export const SOURCE_LABELS = {
  kafka_delayed: "Delayed topic",
  api_request: "API",
  admin: "Dashboard",
  code: "Code",
  system: "System",
} as const;

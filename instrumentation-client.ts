import { config } from "zod/v4/core";

// Runs before any page. Zod would try whether it may evaluate code; the content security policy forbids that, and browsers report the try.
config({ jitless: true });

import { mcp } from "~/server/mcp/handler";

export const { GET, POST, PUT, PATCH, DELETE } = mcp;

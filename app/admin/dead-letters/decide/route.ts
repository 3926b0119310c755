import { deadLettersDecide } from "~/server/rest/routes/dead-letters";

export const { GET, POST, PUT, PATCH, DELETE } = deadLettersDecide;

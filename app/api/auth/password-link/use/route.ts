import { usePasswordLinkRoute } from "~/server/rest/routes/auth";

export const { GET, POST, PUT, PATCH, DELETE } = usePasswordLinkRoute;

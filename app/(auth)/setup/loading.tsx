import { AuthLoading } from "~/components/access/auth-loading";

export default function Loading() {
  return <AuthLoading title="Create the first account" />;
}

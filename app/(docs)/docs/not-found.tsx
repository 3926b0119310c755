import { PageNotFound } from "../../page-not-found";

export default function NotFound() {
  return <PageNotFound />;
}

// A session with the client that openapi-typescript makes of the OpenAPI document.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type Task = components["schemas"]["TaskDocument"];

const baseUrl = process.argv[2];
if (baseUrl === undefined) throw new Error("no URL");
const client = createClient<paths>({ baseUrl });

const made = await client.POST("/tasks/", {
  params: { header: { "Idempotency-Key": '"typescript"' } },
  body: { title: "Buy milk", due: { localDateTime: "2026-12-01T09:00:00", timeZone: "Europe/Berlin" }, tags: ["home"] },
});
const task: Task | undefined = made.data;
if (task === undefined) throw new Error(made.error?.detail);

const page = await client.GET("/tasks/", { params: { query: { filter: "is_open", q: "milk", limit: 10 } } });
if (page.data?.[0]?.title !== "Buy milk") throw new Error(JSON.stringify(page));

const stale = await client.PATCH("/tasks/{task_id}", {
  params: { path: { task_id: task.id }, header: { "If-Match": '"999"' } },
  body: { priority: 1 },
});
if (stale.error?.code !== "precondition_failed") throw new Error(JSON.stringify(stale));

const done = await client.POST("/tasks/{task_id}/complete", { params: { path: { task_id: task.id } } });
console.log(done.data?.progress, done.data?.is_completed);

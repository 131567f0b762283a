// A database in this process, which says its port and ends when its input does.
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

const database = await PGlite.create({ extensions: { vector } });
await database.exec("CREATE EXTENSION vector");
const server = new PGLiteSocketServer({ db: database, host: "127.0.0.1", port: 0 });
server.addEventListener("listening", (event) => console.log(`port ${event.detail.port}`));
await server.start();
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));

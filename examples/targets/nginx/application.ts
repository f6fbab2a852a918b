/** An application that knows nothing of tokens: it believes the header of the proxy in front of it. */
import { createServer } from "node:http";

const { SOCKET: socket = "application.sock" } = process.env;

const server = createServer(({ headers }, response) => {
  const body = { ledger: [120, -30], caller: headers["x-identity"], sees: Object.keys(headers) };
  response.writeHead(200, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
});
server.listen(socket, () => console.log(`listening on ${socket}`));

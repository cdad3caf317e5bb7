"use strict";
// The echo server of the tests, over npm's `ws`. Prints its port; ends with its standard input.
const { WebSocketServer } = require("ws");

const closes = [];
const counts = { links: 0, messages: 0 };
const server = new WebSocketServer({
  host: "127.0.0.1",
  port: 0,
  perMessageDeflate: true,
  verifyClient: (info) => info.req.url !== "/refuse",
  handleProtocols: (offered) => {
    for (const name of offered) if (name === "chat" || name === "superchat") return name;
    return false;
  },
});

server.on("headers", (headers) => headers.push("X-Stranger: ws"));
server.on("listening", () => console.log(server.address().port));
server.on("connection", (socket, request) => {
  counts.links++;
  socket.on("error", () => {});
  socket.on("close", (code, reason) => {
    if (code !== 1006) closes.push([code, reason.toString()]);
  });
  socket.on("message", (data, binary) => {
    const text = binary ? "" : data.toString();
    if (!text.startsWith("!")) {
      counts.messages++;
      return socket.send(data, { binary });
    }
    const [command, ...rest] = text.slice(1).split(" ");
    if (command === "close") {
      if (rest.length) socket.close(Number(rest[0]), rest.slice(1).join(" "));
      else socket.close();
    } else if (command === "headers") socket.send(JSON.stringify(request.headers));
    else if (command === "counts") socket.send(JSON.stringify(counts));
    else if (command === "closes") socket.send(JSON.stringify(closes));
    else if (command === "burst") for (let i = 0; i < Number(rest[0]); i++) socket.send(String(i));
    else if (command === "drop") socket.terminate();
  });
});

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));

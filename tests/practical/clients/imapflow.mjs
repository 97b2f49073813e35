// A round by imapflow: list, make, append, fetch, flags, search, move, IDLE, delete. Says "done" at its end.
// Arguments: port, user, password, "compress" or "plain".
import { ImapFlow } from "imapflow";
import assert from "node:assert/strict";

const [port, user, pass, layer] = process.argv.slice(2);
const settings = {
    host: "127.0.0.1", port: Number(port), secure: false, doSTARTTLS: false, auth: { user, pass }, logger: false,
    disableCompression: layer === "plain",
};
const client = new ImapFlow(settings);
await client.connect();
assert.ok((await client.list()).some((box) => box.path === "INBOX"));
await client.mailboxCreate("Été");
await client.mailboxCreate("Été/rangé");
const text = "From: bob@mondomaine.fr\r\nSubject: par imapflow\r\n\r\n" + "Une ligne assez longue.\r\n".repeat(2000);
for (const number of [1, 2, 3]) {
    await client.append("Été", text + number + "\r\n", ["\\Seen"]);
}
const lock = await client.getMailboxLock("Été");
assert.equal(client.mailbox.exists, 3);
assert.deepEqual(await client.search({ subject: "imapflow" }), [1, 2, 3]);
const message = await client.fetchOne("2", { source: true, envelope: true, bodyStructure: true, flags: true });
assert.equal(message.source.toString(), text + "2\r\n");
assert.equal(message.envelope.subject, "par imapflow");
assert.ok(message.flags.has("\\Seen"));
await client.messageFlagsAdd("1", ["\\Flagged", "$label1"]);
assert.deepEqual(await client.search({ flagged: true, keyword: "$label1" }), [1]);
await client.messageMove("3", "Été/rangé");
assert.equal((await client.status("Été/rangé", { messages: true })).messages, 1);
const told = new Promise((resolve) => client.once("exists", resolve));
const idling = client.idle();
const other = new ImapFlow(settings);
await other.connect();
await other.append("Été", text, []);
assert.equal((await told).count, 3);
await client.noop();
await idling;
lock.release();
await client.mailboxDelete("Été/rangé");
await client.mailboxClose();
await client.mailboxDelete("Été");
await other.logout();
await client.logout();
console.log("done");

// Actions of an operator: warm, purge, drain. Actions that cannot be undone need a confirmation.

import { ask, hasKey, reasonOf, whenKeyChanges } from "./key.js";
import { $, bytes, element, number, plural, setText, showKept } from "./parts.js";

const Patience = 30000; // ms; a draining member may have to wait for etcd
const ShownWarms = 6;

let show;

function say(text, isBad = false) {
  $("act-text").className = isBad ? "sentence bad" : "sentence";
  setText($("act-text"), text);
}

/** Returns the response, or shows the reason and returns null if there is none. */
async function act(method, path) {
  try {
    const response = await ask(path, { method, timeout: Patience });
    if (response.ok) return await response.json();
    say(await reasonOf(response) || `The response has status ${response.status}.`, true);
  } catch {
    say("No response. Check that the process is running.", true);
  }
  return null;
}

function confirmed(title, text, verb) {
  const dialog = $("confirm-dialog");
  $("confirm-title").textContent = title;
  $("confirm-text").textContent = text;
  $("confirm-yes").textContent = verb;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

/* Warm */

async function warm() {
  const path = $("path").value.trim();
  const range = $("warm-range").value.trim().replace(/^bytes=/, "");
  const job = await act("POST", `warm?path=${encodeURIComponent(path)}${range ? `&range=${encodeURIComponent(`bytes=${range}`)}` : ""}`);
  if (job) {
    show(job.path);
    say(`Warming ${job.path}${job.range ? ` (${job.range})` : ""}.`);
    await showWarms();
  }
}

function warmRow() {
  const cancel = element("button", "", "Cancel");
  cancel.type = "button";
  const progress = element("progress", "");
  const row = element("li", "warm", element("span", "name"), progress, element("span", "far"), cancel);
  cancel.addEventListener("click", async () => { await act("DELETE", `warm/${row.dataset.key}`); await showWarms(); });
  return row;
}

function updateWarm(row, job) {
  const [name, progress, far, cancel] = row.children;
  const ending = { running: "", done: "done", failed: `failed: ${job.reason}`, cancelled: "cancelled" }[job.state];
  row.className = `warm ${job.state}`;
  setText(name, `${job.path}${job.range ? ` ${job.range}` : ""}`);
  progress.max = Math.max(1, job.chunks);
  progress.value = job.state === "done" ? progress.max : job.chunksDone;
  progress.setAttribute("aria-label", `Warming ${name.textContent}`);
  setText(far, [job.chunks ? `${number(job.chunksDone)} of ${plural(job.chunks, "chunk", "chunks")}, ${bytes(job.bytesDone)} of ${bytes(job.bytes)}` : "", ending].filter(Boolean).join(" · "));
  cancel.hidden = job.state !== "running";
  cancel.disabled = !hasKey();
}

export async function showWarms() {
  const response = await ask("warm");
  if (!response.ok) return;
  const jobs = (await response.json()).slice(0, ShownWarms);
  showKept($("warms"), jobs, job => job.id, warmRow, updateWarm);
}

/* Purge */

async function purge() {
  const path = $("path").value.trim();
  if (!path || !await confirmed("Purge", `${path} is removed from every member, in memory and on disk. The next viewers wait for the origin.`, "Purge")) return;
  const answer = await act("POST", `purge?path=${encodeURIComponent(path)}`);
  if (!answer) return;
  const done = answer.members.filter(member => !member.error);
  const away = answer.members.filter(member => member.error).map(member => member.member);
  const sum = figure => done.reduce((total, member) => total + (member[figure] ?? 0), 0);
  say(`Purged ${answer.path}: ${plural(sum("chunks"), "chunk", "chunks")}, ${bytes(sum("bytes"))} of memory and disk, at ${plural(done.length, "member", "members")}.`
    + (answer.complete ? "" : ` Away: ${away.join(", ") || "a member"}. It purges the object before it serves it again.`), !answer.complete);
}

/* Drain */

/** Returns the button of a member's card; updateDrain updates it. */
export function drainButton() {
  const button = element("button", "");
  button.type = "button";
  button.addEventListener("click", () => drain(button.dataset.member, button.dataset.order));
  return button;
}

export function updateDrain(button, member) {
  const isOut = member.state === "drained" || member.state === "draining";
  button.hidden = !member.canDrain;
  button.disabled = !hasKey();
  button.dataset.member = member.id;
  button.dataset.order = isOut ? "DELETE" : "POST";
  setText(button, isOut ? "Rejoin" : "Drain…");
  button.setAttribute("aria-label", isOut ? `Let ${member.name || member.id} rejoin` : `Drain ${member.name || member.id}`);
}

async function drain(member, order) {
  if (order === "POST" && !await confirmed("Drain", `${member} gives up its chunks to the other members and hands over its hottest ones. It keeps serving until it stops or rejoins.`, "Drain")) return;
  const answer = await act(order, `drain?member=${encodeURIComponent(member)}`);
  if (answer) {
    say({ draining: `${member} no longer owns chunks and is handing over its hottest ones.`, drained: `${member} no longer owns chunks.`, member: `${member} is a member again.` }[answer.state]
      + (answer.told ? "" : " The other members are notified when etcd responds."));
  }
}

/** Connects the buttons. Call it once, after the page has loaded, with the function that shows an object's map. */
export function wire(showMap) {
  show = showMap;
  $("warm").addEventListener("click", warm);
  $("purge").addEventListener("click", purge);
  $("confirm-no").addEventListener("click", () => $("confirm-dialog").close(""));
  $("confirm-yes").addEventListener("click", () => $("confirm-dialog").close("yes"));
  whenKeyChanges(() => {
    for (const id of ["warm", "purge", "warm-range"]) $(id).disabled = !hasKey();
    for (const button of document.querySelectorAll("#members button, #warms button")) button.disabled = !hasKey();
    $("acts-hint").hidden = hasKey();
  });
}

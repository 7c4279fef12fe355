// The admin key: entered once, stored for the session of this tab, sent in a header and never in a URL.

import { $ } from "./parts.js";

const Stored = "chunkproxy.admin-key";
const Timeout = 5000; // ms

const listeners = [];
let key = sessionStorage.getItem(Stored);
let wait = null; // { given, isGiven }: while a request waits for a key

export const hasKey = () => key !== null;

/** Calls the listener now and whenever the key is set or removed. */
export function whenKeyChanges(listener) {
  listeners.push(listener);
  listener();
}

/** Fetches a path below the reserved prefix, with the key if there is one. After a 401, waits for a key and retries. init: method, timeout (ms). */
export async function ask(path, init = {}) {
  while (true) {
    const used = key;
    const response = await fetch(path, { method: init.method ?? "GET", headers: headersWith(used), signal: AbortSignal.timeout(init.timeout ?? Timeout) });
    if (response.status !== 401) return response;
    if (used === key) {
      set(null);
      demand(used === null ? "This page requires the admin key to show figures." : "The admin key has changed.");
    }
    await wait?.given;
  }
}

/** Returns why a request is refused, without the status. */
export const reasonOf = async response => (await response.text()).replace(/^\d+ [^:]*: /, "").trim();

const headersWith = used => used === null ? {} : { Authorization: `Bearer ${used}` };

function set(next) {
  key = next;
  if (next === null) sessionStorage.removeItem(Stored);
  else sessionStorage.setItem(Stored, next);
  listeners.forEach(listener => listener());
  if (next !== null) {
    wait?.isGiven();
    wait = null;
  }
}

function demand(why) {
  if (!wait) {
    wait = {};
    wait.given = new Promise(resolve => { wait.isGiven = resolve; });
  }
  open(why);
}

function open(why) {
  if ($("key-dialog").open) return;
  $("key-text").textContent = why;
  $("key-problem").textContent = "";
  $("key").value = "";
  $("key-dialog").showModal();
}

/** Returns why a key is not accepted; null if it is. */
async function problemOf(candidate) {
  try {
    const response = await fetch("key", { headers: headersWith(candidate), signal: AbortSignal.timeout(Timeout) });
    return response.ok ? null : response.status === 401 ? "Wrong admin key." : await reasonOf(response);
  } catch (error) {
    return error instanceof TypeError && /[^ -~]/.test(candidate) ? "Wrong admin key." : "No response. Check that the process is running.";
  }
}

// Served at the address of clients: objects there may be pages too, and could read a key that is kept here, so none is asked for.
if ("noKey" in document.documentElement.dataset) {
  set(null);
  $("key-open").hidden = true;
  $("acts-hint").textContent = "Actions need the status page at an address of its own (-adminaddr), or the command line.";
}

whenKeyChanges(() => { $("key-open").textContent = hasKey() ? "Lock actions" : "Unlock actions"; });
$("key-open").addEventListener("click", () => hasKey() ? set(null) : open("Purge, warm and drain require the admin key. The key is kept until you close this tab."));
$("key-cancel").addEventListener("click", () => $("key-dialog").close());
$("key-form").addEventListener("submit", async event => {
  event.preventDefault();
  const candidate = $("key").value.trim();
  const problem = await problemOf(candidate);
  $("key-problem").textContent = problem ?? "";
  if (problem === null) {
    $("key-dialog").close();
    set(candidate);
  } else {
    $("key").select();
  }
});

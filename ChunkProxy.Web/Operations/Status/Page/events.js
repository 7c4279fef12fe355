// The recent events, and the endings since the start that are not in order.

import { $, element, number, showList, words } from "./parts.js";

const Mild = new Set(["gone", "abandoned", "notFound", "refused", "versionChanged"]);
const Fine = new Set(["part", "whole", "notModified", "beyondEnd", "uncacheable", "other", "completed", "alreadyThere"]);

// The class and the text of an event, by its kind. They follow the subject.
const Said = {
  memberJoined: ["good", "joined"],
  memberLeft: ["bad", "left"],
  peerFailed: ["bad", "does not answer"],
  peerIsBack: ["good", "is back"],
  redisFailed: ["bad", "is unavailable"],
  redisIsBack: ["good", "is available again"],
  originFailed: ["bad", "is unavailable"],
  originIsBack: ["good", "is available again"],
  readFailed: ["bad", "was unavailable"],
  purged: ["good", "was purged"],
  purgeIncomplete: ["bad", "was purged, but not confirmed by"],
};

export function showEvents(answer) {
  const endings = [
    ...Object.entries(answer.origin.byOutcome).map(([name, count]) => [`origin: ${words(name)}`, name, count]),
    ...Object.entries(answer.fills.byOutcome).map(([name, count]) => [`fill: ${words(name)}`, name, count]),
    ...["gone", "stalled", "readsFailed", "faults"].map(name => [`client: ${words(name)}`, name, answer.clients[name]]),
  ].filter(([, name, count]) => count > 0 && !Fine.has(name));
  showList($("endings"), endings, ([label]) => label, ([label, name, count]) => element("li", Mild.has(name) ? "mild" : "", label, element("b", "", number(count))));
  const list = $("events");
  if (!answer.cluster.events.length) {
    if (!list.querySelector(".empty")) list.replaceChildren(element("li", "empty", "None: no membership changes, no failed reads."));
    return;
  }
  list.querySelector(".empty")?.remove();
  showList(list, answer.cluster.events.slice(0, 15), it => `${it.kind} ${it.subject} ${it.ending} ${it.lastAt}`, it => {
    const [className, text] = Said[it.kind] ?? ["", words(it.kind)];
    const time = element("time", "", new Date(it.lastAt).toLocaleTimeString("en-GB"));
    time.dateTime = it.lastAt;
    return element("li", "", time, element("span", "", `${it.subject} `, element("span", className, text), it.ending ? element("em", "", ` · ${words(it.ending).trim()}`) : null), element("em", "", it.count > 1 ? `${it.count} ×` : ""));
  });
}

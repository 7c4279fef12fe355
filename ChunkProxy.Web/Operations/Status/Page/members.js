// The members: the state of each, and one sentence about the worst.

import { drainButton, updateDrain } from "./actions.js";
import { $, bar, bytes, duration, element, number, percent, plural, setText, showKept, words } from "./parts.js";

// The class of each verdict of the process, the worst last.
const Classes = {
  healthy: "good",
  drained: "idle",
  draining: "idle",
  otherMembership: "warn",
  superHotUnavailable: "warn",
  diskUnavailable: "warn",
  originUnavailable: "warn",
  silent: "bad",
  avoided: "bad",
  otherSettings: "bad",
};
const Severities = Object.keys(Classes);

const classOf = member => Classes[member.verdict];
const isIll = member => ["warn", "bad"].includes(classOf(member));

export function showMembers({ members, epoch, self, coordination, isRegistered, problem }, superHot, origin) {
  const worst = [...members].sort((a, b) => Severities.indexOf(b.verdict) - Severities.indexOf(a.verdict))[0];
  const busiest = [...members].sort((a, b) => (b.originBytes ?? 0) - (a.originBytes ?? 0))[0];
  const ill = members.filter(isIll).length;
  const drained = members.filter(member => classOf(member) === "idle");
  const verdict = $("worst");
  verdict.className = `verdict ${problem && !ill ? "warn" : worst ? classOf(worst) : "warn"}`;
  setText(verdict, !worst ? "No members known yet: this front end reads directly from the origin."
    : ill ? `${members.length - ill} of ${members.length} members healthy. ${labelOf(worst)}: ${worst.verdictText}${ill > 1 ? ` (and ${number(ill - 1)} more)` : ""}`
    : problem ? problem
    : members.length === 1 ? "Healthy. Stand-alone node."
    : drained.length ? `${members.length - drained.length} of ${members.length} members healthy. Drained: ${drained.map(labelOf).join(", ")}`
    : `${members.length} of ${members.length} members healthy.${busiest.originBytes ? ` Most origin traffic: ${labelOf(busiest)} (${bytes(busiest.originBytes)})` : ""}`);
  showKept($("members"), members.map(member => ({
    ...member, uptime: member.startedAt ? duration(Date.now() - Date.parse(member.startedAt)) : null, canDrain: coordination !== "notUsed",
  })), it => it.id, () => element("li", "", element("div", "body"), drainButton()), updateMember);
  setText($("membership"), [
    origin.degradedReason && `origin: ${origin.degradedReason}`,
    `epoch ${epoch}`,
    self === null && members[0]?.id !== "this process" ? "this front end owns no chunks" : null,
    coordination === "notUsed" ? "static membership" : `etcd: ${words(coordination)}${isRegistered ? ", registered" : ""}`,
    superHot && `Redis: ${superHot.degradedReason ?? plural(superHot.listedChunks, "super-hot chunk", "super-hot chunks")}`,
    problem,
  ].filter(Boolean).join(" · "));
}

/** Returns a member's name, or its address if it has none. */
const labelOf = member => member.name || member.id;

/** Returns the name, followed by the address. */
const titleOf = member => member.name ? [member.name, element("span", "quiet", ` ${member.id}`)] : [member.id];

function updateMember(card, member) {
  const className = classOf(member);
  const [body, button] = card.children;
  updateDrain(button, member);
  card.className = `member ${className}`;
  const state = JSON.stringify(member);
  if (body.dataset.state === state) return;
  body.dataset.state = state;
  const meter = (name, tier, kind) => tier && element("div", "meter", element("span", "", name), bar(kind, tier.usedBytes / tier.budgetBytes), element("span", "", `${bytes(tier.usedBytes)} / ${bytes(tier.budgetBytes)}`));
  body.replaceChildren(...[
    element("h3", "", ...titleOf(member), member.isSelf && member.id !== "this process" ? element("span", "quiet", " this one") : null),
    element("p", "state", `${{ good: "● ", warn: "▲ ", bad: "■ ", idle: "◌ " }[className]}${member.verdictText}`),
    element("div", "meter", element("span", "", "share"), bar("share", member.share), element("span", "", percent(member.share))),
    meter("memory", member.memory, "client"),
    meter("disk", member.disk, "disk"),
    ...(member.disks ?? []).map(disk => element("p", "facts", `${disk.degradedReason ? "▲" : "●"} ${disk.directory}: ${bytes(disk.usedBytes)} of ${bytes(disk.budgetBytes)}${disk.degradedReason ? `, ${disk.degradedReason}` : ""}`)),
    element("p", "facts", [
      member.originBytes === null ? null : `${bytes(member.originBytes)} from the origin`,
      member.fillsUnderWay ? plural(member.fillsUnderWay, "fill", "fills") : null,
      member.uptime ? `up ${member.uptime}` : null,
    ].filter(Boolean).join(" · ")),
  ].filter(Boolean));
}

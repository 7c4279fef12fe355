// The members: the state of each, and one sentence about the worst.

import { drainButton, updateDrain } from "./actions.js";
import { $, bar, bytes, duration, element, number, percent, plural, setText, showKept, words } from "./parts.js";

/** Returns the severity of a member's state (highest is worst), its class and its description. */
function judge(member, epoch) {
  if (member.failure === "disagrees") return [4, "bad", "has other settings (chunk size, origin or cache key); bypassed"];
  if (member.state === "avoided") return [4, "bad", `does not answer (${words(member.failure ?? "failed")}); bypassed`];
  if (member.state === "silent") return [3, "bad", "does not answer"];
  if (member.state === "draining") return [0, "idle", "draining: handing over its hottest chunks"];
  if (member.state === "drained") return [0, "idle", "drained: owns no chunks, answers until it stops"];
  if (member.originProblem) return [3, "warn", `origin ${member.originProblem}`];
  if (member.diskProblem) return [2, "warn", `disk unavailable: ${member.diskProblem}`];
  if (member.superHotProblem) return [1, "warn", `Redis unavailable: ${member.superHotProblem}`];
  if (member.epoch && member.epoch !== epoch) return [1, "warn", "sees another membership"];
  return [0, "good", "healthy"];
}

export function showMembers({ members, epoch, self, coordination, isRegistered, problem }, superHot, origin) {
  const judged = members.map(member => ({ member, verdict: judge(member, epoch) })).sort((a, b) => b.verdict[0] - a.verdict[0]);
  const worst = judged[0];
  const busiest = [...members].sort((a, b) => (b.originBytes ?? 0) - (a.originBytes ?? 0))[0];
  const ill = judged.filter(({ verdict }) => verdict[0] > 0).length;
  const drained = members.filter(member => member.state === "draining" || member.state === "drained");
  const verdict = $("worst");
  verdict.className = `verdict ${problem && !ill ? "warn" : worst?.verdict[1] ?? "warn"}`;
  setText(verdict, !worst ? "No members known yet: this front end reads directly from the origin."
    : ill ? `${members.length - ill} of ${members.length} members healthy. ${labelOf(worst.member)}: ${worst.verdict[2]}${ill > 1 ? ` (and ${number(ill - 1)} more)` : ""}`
    : problem ? problem
    : members.length === 1 ? "Healthy. Stand-alone node."
    : drained.length ? `${members.length - drained.length} of ${members.length} members healthy. Drained: ${drained.map(labelOf).join(", ")}`
    : `${members.length} of ${members.length} members healthy.${busiest.originBytes ? ` Most origin traffic: ${labelOf(busiest)} (${bytes(busiest.originBytes)})` : ""}`);
  showKept($("members"), members.map(member => ({
    ...member, uptime: member.startedAt ? duration(Date.now() - Date.parse(member.startedAt)) : null, verdict: judge(member, epoch), canDrain: coordination !== "notUsed",
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
  const [, className, text] = member.verdict;
  const [body, button] = card.children;
  updateDrain(button, member);
  card.className = `member ${className}`;
  const state = JSON.stringify(member);
  if (body.dataset.state === state) return;
  body.dataset.state = state;
  const meter = (name, tier, kind) => tier && element("div", "meter", element("span", "", name), bar(kind, tier.usedBytes / tier.budgetBytes), element("span", "", `${bytes(tier.usedBytes)} / ${bytes(tier.budgetBytes)}`));
  body.replaceChildren(...[
    element("h3", "", ...titleOf(member), member.isSelf && member.id !== "this process" ? element("span", "quiet", " this one") : null),
    element("p", "state", `${{ good: "● ", warn: "▲ ", bad: "■ ", idle: "◌ " }[className]}${text}`),
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

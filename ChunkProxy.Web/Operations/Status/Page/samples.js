// The recent samples of the totals, and what happened between them.

export const Second = 1000;
const HistoryMs = 15 * 60 * Second;
const Gap = 12 * Second; // more than two intervals of the history
export const Tiers = [
  ["memory", "memory", "--memory"], ["nearCopy", "near copy", "--near"], ["superHot", "super hot (shared)", "--super"],
  ["disk", "disk", "--disk"], ["formerOwner", "former owner", "--peer"], ["origin", "origin", "--origin"],
];

export const samples = []; // { at (ms), client, origin (bytes), tiers }, ascending

export function sample(at, totals) {
  samples.push({ at, client: totals.clientBytes, origin: totals.originBytes, tiers: totals.byTier });
  while (samples.length && at - samples[0].at > HistoryMs) samples.shift();
}

/**
 * Returns differences between samples that are at least `step` ms apart. A decreasing total means that a process restarted.
 * An interval longer than Gap is left out: the page was paused or had no answer, and the rate within it is unknown.
 */
export function intervals(step) {
  const result = [];
  let before = null;
  for (const sample of samples) {
    if (before && sample.at - before.at < step) continue;
    if (before && sample.at - before.at <= Gap) {
      const seconds = (sample.at - before.at) / Second;
      result.push({
        from: before.at,
        at: sample.at,
        client: Math.max(0, sample.client - before.client) / seconds,
        origin: Math.max(0, sample.origin - before.origin) / seconds,
        tiers: Object.fromEntries(Tiers.map(([name]) => [name, Math.max(0, (sample.tiers[name] ?? 0) - (before.tiers[name] ?? 0))])),
      });
    }
    before = sample;
  }
  return result;
}

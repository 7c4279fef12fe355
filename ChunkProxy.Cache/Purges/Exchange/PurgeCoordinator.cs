using System.Net.Http.Json;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>Purges objects from every tier of every process. Rationale: docs/decisions/0005-purge.md.</summary>
internal sealed class PurgeCoordinator(
    ClusterView cluster,
    PeerRequests peers,
    PurgeLedger ledger,
    PurgeApplier applier,
    PurgeListeners listeners,
    PurgeTimes times,
    RecentEvents events,
    ILogger<PurgeCoordinator> log)
{
    // A member that has a later purge of the object causes another attempt with a higher stamp. More than two attempts need many concurrent purges of
    // one object.
    private const int Attempts = 5;

    // Microseconds. A process whose clock is ahead may purge single objects all the time; the second attempt is above its next purges too.
    private const long Margin = 1_000_000;

    // Attempts to reach a member within a lapse.
    private const int Tries = 10;

    /// <summary>Starts the purge and waits for it to complete. The purge continues if the caller cancels.</summary>
    public Task<PurgeReport> PurgeAsync(ObjectId id, CancellationToken cancellationToken) => Task.Run(
        () => PurgeAsync(
            _ => ledger.Next(id, times.Clock.GetUtcNow()),
            latest => ledger.Add(id, latest)),
        CancellationToken.None).WaitAsync(cancellationToken);

    /// <summary>Does the same for several objects.</summary>
    /// <param name="purge">The purge, with any stamp.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<PurgeReport> PurgeAsync(Purge purge, CancellationToken cancellationToken) => Task.Run(
        () => PurgeAsync(
            latest => ledger.Next(purge, times.Clock.GetUtcNow(), latest == 0 ? 0 : latest + Margin),
            _ => { }),
        CancellationToken.None).WaitAsync(cancellationToken);

    // next: returns the purge with a stamp above the latest one that was reported, 0 at first. heard: is told a reported stamp that is above.
    private async Task<PurgeReport> PurgeAsync(Func<long, Purge> next, Action<long> heard)
    {
        var started = times.Clock.GetTimestamp();
        var latest = 0L;
        for (var attempt = 1; ; attempt++)
        {
            var purge = next(latest);
            var answers = await SendToAllAsync(purge).ConfigureAwait(false);
            latest = answers.Max(answer => answer.Confirmation?.Generation is { } generation && ledger.IsPlausible(generation) ? generation : 0);
            if (latest > purge.Stamp && attempt < Attempts)
            {
                heard(latest);
                continue;
            }

            var report = ReportOf(answers, purge);
            if (!report.Complete)
            {
                await EndIncompleteAsync(purge.Shown!, report, started).ConfigureAwait(false);
            }

            return report;
        }
    }

    private async Task<(string Process, PurgeConfirmation? Confirmation)[]> SendToAllAsync(Purge purge)
    {
        var others = cluster.Owners.Epoch.Members.Where(member => member.Id != cluster.Self?.Id).Select(member => SendAsync(member, purge)).ToList();
        return [(cluster.Self?.Id ?? "this process", await ApplyHereAsync(purge).ConfigureAwait(false)), .. await Task.WhenAll(others).ConfigureAwait(false)];
    }

    private async Task<PurgeConfirmation?> ApplyHereAsync(Purge purge)
    {
        ledger.Add([purge]);
        var sequence = ledger.Sequence;
        await applier.WhenDoneAsync(sequence, CancellationToken.None).ConfigureAwait(false);
        var erased = applier.ResultOf(purge);
        return new PurgeConfirmation(
            ledger.GenerationAfter(purge), erased.Chunks, erased.Bytes, await listeners.WhenAcknowledgedAsync(sequence, CancellationToken.None).ConfigureAwait(false));
    }

    private async Task<(string Process, PurgeConfirmation? Confirmation)> SendAsync(Member member, Purge purge)
    {
        var started = times.Clock.GetTimestamp();
        while (true)
        {
            using var order = JsonContent.Create(new PurgeRequest(purge.Path!, purge.Stamp, cluster.ProcessName, purge.Scope), PurgeJson.Default.PurgeRequest);
            await order.LoadIntoBufferAsync().ConfigureAwait(false); // buffered, so that the request has a Content-Length
            var confirmation = await peers.PingAndSendAsync(
                member, PoolProtocol.PurgesPath, order, times.Confirmation, PurgeJson.Default.PurgeConfirmation, CancellationToken.None).ConfigureAwait(false);
            if (confirmation is not null || times.Clock.GetElapsedTime(started) >= times.Lapse)
            {
                return (member.Id, confirmation);
            }

            await Task.Delay(times.Lapse / Tries, times.Clock).ConfigureAwait(false); // the caller waits anyway: the member may be restarting
        }
    }

    // A process with an earlier generation has not applied this purge, whatever else it reports. A generation from the future is not credible, and
    // was ignored here. A process with a later generation received another purge meanwhile, which covers this one.
    private PurgeReport ReportOf((string Process, PurgeConfirmation? Confirmation)[] said, Purge purge)
    {
        var answers = Array.ConvertAll(
            said, answer => answer.Confirmation?.Generation is { } generation && generation >= purge.Stamp && ledger.IsPlausible(generation) ? answer : (answer.Process, null));
        var confirmed = answers.Where(answer => answer.Confirmation is not null).Select(answer => answer.Process).ToHashSet();
        var unheard = answers.SelectMany(answer => answer.Confirmation?.Unheard ?? []).Where(name => !confirmed.Contains(name));
        PurgeReport.Entry[] processes =
        [
            .. answers.Select(answer => new PurgeReport.Entry(answer.Process, answer.Confirmation is { } found ? new PurgeResult(found.Chunks, found.Bytes) : null)),
            .. unheard.Distinct().Where(name => !answers.Any(answer => answer.Process == name)).Select(name => new PurgeReport.Entry(name, null)),
        ];
        return new PurgeReport(processes.All(process => process.Result is not null), processes);
    }

    // A process that did not confirm may be hung. When this method returns, it is no longer current: if it resumes, it asks for purges before it
    // answers.
    private async Task EndIncompleteAsync(string path, PurgeReport report, long started)
    {
        var away = string.Join(", ", report.Processes.Where(process => process.Result is null).Select(process => process.Process));
        log.PurgeIncomplete(path, away);
        events.Note(RecentEventKind.PurgeIncomplete, path, away);
        if (times.Lapse - times.Clock.GetElapsedTime(started) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left, times.Clock).ConfigureAwait(false);
        }
    }
}

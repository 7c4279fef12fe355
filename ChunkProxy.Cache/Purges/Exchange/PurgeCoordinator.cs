using System.Net.Http.Json;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>Purges an object from every tier of every process. Rationale: docs/decisions/0005-purge.md.</summary>
internal sealed class PurgeCoordinator(
    ClusterView cluster,
    PeerRequests peers,
    PurgeLedger ledger,
    PurgeApplier worker,
    PurgeListeners listeners,
    PurgeTimes times,
    RecentEvents events,
    ILogger<PurgeCoordinator> log)
{
    // A member that has a later purge of the object causes another attempt with a higher stamp. More than two attempts need many concurrent purges of
    // one object.
    private const int Attempts = 5;

    // Attempts to reach a member within a lapse.
    private const int Tries = 10;

    /// <summary>Starts the purge and waits for it to complete. The purge continues if the caller cancels.</summary>
    public Task<PurgeReport> PurgeAsync(ObjectId id, CancellationToken cancellationToken) => Task.Run(() => PurgeAsync(id), CancellationToken.None).WaitAsync(cancellationToken);

    private async Task<PurgeReport> PurgeAsync(ObjectId id)
    {
        var started = times.Clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var purge = ledger.Next(id, times.Clock.GetUtcNow());
            var answers = await TellAllAsync(id, purge).ConfigureAwait(false);
            if (answers.Max(answer => answer.Confirmation?.Generation ?? 0) is var latest && latest > purge.Stamp && attempt < Attempts)
            {
                ledger.Hear(id, latest);
                continue;
            }

            var report = ReportOf(answers, purge);
            if (!report.Complete)
            {
                await EndIncompleteAsync(id, report, started).ConfigureAwait(false);
            }

            return report;
        }
    }

    private async Task<(string Process, PurgeConfirmation? Confirmation)[]> TellAllAsync(ObjectId id, Purge purge)
    {
        var others = cluster.Owners.Epoch.Members.Where(member => member.Id != cluster.Self?.Id).Select(member => TellAsync(member, purge)).ToList();
        return [(cluster.Self?.Id ?? "this process", await DoHereAsync(id, purge).ConfigureAwait(false)), .. await Task.WhenAll(others).ConfigureAwait(false)];
    }

    private async Task<PurgeConfirmation?> DoHereAsync(ObjectId id, Purge purge)
    {
        ledger.Hear([purge]);
        var sequence = ledger.Sequence;
        await worker.WhenDoneAsync(sequence, CancellationToken.None).ConfigureAwait(false);
        var erased = worker.ResultOf(purge);
        return new PurgeConfirmation(
            ledger.GenerationOf(id), erased.Chunks, erased.Bytes, await listeners.WhenHeardAsync(sequence, CancellationToken.None).ConfigureAwait(false));
    }

    private async Task<(string Process, PurgeConfirmation? Confirmation)> TellAsync(Member member, Purge purge)
    {
        var started = times.Clock.GetTimestamp();
        while (true)
        {
            using var order = JsonContent.Create(new PurgeRequest(purge.Path!, purge.Stamp, cluster.ProcessName), PurgeJson.Default.PurgeRequest);
            await order.LoadIntoBufferAsync().ConfigureAwait(false); // buffered, so that the request has a Content-Length
            var confirmation = await peers.TellAsync(
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
    private async Task EndIncompleteAsync(ObjectId id, PurgeReport report, long started)
    {
        var away = string.Join(", ", report.Processes.Where(process => process.Result is null).Select(process => process.Process));
        log.PurgeIncomplete(id.Shown, away);
        events.Note(RecentEventKind.PurgeIncomplete, id.Shown, away);
        if (times.Lapse - times.Clock.GetElapsedTime(started) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left, times.Clock).ConfigureAwait(false);
        }
    }
}

using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Status;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Warming;

/// <summary>Fetches chunks of an object ahead of demand, each to the member where reads look for it.</summary>
/// <remarks>
/// Each chunk's owner is asked to fetch it by its own look-up (disk, former owner, origin); no bytes come here. Then the holdings are read again, and
/// the round repeats if members joined, left or stopped responding meanwhile: the current owners fetch the chunks of a lost member again.
/// </remarks>
internal sealed class ObjectWarmer(
    ClusterView cluster, ClusterMapReader maps, PeerRequests peers, BackgroundFetcher fetcher, IOptions<WarmOptions> options, TimeProvider time)
{
    /// <summary>Most chunks of one warm-up: one entry of memory each, and an origin may claim any size.</summary>
    public const int MostChunks = 1_000_000;

    // Bounds the rounds for a cluster that keeps changing.
    private const int MostRounds = 10;

    /// <param name="version">The version.</param>
    /// <param name="first">Index of the first chunk.</param>
    /// <param name="count">Number of chunks.</param>
    /// <param name="progress">Updated with each chunk. It may go back when a member leaves.</param>
    /// <param name="pace">Limits the rate of the fetches; null: no limit.</param>
    /// <param name="cancellationToken">Cancels warming. Fetched chunks stay cached.</param>
    /// <exception cref="ChunkReadException">A chunk is unavailable.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are more than <see cref="MostChunks"/> chunks.</exception>
    public async Task WarmAsync(ObjectVersion version, long first, long count, WarmProgress progress, WarmPace? pace, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostChunks);
        string? before = null;
        for (var round = 0; round < MostRounds; round++)
        {
            var holdings = new Holdings(cluster, version.Id, await maps.ReadAsync(version, cancellationToken).ConfigureAwait(false), first, count);
            if (holdings.Cluster == before)
            {
                return; // chunks missing now were evicted again
            }

            before = holdings.Cluster;
            var missing = Missing(version, holdings, first, count, progress);
            await Parallel.ForEachAsync(
                missing,
                new ParallelOptions { MaxDegreeOfParallelism = options.Value.Concurrency * Math.Max(1, cluster.Owners.Epoch.Members.Count), CancellationToken = cancellationToken },
                async (index, stop) =>
                {
                    var chunk = version.Chunk(index);
                    if (pace is not null)
                    {
                        await pace.WaitAsync(chunk.Length, stop).ConfigureAwait(false);
                    }

                    await FetchWithRetriesAsync(chunk, stop).ConfigureAwait(false);
                    progress.Add(chunk.Length);
                }).ConfigureAwait(false);
            if (pace is not null)
            {
                await pace.EndAsync(cancellationToken).ConfigureAwait(false);
            }

            if (missing is [])
            {
                return;
            }
        }
    }

    private static List<long> Missing(ObjectVersion version, Holdings holdings, long first, long count, WarmProgress progress)
    {
        var missing = new List<long>();
        var figures = default(WarmFigures);
        for (var index = first; index < first + count; index++)
        {
            var (there, length) = (holdings.Has(index), version.Layout.LengthOf(index));
            figures = new WarmFigures(
                figures.Chunks + 1, figures.ChunksDone + (there ? 1 : 0), figures.Bytes + length, figures.BytesDone + (there ? length : 0));
            if (!there)
            {
                missing.Add(index);
            }
        }

        progress.Set(figures);
        return missing;
    }

    private async Task FetchWithRetriesAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await KeepAsync(chunk, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (ChunkReadException error) when (attempt < options.Value.Attempts && MayPass(error.Error))
            {
                await Task.Delay(new Backoff(options.Value.Backoff, TimeSpan.MaxValue).Pause(attempt), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool MayPass(ProxyError error) =>
        error is ProxyError.OriginUnreachable or ProxyError.OriginTimedOut or ProxyError.OriginFailed or ProxyError.OriginDown or ProxyError.Overloaded;

    private async Task KeepAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        foreach (var member in cluster.MembersToAsk(chunk.Version.Id, chunk.Index))
        {
            using var answer = await peers.PostAsync(member, PoolProtocol.WarmPath, chunk, cancellationToken).ConfigureAwait(false);
            switch (answer.Outcome)
            {
                case PeerReadOutcome.Answered:
                    return;
                case PeerReadOutcome.Failed:
                    throw answer.Failure!;
            }
        }

        await fetcher.KeepAsync(chunk, FillPurpose.Own, cancellationToken).ConfigureAwait(false);
    }
}

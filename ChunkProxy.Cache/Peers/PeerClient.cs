using System.Globalization;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers;

/// <summary>Reads chunks and versions from other members, and offers them chunks.</summary>
internal sealed class PeerClient(
    PeerTransport transport, ClusterView cluster, PurgeLedger purges, IOptions<PeerOptions> options, IOptions<CacheOptions> cache, TimeProvider time)
{
    private readonly TimeSpan _silence = options.Value.Silence;
    private readonly TimeSpan _pingTimeout = options.Value.PingTimeout;
    private readonly int _chunkSize = (int)cache.Value.ChunkSize;

    /// <summary>Asks a member for a slice of a chunk. Never throws for what the peer or the network does.</summary>
    public async Task<PeerAnswer> OpenChunkAsync(Member peer, Chunk chunk, Slice slice, bool onlyIfCached, CancellationToken cancellationToken)
    {
        using var span = CacheTracing.StartPeerRead(peer.Id);
        using var message = transport.CreateMessage(HttpMethod.Get, peer, PoolProtocol.ChunkPath);
        message.Headers.TryAddWithoutValidation(PoolProtocol.Object, chunk.Version.Id.PathAndQuery);
        message.Headers.TryAddWithoutValidation(PoolProtocol.Version, chunk.Version.Token);
        message.Headers.TryAddWithoutValidation(PoolProtocol.Chunk, chunk.Index.ToString(CultureInfo.InvariantCulture));
        message.Headers.TryAddWithoutValidation(PoolProtocol.Slice, string.Create(CultureInfo.InvariantCulture, $"{slice.Offset}-{slice.End}"));
        if (onlyIfCached)
        {
            message.Headers.TryAddWithoutValidation(PoolProtocol.OnlyIfCached, "1");
        }

        var (response, outcome) = await transport.SendAsync(peer, message, mayBeSlow: !onlyIfCached, cancellationToken).ConfigureAwait(false);
        span?.SetTag("chunkproxy.outcome", outcome.ToString());
        if (response is null)
        {
            return new PeerAnswer(outcome);
        }

        if (outcome is not PeerReadOutcome.Answered)
        {
            using (response)
            {
                if (long.TryParse(PeerTransport.Field(response, PoolProtocol.Generation), NumberStyles.None, CultureInfo.InvariantCulture, out var generation))
                {
                    purges.Hear(chunk.Version.Id, generation);
                }

                return new PeerAnswer(outcome) { Failure = outcome is PeerReadOutcome.Failed ? await PeerFailure.ReadAsync(response, _silence, time, cancellationToken).ConfigureAwait(false) : null };
            }
        }

        if (response.Content.Headers.ContentLength != slice.Length || PeerTransport.Field(response, PoolProtocol.Key) != PoolProtocol.KeyOf(chunk))
        {
            response.Dispose();
            transport.Trip(peer, PeerReadOutcome.Misbehaved);
            return new PeerAnswer(PeerReadOutcome.Misbehaved);
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return new PeerAnswer(PeerReadOutcome.Answered)
        {
            Body = new PeerBody(response, stream, slice.Length, peer, transport, _silence, time),
            Report = new ReadReport(
                Enum.TryParse<ChunkSource>(PeerTransport.Field(response, PoolProtocol.Source), out var source) ? source : ChunkSource.Peer,
                PeerTransport.Field(response, PoolProtocol.Collapsed) is not null),
            Rate = int.TryParse(PeerTransport.Field(response, PoolProtocol.Rate), NumberStyles.None, CultureInfo.InvariantCulture, out var rate) ? rate : 0,
        };
    }

    /// <summary>Asks a member which version of an object is current. Never throws for what the peer or the network does.</summary>
    /// <param name="peer">Whom to ask.</param>
    /// <param name="id">The object.</param>
    /// <param name="firstByte">Where reading will begin: the member begins to fetch the chunk there.</param>
    /// <param name="contradicted">The token of a version that the origin has no more; the member may not know that yet.</param>
    /// <param name="onlyIfKnown">It is to say what it knows already, and to ask nobody.</param>
    /// <param name="generation">The object's generation as this process knows it; the member may not have heard of the purge yet.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<PeerFinding> FindAsync(Member peer, ObjectId id, long? firstByte, bool onlyIfKnown, string? contradicted, long generation, CancellationToken cancellationToken)
    {
        using var span = CacheTracing.StartPeerRead(peer.Id);
        using var message = transport.CreateMessage(HttpMethod.Get, peer, PoolProtocol.ObjectPath);
        message.Headers.TryAddWithoutValidation(PoolProtocol.Object, id.PathAndQuery);
        if (generation > 0)
        {
            message.Headers.TryAddWithoutValidation(PoolProtocol.Generation, generation.ToString(CultureInfo.InvariantCulture));
        }

        if (firstByte is { } offset)
        {
            message.Headers.TryAddWithoutValidation(PoolProtocol.FirstByte, offset.ToString(CultureInfo.InvariantCulture));
        }

        if (contradicted is not null)
        {
            message.Headers.TryAddWithoutValidation(PoolProtocol.Version, contradicted);
        }

        if (onlyIfKnown)
        {
            message.Headers.TryAddWithoutValidation(PoolProtocol.OnlyIfCached, "1");
        }

        var (response, outcome) = await transport.SendAsync(peer, message, mayBeSlow: !onlyIfKnown, cancellationToken).ConfigureAwait(false);
        span?.SetTag("chunkproxy.outcome", outcome.ToString());
        using (response)
        {
            switch (outcome)
            {
                case PeerReadOutcome.Answered when await ReadRecordAsync(response!, cancellationToken).ConfigureAwait(false) is { } record
                    && VersionRecord.TryDecode(record, id, _chunkSize) is { } version:
                    return new PeerFinding(
                        outcome, ObjectLookup.Found(version, askedOrigin: PeerTransport.Field(response!, PoolProtocol.Source) == nameof(ChunkSource.Origin)));
                case PeerReadOutcome.Answered:
                    transport.Trip(peer, PeerReadOutcome.Misbehaved);
                    return new PeerFinding(PeerReadOutcome.Misbehaved);
                case PeerReadOutcome.Failed when PeerTransport.Field(response!, PoolProtocol.PassThrough) is not null:
                    return new PeerFinding(outcome, ObjectLookup.PassThrough());
                case PeerReadOutcome.Failed:
                    var failure = await PeerFailure.ReadAsync(response!, _silence, time, cancellationToken).ConfigureAwait(false);
                    _ = int.TryParse(PeerTransport.Field(response!, PoolProtocol.OriginStatus), NumberStyles.None, CultureInfo.InvariantCulture, out var status);
                    return new PeerFinding(outcome, ObjectLookup.Failed(failure.Error, failure.Message, status));
                default:
                    return new PeerFinding(outcome);
            }
        }
    }

    /// <summary>Tells a member that this process gives chunks up. False: it did not take the news.</summary>
    public async Task<bool> OfferAsync(Member peer, string chunks, CancellationToken cancellationToken)
    {
        using var message = transport.CreateMessage(HttpMethod.Post, peer, PoolProtocol.OfferPath);
        message.Content = new StringContent(chunks);
        message.Headers.TryAddWithoutValidation(PoolProtocol.Object, cluster.Self?.Id);
        var (response, outcome) = await transport.SendAsync(peer, message, mayBeSlow: true, cancellationToken).ConfigureAwait(false);
        response?.Dispose();
        return outcome is PeerReadOutcome.Answered;
    }

    private async Task<byte[]?> ReadRecordAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength is not (> 0 and <= VersionRecord.MaxLength))
        {
            return null;
        }

        try
        {
            return await response.Content.ReadAsByteArrayAsync(cancellationToken).WaitAsync(_silence + _pingTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (PeerTransport.IsFault(error) || error is TimeoutException)
        {
            return null;
        }
    }
}

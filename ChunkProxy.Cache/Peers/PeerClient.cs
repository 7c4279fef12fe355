using System.Globalization;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers;

/// <summary>Reads chunks and versions from other members, and offers chunks to them.</summary>
internal sealed class PeerClient(
    PeerTransport transport, WatchedRequests requests, PeerHealth health, ClusterView cluster, PurgeLedger purges, IOptions<PeerOptions> options, IOptions<CacheOptions> cache, TimeProvider time)
{
    private readonly PeerOptions _options = options.Value;
    private readonly int _chunkSize = (int)cache.Value.ChunkSize;

    /// <summary>Requests a slice of a chunk from a member. Faults of the peer and the network are outcomes, not exceptions.</summary>
    /// <param name="peer">The member.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="onlyIfCached">Whether the member must answer from its cache.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <param name="part">The part of the slice that is enough (<see cref="PeerAnswer.Part"/>) while many reads are in progress.</param>
    public async Task<PeerAnswer> OpenChunkAsync(
        Member peer, Chunk chunk, Slice slice, bool onlyIfCached, CancellationToken cancellationToken, SlicePart part = default)
    {
        if (await transport.Connections.EnterAsync(mayWait: !onlyIfCached, cancellationToken).ConfigureAwait(false) is not { } place)
        {
            return new PeerAnswer(PeerReadOutcome.NoPlace);
        }

        PeerAnswer? answer = null;
        try
        {
            part = part with { Length = transport.Connections.Reads.MayStay ? 0 : Math.Min(part.Length, slice.Length) };
            var asked = part.Length == 0 ? slice : new Slice(slice.ChunkIndex, slice.Offset, part.Length);
            return answer = await AskChunkAsync(peer, chunk, asked, onlyIfCached, part, place, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (answer?.Body is null)
            {
                place.Dispose();
            }
        }
    }

    /// <summary>Asks a member for the current version of an object. Faults of the peer and the network are outcomes, not exceptions.</summary>
    /// <param name="peer">The member.</param>
    /// <param name="id">The object.</param>
    /// <param name="request">The client's fields that are forwarded to the origin.</param>
    /// <param name="firstByte">Offset of the first byte that will be read. The member starts fetching the chunk that contains it.</param>
    /// <param name="contradicted">Token of a version that the origin no longer has, in case the member does not know that yet.</param>
    /// <param name="onlyIfKnown">Whether the member must answer from what it knows, without asking others.</param>
    /// <param name="generation">The object's generation known to this process, in case the member has not received the purge yet.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<PeerFinding> FindAsync(
        Member peer, ObjectId id, RequestFields request, long? firstByte, bool onlyIfKnown, string? contradicted, long generation, CancellationToken cancellationToken)
    {
        using var place = await transport.Connections.EnterAsync(mayWait: !onlyIfKnown, cancellationToken).ConfigureAwait(false);
        if (place is null)
        {
            return new PeerFinding(PeerReadOutcome.NoPlace);
        }

        using var span = CacheTracing.StartPeerLookup(peer)?.Of(id);
        using var message = transport.CreateMessage(HttpMethod.Get, peer, PoolProtocol.ObjectPath);
        var subject = new PeerSubject(id);
        subject.AddTo(message);
        PoolFields.Add(message, request);
        PoolFields.AddClient(message);
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

        var (response, outcome) = await requests.SendAsync(
            peer, message, subject, onlyIfKnown ? PeerPatience.CachedOnly : PeerPatience.ForReaders, cancellationToken).ConfigureAwait(false);
        span.EndedAs(outcome.ToString());
        using (response)
        {
            switch (outcome)
            {
                case PeerReadOutcome.Answered when await ReadRecordAsync(response!, VersionRecord.MaxLength, cancellationToken).ConfigureAwait(false) is { } record
                    && VersionRecord.TryDecode(record, id, _chunkSize) is { } version:
                    return new PeerFinding(outcome, PoolFields.ReadLookup(response!, ObjectLookup.Found(version, askedOrigin: false)));
                case PeerReadOutcome.Answered:
                    health.Trip(peer, PeerReadOutcome.Misbehaved);
                    return new PeerFinding(PeerReadOutcome.Misbehaved);
                case PeerReadOutcome.Failed:
                    var reply = await ReadReplyAsync(response!, cancellationToken).ConfigureAwait(false);
                    if (PeerTransport.Field(response!, PoolProtocol.PassThrough) is not null)
                    {
                        return new PeerFinding(outcome, PoolFields.ReadLookup(response!, ObjectLookup.PassThrough(reply)));
                    }

                    var failure = await PeerFailure.ReadAsync(transport, response!, _options.Silence, time, cancellationToken).ConfigureAwait(false);
                    return new PeerFinding(
                        outcome, PoolFields.ReadLookup(response!, ObjectLookup.Failed(failure.Error, failure.Message, PeerFailure.OriginStatusOf(response!), reply)));
                default:
                    return new PeerFinding(outcome);
            }
        }
    }

    /// <summary>Offers a member the chunks that this process gives up. Returns false if the member did not accept the offer.</summary>
    public async Task<bool> OfferAsync(Member peer, string chunks, CancellationToken cancellationToken)
    {
        using var message = transport.CreateMessage(HttpMethod.Post, peer, PoolProtocol.OfferPath);
        message.Content = new StringContent(chunks);
        message.Headers.TryAddWithoutValidation(PoolProtocol.Object, cluster.Self?.Id);
        var (response, outcome) = await requests.SendAsync(peer, message, subject: null, PeerPatience.ForWork, cancellationToken).ConfigureAwait(false);
        using (response)
        {
            return outcome is PeerReadOutcome.Answered && await ReadSignsOfProgressAsync(response!, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<PeerAnswer> AskChunkAsync(
        Member peer, Chunk chunk, Slice slice, bool onlyIfCached, SlicePart part, IDisposable place, CancellationToken cancellationToken)
    {
        using var span = CacheTracing.StartPeerRead(peer)?.Of(chunk.Version.Id, slice);
        using var message = transport.CreateMessage(HttpMethod.Get, peer, PoolProtocol.ChunkPath);
        var subject = PeerSubject.Of(chunk, slice.Offset);
        subject.AddTo(message);
        message.Headers.TryAddWithoutValidation(PoolProtocol.Slice, string.Create(CultureInfo.InvariantCulture, $"{slice.Offset}-{slice.End}"));
        if (onlyIfCached)
        {
            message.Headers.TryAddWithoutValidation(PoolProtocol.OnlyIfCached, "1");
        }
        else
        {
            PoolFields.AddClient(message);
        }

        if (part.IsFurther)
        {
            message.Headers.TryAddWithoutValidation(PoolProtocol.Continues, "1");
        }

        var (response, outcome) = await requests.SendAsync(
            peer, message, subject, onlyIfCached ? PeerPatience.CachedOnly : PeerPatience.ForReaders, cancellationToken).ConfigureAwait(false);
        span.EndedAs(outcome.ToString());
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
                    purges.Add(chunk.Version.Id, generation);
                }

                return new PeerAnswer(outcome) { Failure = outcome is PeerReadOutcome.Failed ? await PeerFailure.ReadAsync(transport, response, _options.Silence, time, cancellationToken).ConfigureAwait(false) : null };
            }
        }

        var tags = transport.TagsOf(response);
        var blocks = SealedBlocks.TryRead(PeerTransport.Field(response, PoolProtocol.Block)) ?? default;
        if ((tags is not null && blocks.Grid == 0)
            || response.Content.Headers.ContentLength != (tags is null ? slice.Length : blocks.LengthOf(slice))
            || PeerTransport.Field(response, PoolProtocol.Key) != PoolProtocol.KeyOf(chunk))
        {
            tags?.Dispose();
            response.Dispose();
            health.Trip(peer, PeerReadOutcome.Misbehaved);
            return new PeerAnswer(PeerReadOutcome.Misbehaved);
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var bytes = new PeerBytes(response, stream, subject, peer, health, _options, time);
        var report = new ReadReport(
            Enum.TryParse<ChunkSource>(PeerTransport.Field(response, PoolProtocol.Source), out var source) ? source : ChunkSource.Peer,
            PeerTransport.Field(response, PoolProtocol.Collapsed) is not null);
        span.Found(report);
        return new PeerAnswer(PeerReadOutcome.Answered)
        {
            Body = new PeerBody(bytes, chunk, slice, blocks, tags),
            Part = part.Length,
            Place = place,
            Report = report,
            Rate = int.TryParse(PeerTransport.Field(response, PoolProtocol.Rate), NumberStyles.None, CultureInfo.InvariantCulture, out var rate) ? rate : 0,
        };
    }

    // The response has one byte per chunk. Returns false if the member broke off, or took too long for one chunk.
    private async Task<bool> ReadSignsOfProgressAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var signs = new byte[64];
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            int count;
            do
            {
                using var limit = new TimeLimit(_options.StallTimeoutFor(PeerPatience.ForWork), time, cancellationToken);
                count = await stream.ReadAsync(signs, limit.Token).ConfigureAwait(false);
            }
            while (count > 0);
            return true;
        }
        catch (Exception error) when (PeerTransport.IsFault(error) || error is OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    private async Task<KeptReply?> ReadReplyAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        PeerTransport.Field(response, PoolProtocol.Reply) is not null
        && await ReadRecordAsync(response, ReplyRecord.MaxLength, cancellationToken).ConfigureAwait(false) is { } record
            ? ReplyRecord.TryDecode(record)
            : null;

    private async Task<byte[]?> ReadRecordAsync(HttpResponseMessage response, int longest, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength is not > 0 || response.Content.Headers.ContentLength > longest)
        {
            return null;
        }

        try
        {
            return await transport.ReadAsync(response, longest, cancellationToken).WaitAsync(_options.Silence + _options.PingTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (PeerTransport.IsFault(error) || error is TimeoutException)
        {
            return null;
        }
    }
}

using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Objects;

/// <summary>Asks the origin for the current version of an object, and keeps the bytes that come with the answer.</summary>
internal sealed class ObjectsAtOrigin(OriginServers origins, KnownObjects known, FillTable fills, PurgeLedger purges, IOptions<CacheOptions> options)
{
    private readonly int _chunkSize = (int)options.Value.ChunkSize;

    /// <summary>Revalidates a version. While the origin is unavailable, the version is served stale if that is allowed.</summary>
    /// <param name="version">The version to revalidate.</param>
    /// <param name="request">The client's request fields to forward.</param>
    /// <param name="firstByte">Where the client starts to read, if the version has changed.</param>
    /// <param name="unwanted">Cancelled when no caller waits any more: nothing is sent from then on.</param>
    public async Task<ObjectLookup> RevalidateAsync(ObjectVersion version, RequestFields request, long? firstByte, CancellationToken unwanted)
    {
        if (version.Headers.Opening is not null)
        {
            return await OpenAnewAsync(version, request, firstByte, unwanted).ConfigureAwait(false);
        }

        var before = purges.Groups;
        using var answer = await origins.GetAsync(
            new OriginRequest(version.Id, version.Size > 0 ? new ByteRange(0, 1) : null, version, OnlyIfChanged: true) { Fields = request }, unwanted).ConfigureAwait(false);
        return answer.Outcome is OriginOutcome.BeyondEnd
            ? await RevalidateWithoutRangeAsync(version, request, firstByte, unwanted).ConfigureAwait(false)
            : await ConcludeRevalidationAsync(version, request, firstByte, answer, before, unwanted).ConfigureAwait(false);
    }

    // An object that has become empty has no first byte to request.
    private async Task<ObjectLookup> RevalidateWithoutRangeAsync(ObjectVersion version, RequestFields request, long? firstByte, CancellationToken unwanted)
    {
        var before = purges.Groups;
        using var answer = await origins.GetAsync(
            new OriginRequest(version.Id, Range: null, version, OnlyIfChanged: true) { Fields = request }, unwanted).ConfigureAwait(false);
        return await ConcludeRevalidationAsync(version, request, firstByte, answer, before, unwanted).ConfigureAwait(false);
    }

    // An answer that says nothing about the object removes nothing. A refusal is for this request and is passed on; the version stays for later.
    private async Task<ObjectLookup> ConcludeRevalidationAsync(
        ObjectVersion version, RequestFields request, long? firstByte, OriginAnswer answer, GroupPurges before, CancellationToken unwanted)
    {
        switch (answer)
        {
            case { Outcome: OriginOutcome.NotModified or OriginOutcome.Part or OriginOutcome.Whole, Version: { } current } when current.IsSameVersionAs(version):
                if (purges.IsPurged(current))
                {
                    known.Forget(version); // the object has a new tag, which was purged since the version was fetched
                    return await AskAsync(version.Id, request, firstByte, purges.GenerationOf(current.Id, current.Headers.Tags), before: null, unwanted).ConfigureAwait(false);
                }

                known.Learn(current, before: version);
                return ObjectLookup.FoundAgain(current);
            case { Outcome: OriginOutcome.NotModified or OriginOutcome.Part or OriginOutcome.Whole, Version: { } other }:
                other = AfterPurges(other, before);
                known.Learn(other, before: version);
                return ObjectLookup.Found(other, askedOrigin: true);
            case { Outcome: OriginOutcome.VersionChanged }:
                known.Forget(version);
                return await AskAsync(version.Id, request, firstByte, version.Generation, before: null, unwanted).ConfigureAwait(false);
            case { Outcome: OriginOutcome.NotFound or OriginOutcome.Gone or OriginOutcome.Uncacheable }:
                known.Forget(version);
                return Conclude(version.Id, request, answer, version.Generation, before);
            case { Outcome: OriginOutcome.Refused or OriginOutcome.Other, Status: not 412 }:
                return LookupOf(answer);
            default:
                return known.TryServeStale(version, version.Id, request, answer.Reason)
                    ?? (answer.Outcome is OriginOutcome.Unreachable
                        ? await AskAsync(version.Id, request, firstByte, version.Generation, version, unwanted).ConfigureAwait(false)
                        : Conclude(version.Id, request, answer, version.Generation, before));
        }
    }

    // A version without a validator cannot be revalidated: the origin's next response is a new version, whatever its bytes are.
    private async Task<ObjectLookup> OpenAnewAsync(ObjectVersion before, RequestFields request, long? firstByte, CancellationToken unwanted)
    {
        var opened = await AskAsync(before.Id, request, firstByte, before.Generation, before, unwanted).ConfigureAwait(false);
        return opened.Error.IsOriginUnavailable() && known.TryServeStale(before, before.Id, request, opened.Reason!) is { } stale ? stale : opened;
    }

    /// <summary>Asks for an unknown object. The first wanted bytes come with the answer, and start the fill of their chunk.</summary>
    /// <param name="id">The object.</param>
    /// <param name="request">The client's request fields to forward.</param>
    /// <param name="firstByte">Where the client starts to read.</param>
    /// <param name="generation">The object's generation before the search.</param>
    /// <param name="before">The version known before. It is forgotten when the origin's answer says anything about the object.</param>
    /// <param name="unwanted">Cancelled when no caller waits any more: nothing is sent from then on.</param>
    public async Task<ObjectLookup> AskAsync(ObjectId id, RequestFields request, long? firstByte, long generation, ObjectVersion? before, CancellationToken unwanted)
    {
        var start = Math.Min(firstByte ?? 0, long.MaxValue - _chunkSize);
        var end = firstByte is null ? 1 : ((start / _chunkSize) + 1) * _chunkSize;
        var purged = purges.Groups;

        // A version known before may be served stale, so that no failure is worth another request.
        using var answer = await origins.GetWithRetriesAsync(
            new OriginRequest(id, new ByteRange(start, end)) { Generation = generation, Fields = request }, repeatsFailures: before is null, unwanted).ConfigureAwait(false);
        if (answer.Outcome is OriginOutcome.BeyondEnd)
        {
            return await AskBeyondEndAsync(id, request, start, generation, unwanted).ConfigureAwait(false);
        }

        if (before is not null
            && answer.Outcome is (OriginOutcome.Part or OriginOutcome.Whole or OriginOutcome.NotFound or OriginOutcome.Gone or OriginOutcome.Uncacheable))
        {
            known.Forget(before);
        }

        if (answer is not { Outcome: OriginOutcome.Part or OriginOutcome.Whole, Version: { } version })
        {
            return Conclude(id, request, answer, generation, purged);
        }

        version = AfterPurges(version, purged);

        // Before the version becomes known to other readers, which would start a fill of their own for the same bytes.
        if (firstByte is not null && start < version.Size && !unwanted.IsCancellationRequested)
        {
            var slice = version.Layout.SliceAt(start, version.Size);
            fills.Adopt(version.Chunk(slice.ChunkIndex), slice, answer.TakeBody());
        }

        return Found(version);
    }

    // A 416 names no version. The object's first byte does, but an empty object has none: it must be requested as a whole.
    private async Task<ObjectLookup> AskBeyondEndAsync(ObjectId id, RequestFields request, long start, long generation, CancellationToken unwanted)
    {
        if (start > 0)
        {
            return await AskAsync(id, request, firstByte: null, generation, before: null, unwanted).ConfigureAwait(false);
        }

        var before = purges.Groups;
        using var answer = await origins.GetWithRetriesAsync(
            new OriginRequest(id, Range: null) { Generation = generation, Fields = request }, repeatsFailures: true, unwanted).ConfigureAwait(false);
        return answer is { Outcome: OriginOutcome.Whole, Version: { } version } ? Found(AfterPurges(version, before)) : Conclude(id, request, answer, generation, before);
    }

    private ObjectLookup Found(ObjectVersion version)
    {
        known.Remember(version);
        return ObjectLookup.Found(version, askedOrigin: true);
    }

    // The generation of purges by tag follows from the response. Only those count that were known before the request: the origin may have answered before
    // a later one.
    private static ObjectVersion AfterPurges(ObjectVersion version, GroupPurges before) => version.Under(Math.Max(version.Generation, before.StampOf(version.Headers.Tags)));

    private ObjectLookup Conclude(ObjectId id, RequestFields request, OriginAnswer answer, long generation, GroupPurges before)
    {
        generation = Math.Max(generation, before.StampOf(answer.Tags));
        var lookup = LookupOf(answer).Tagged(answer.Tags);
        if (request.HasCredentials)
        {
            return lookup; // for this user only
        }

        // With parameters that are not part of the key, such as a viewer's token, a refusal or a redirect is for this request only.
        var isForObject = !id.HasOwnTarget || answer.Outcome is OriginOutcome.NotFound or OriginOutcome.Gone or OriginOutcome.Uncacheable;
        if (answer.Lifetime > TimeSpan.Zero && isForObject)
        {
            known.RememberAbsence(id, answer.KeepsReply ? lookup : lookup.WithoutReply(), generation, answer.Lifetime);
        }

        if (answer.Outcome is OriginOutcome.NotFound or OriginOutcome.Gone or OriginOutcome.Uncacheable)
        {
            known.ForgetContradiction(id);
        }

        return lookup;
    }

    private static ObjectLookup LookupOf(OriginAnswer answer) => answer.Outcome is OriginOutcome.Uncacheable or OriginOutcome.Other
        ? ObjectLookup.PassThrough(answer.Reply)
        : ObjectLookup.Failed(answer.ToError(), answer.Reason, answer.Status, answer.Reply);
}

using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Origin;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Objects;

/// <summary>Asks the origin which version of an object is current, and keeps what comes along with the answer.</summary>
internal sealed class ObjectsAtOrigin(OriginClient origin, KnownObjects known, FillTable fills, IOptions<CacheOptions> options)
{
    private readonly int _chunkSize = (int)options.Value.ChunkSize;

    /// <summary>Asks whether a version is still the current one. While the origin does not answer, it is taken to be.</summary>
    public async Task<ObjectLookup> RevalidateAsync(ObjectVersion version)
    {
        using var answer = await origin.GetAsync(
            new OriginRequest(version.Id, version.Size > 0 ? new ByteRange(0, 1) : null, version, OnlyIfChanged: true), CancellationToken.None).ConfigureAwait(false);
        switch (answer)
        {
            case { Outcome: OriginOutcome.NotModified or OriginOutcome.Part or OriginOutcome.Whole, Version: { } current }:
                return Learned(current, version);
            case { Outcome: OriginOutcome.BeyondEnd }:
                return await RevalidateWithoutRangeAsync(version).ConfigureAwait(false);
            default:
                return ConcludeRevalidation(version, answer);
        }
    }

    // A file that has become empty has no first byte to ask for.
    private async Task<ObjectLookup> RevalidateWithoutRangeAsync(ObjectVersion version)
    {
        using var answer = await origin.GetAsync(new OriginRequest(version.Id, Range: null, version, OnlyIfChanged: true), CancellationToken.None).ConfigureAwait(false);
        if (answer is { Outcome: OriginOutcome.NotModified or OriginOutcome.Whole, Version: { } current })
        {
            return Learned(current, version);
        }

        return ConcludeRevalidation(version, answer);
    }

    private ObjectLookup Learned(ObjectVersion current, ObjectVersion before)
    {
        known.Learn(current, before);
        return current.IsSameVersionAs(before) ? ObjectLookup.FoundAgain(current) : ObjectLookup.Found(current, askedOrigin: true);
    }

    // What says nothing of the object deletes nothing. A refusal is for this request, and is handed on; the version stays for when it is lifted.
    private ObjectLookup ConcludeRevalidation(ObjectVersion version, OriginAnswer answer)
    {
        switch (answer.Outcome)
        {
            case OriginOutcome.NotFound or OriginOutcome.Gone or OriginOutcome.Uncacheable:
                known.Forget(version);
                return Conclude(version.Id, answer, version.Generation);
            case OriginOutcome.Refused or OriginOutcome.Other when answer.Status is not 412:
                return LookupOf(answer);
            default:
                return known.ServeStale(version, answer.Reason);
        }
    }

    /// <summary>Asks for an object of which nothing is known. The bytes that are wanted first come with the answer, and begin the fill of their chunk.</summary>
    public async Task<ObjectLookup> AskAsync(ObjectId id, long? firstByte, long generation)
    {
        var start = firstByte ?? 0;
        var end = firstByte is null ? 1 : ((start / _chunkSize) + 1) * _chunkSize;
        using var answer = await origin.GetPatientlyAsync(new OriginRequest(id, new ByteRange(start, end)) { Generation = generation }, CancellationToken.None).ConfigureAwait(false);
        if (answer.Outcome is OriginOutcome.BeyondEnd)
        {
            return await AskBeyondEndAsync(id, start, generation).ConfigureAwait(false);
        }

        if (answer is not { Outcome: OriginOutcome.Part or OriginOutcome.Whole, Version: { } version })
        {
            return Conclude(id, answer, generation);
        }

        // Before the version is known to others, who would begin a fill of their own for the same bytes.
        if (firstByte is not null && start < version.Size)
        {
            var slice = version.Layout.SliceAt(start, version.Size);
            fills.Adopt(version.Chunk(slice.ChunkIndex), slice.Offset, answer.TakeBody());
        }

        return Found(version);
    }

    // A 416 names no version. The object's first byte does, and an empty object has not even that: it must be asked for as a whole.
    private async Task<ObjectLookup> AskBeyondEndAsync(ObjectId id, long start, long generation)
    {
        if (start > 0)
        {
            return await AskAsync(id, firstByte: null, generation).ConfigureAwait(false);
        }

        using var answer = await origin.GetPatientlyAsync(new OriginRequest(id, Range: null) { Generation = generation }, CancellationToken.None).ConfigureAwait(false);
        return answer is { Outcome: OriginOutcome.Whole, Version: { } version } ? Found(version) : Conclude(id, answer, generation);
    }

    private ObjectLookup Found(ObjectVersion version)
    {
        known.Remember(version);
        return ObjectLookup.Found(version, askedOrigin: true);
    }

    private ObjectLookup Conclude(ObjectId id, OriginAnswer answer, long generation)
    {
        var lookup = LookupOf(answer);
        if (answer.Lifetime > TimeSpan.Zero)
        {
            known.RememberNone(id, lookup, generation, answer.Lifetime);
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

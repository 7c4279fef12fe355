using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Objects;

/// <summary>What this process has learnt of objects: in its directory, in its records on disk, and which versions turned out to be the origin's no more.</summary>
internal sealed class KnownObjects(
    ObjectDirectory directory, PurgeLedger purges, TimeProvider time, IOptions<CacheOptions> options, ILogger<KnownObjects> log, DiskTier? disk = null)
{
    // While the origin does not answer, what was known is served on and it is asked again this often.
    private static readonly TimeSpan StaleFor = TimeSpan.FromSeconds(5);

    // Versions that a read found to be the origin's no more. The members that are asked for the current one are told, for they may
    // not have noticed yet; an entry goes when something is known of the object again.
    private readonly ConcurrentDictionary<ObjectId, string> _contradicted = new();
    private readonly int _chunkSize = (int)options.Value.ChunkSize;
    private readonly TimeSpan _notFoundLifetime = options.Value.NotFoundLifetime;

    /// <summary>Finds what may be relied on now.</summary>
    public bool TryFind(ObjectId id, out ObjectLookup known) => directory.TryFind(id, out known);

    /// <summary>Finds the version last known, fresh or not, without the records on disk.</summary>
    public bool TryFindVersion(ObjectId id, [NotNullWhen(true)] out ObjectVersion? version) => directory.TryFindVersion(id, out version);

    /// <summary>The token of a version that the origin has no more, and nothing is known of its successor; else null.</summary>
    public string? ContradictedVersionOf(ObjectId id) => _contradicted.GetValueOrDefault(id);

    /// <summary>Looks for the record on disk. It may be of before a purge.</summary>
    public async ValueTask<ObjectVersion?> ReadRecordAsync(ObjectId id)
    {
        if (disk is null)
        {
            return null;
        }

        var recorded = await disk.FindVersionAsync(id, _chunkSize, CancellationToken.None).ConfigureAwait(false);
        purges.Hear(id, recorded?.Generation ?? 0); // the ledger's file may have been lost, or not been written in time
        return recorded;
    }

    /// <summary>Takes a recorded version for the current one, if it is fresh.</summary>
    public bool TryRecall(ObjectVersion recorded)
    {
        if (time.GetUtcNow() >= recorded.Headers.FreshUntil)
        {
            return false;
        }

        directory.Remember(recorded);
        return true;
    }

    /// <summary>Takes note of the origin's current version, said by itself or by a member. One that was known before and is another goes.</summary>
    public void Learn(ObjectVersion current)
    {
        if (directory.TryFindVersion(current.Id, out var known))
        {
            ForgetIfAnother(known, current);
        }

        Remember(current);
    }

    /// <summary>The same when it is known which version was thought to be the current one.</summary>
    public void Learn(ObjectVersion current, ObjectVersion before)
    {
        ForgetIfAnother(before, current);
        Remember(current);
    }

    /// <summary>Remembers the origin's current version, where none was known.</summary>
    public void Remember(ObjectVersion version)
    {
        directory.Remember(version);
        _contradicted.TryRemove(version.Id, out _);
        disk?.StoreVersion(version);
        if (purges.IsPurged(version))
        {
            disk?.RemoveVersionRecord(version.Id); // while the origin answered
        }
    }

    /// <summary>Remembers for a while that there is no such object, or that it cannot be cached.</summary>
    /// <param name="id">The object.</param>
    /// <param name="none">What was found out.</param>
    /// <param name="generation">The object's generation from before the search.</param>
    /// <param name="lifetime">How long, if not for the longest time.</param>
    public void RememberNone(ObjectId id, ObjectLookup none, long generation, TimeSpan? lifetime = null) =>
        directory.Remember(id, none.AsRemembered(), time.GetUtcNow() + (lifetime ?? _notFoundLifetime), generation);

    /// <summary>There is no version to contradict any more.</summary>
    public void ForgetContradiction(ObjectId id) => _contradicted.TryRemove(id, out _);

    /// <summary>Serves on what was known while the origin is away. RFC 5861: rather stale than an error.</summary>
    public ObjectLookup ServeStale(ObjectVersion known, string reason)
    {
        log.ServingStale(known.Id.PathAndQuery, reason);
        directory.Remember(known.Id, ObjectLookup.Stale(known), time.GetUtcNow() + StaleFor, known.Generation);
        return ObjectLookup.Stale(known);
    }

    /// <summary>A peer has seen this version contradicted: if it is what is known here, the origin is asked again.</summary>
    public void Distrust(ObjectId id, string versionToken)
    {
        if (directory.TryFindVersion(id, out var known) && known.Token == versionToken)
        {
            Forget(known);
        }
    }

    /// <summary>Forgets a version that turned out not to be the origin's any more, with its record and its chunks on disk.</summary>
    public void Forget(ObjectVersion version)
    {
        directory.Forget(version);
        if (purges.IsPurged(version))
        {
            return; // the purge sees to the rest, and the record may be of its successor by now
        }

        _contradicted[version.Id] = version.Token;
        disk?.RemoveVersion(version);
        disk?.RemoveVersionRecord(version.Id);
    }

    private void ForgetIfAnother(ObjectVersion known, ObjectVersion current)
    {
        if (!known.IsSameVersionAs(current))
        {
            log.ObjectChanged(known.Id.PathAndQuery, known.Validator.Value, current.Validator.Value);
            Forget(known);
        }
    }
}

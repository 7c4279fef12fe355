using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
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

    private readonly Contradictions _contradicted = new(); // an entry goes when something is known of the object again
    private readonly int _chunkSize = (int)options.Value.ChunkSize;
    private readonly TimeSpan _notFoundLifetime = options.Value.NotFoundLifetime;

    /// <summary>Finds what may be relied on now.</summary>
    public bool TryFind(ObjectId id, RequestFields request, out ObjectLookup known) => directory.TryFind(id, request, out known);

    /// <inheritdoc cref="ObjectDirectory.TryFindWhileRevalidating"/>
    public bool TryFindWhileRevalidating(ObjectId id, RequestFields request, [NotNullWhen(true)] out ObjectVersion? version) =>
        directory.TryFindWhileRevalidating(id, request, out version);

    /// <summary>Finds the version last known to those who make such requests, fresh or not, without the records on disk.</summary>
    public bool TryFindVersion(ObjectId id, RequestFields request, [NotNullWhen(true)] out ObjectVersion? version) => directory.TryFindVersion(id, request, out version);

    /// <summary>Another variant of the object is known than those who make such requests get.</summary>
    public bool KnowsAnotherVariant(ObjectId id, RequestFields request) => directory.TryFindVersion(id, out _) && !directory.TryFindVersion(id, request, out _);

    /// <summary>The token of a version that the origin has no more, and nothing is known of its successor; else null.</summary>
    public string? ContradictedVersionOf(ObjectId id) => _contradicted.TokenOf(id);

    /// <summary>Looks for the record on disk. It may be of before a purge.</summary>
    public async ValueTask<ObjectVersion?> ReadRecordAsync(ObjectId id, RequestFields request)
    {
        if (disk is null)
        {
            return null;
        }

        var recorded = await disk.FindVersionAsync(id, _chunkSize, CancellationToken.None).ConfigureAwait(false);
        purges.Hear(id, recorded?.Generation ?? 0); // the ledger's file may have been lost, or not been written in time
        return recorded?.Headers.Variant is not { } variant || variant.Matches(request) ? recorded : null;
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
        if (directory.TryFindVersion(current.Id, current.Headers.Variant?.ToRequestFields() ?? RequestFields.None, out var known))
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
        _contradicted.Remove(version.Id);
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
    public void ForgetContradiction(ObjectId id) => _contradicted.Remove(id);

    /// <summary>Serves on what was known while the origin is away, unless it forbade that (RFC 9111 §4.2.4, RFC 5861 §4). Null: it may not be served any more.</summary>
    public ObjectLookup? TryServeStale(ObjectVersion known, string reason)
    {
        var now = time.GetUtcNow();
        var until = known.Headers.StaleIfErrorUntil;
        if (now >= until && now >= known.Headers.FreshUntil)
        {
            return null;
        }

        log.ServingStale(known.Id.Shown, reason);
        var askAgain = now + StaleFor;
        directory.Remember(known.Id, ObjectLookup.Stale(known), askAgain < until ? askAgain : until, known.Generation);
        return ObjectLookup.Stale(known);
    }

    /// <summary>A peer has seen this version contradicted: if it is what is known here, the origin is asked again.</summary>
    public void Distrust(ObjectId id, string versionToken)
    {
        if (directory.VersionsOf(id).FirstOrDefault(version => version.Token == versionToken) is { } known)
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

        _contradicted.Add(version.Id, version.Token);
        disk?.RemoveVersion(version);
        disk?.RemoveVersionRecord(version.Id);
    }

    private void ForgetIfAnother(ObjectVersion known, ObjectVersion current)
    {
        if (!known.IsSameVersionAs(current))
        {
            log.ObjectChanged(known.Id.Shown, known.Validator.Value, current.Validator.Value);
            Forget(known);
        }
    }
}

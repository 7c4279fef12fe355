using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Objects;

/// <summary>What this process knows about objects: its directory, its records on disk, and the versions found to be outdated.</summary>
internal sealed class KnownObjects(
    ObjectDirectory directory, PurgeLedger purges, OriginServers origins, TimeProvider time, IOptions<CacheOptions> options, ILogger<KnownObjects> log, DiskTier? disk = null)
{
    // While the origin is unavailable, stale metadata is served and the origin is asked again this often.
    private static readonly TimeSpan StaleFor = TimeSpan.FromSeconds(5);

    private readonly Contradictions _contradicted = new(); // an entry is removed when the object's state is known again
    private readonly int _chunkSize = (int)options.Value.ChunkSize;
    private readonly TimeSpan _notFoundLifetime = options.Value.NotFoundLifetime;

    /// <summary>Returns the generation of the object's content fetched from now on, as far as the tags of a known version tell it.</summary>
    public long GenerationOf(ObjectVersion known) => purges.GenerationOf(known.Id, known.Headers.Tags);

    /// <summary>Returns the object's current metadata if it is fresh.</summary>
    public bool TryFind(ObjectId id, RequestFields request, out ObjectLookup known) => directory.TryFind(id, request, out known);

    /// <inheritdoc cref="ObjectDirectory.TryFindWhileRevalidating"/>
    public bool TryFindWhileRevalidating(ObjectId id, RequestFields request, [NotNullWhen(true)] out ObjectVersion? version) =>
        directory.TryFindWhileRevalidating(id, request, out version);

    /// <summary>Finds the last known version that the request selects, fresh or stale. Ignores the records on disk.</summary>
    public bool TryFindVersion(ObjectId id, RequestFields request, [NotNullWhen(true)] out ObjectVersion? version) => directory.TryFindVersion(id, request, out version);

    /// <summary>Whether a version is known, fresh or stale, or there is a record on disk.</summary>
    public bool HasTraceOf(ObjectId id, RequestFields request) => TryFindVersion(id, request, out _) || disk?.Contains(DiskTree.RecordKey(id)) is true;

    /// <summary>Returns true if a variant of the object is known, but not the one that the request selects.</summary>
    public bool KnowsAnotherVariant(ObjectId id, RequestFields request) => directory.TryFindVersion(id, out _) && !directory.TryFindVersion(id, request, out _);

    /// <summary>Returns the token of a version that is outdated at the origin, if its successor is unknown; else null.</summary>
    public string? ContradictedVersionOf(ObjectId id) => _contradicted.TokenOf(id);

    /// <summary>Reads the record on disk. It may date from before a purge. A record of a version that is known to be outdated is ignored.</summary>
    public async ValueTask<ObjectVersion?> ReadRecordAsync(ObjectId id, RequestFields request)
    {
        if (disk is null)
        {
            return null;
        }

        var recorded = await disk.FindVersionAsync(id, _chunkSize, CancellationToken.None).ConfigureAwait(false);
        if (recorded is not null && _contradicted.TokenOf(id) is { } outdated && VersionToken.AreOfOne(recorded.Token, outdated))
        {
            return null; // the writing thread will remove it
        }

        if (recorded is not null && !purges.IsPurged(recorded))
        {
            purges.Add(id, recorded.Generation); // the ledger's file may have been lost, or not written in time
        }

        return recorded?.Headers.Variant is not { } variant || variant.Matches(request) ? recorded : null;
    }

    /// <summary>Uses a recorded version as the current one if it is fresh.</summary>
    public bool TryRecall(ObjectVersion recorded)
    {
        if (time.GetUtcNow() >= recorded.Headers.FreshUntil)
        {
            return false;
        }

        directory.Remember(recorded);
        return true;
    }

    /// <summary>Stores the current version, as reported by the origin or by a member, and forgets a different one that was known before.</summary>
    public void Learn(ObjectVersion current)
    {
        if (directory.TryFindVersion(current.Id, current.Headers.Variant?.ToRequestFields() ?? RequestFields.None, out var known))
        {
            ForgetIfAnother(known, current);
        }

        Remember(current);
    }

    /// <summary>Does the same if the caller knows which version counted as current before.</summary>
    public void Learn(ObjectVersion current, ObjectVersion before)
    {
        ForgetIfAnother(before, current);
        Remember(current);
    }

    /// <summary>Stores the origin's current version where none was known.</summary>
    public void Remember(ObjectVersion version)
    {
        directory.Remember(version);
        _contradicted.Remove(version.Id);
        disk?.StoreVersion(version);
        if (purges.IsPurged(version))
        {
            disk?.RemoveVersionRecord(version.Id); // purged while the origin answered
        }
    }

    /// <summary>Remembers for a while that the object does not exist, or that it cannot be cached.</summary>
    /// <param name="id">The object.</param>
    /// <param name="none">The result of the search.</param>
    /// <param name="generation">The object's generation before the search.</param>
    /// <param name="lifetime">How long; null: the configured maximum.</param>
    public void RememberAbsence(ObjectId id, ObjectLookup none, long generation, TimeSpan? lifetime = null) =>
        directory.Remember(id, none.Stored(), time.GetUtcNow() + (lifetime ?? _notFoundLifetime), generation);

    /// <summary>Forgets the outdated version of the object, if there is one.</summary>
    public void ForgetContradiction(ObjectId id) => _contradicted.Remove(id);

    /// <summary>
    /// Serves stale metadata while the origin is unavailable. Returns null if the
    /// origin forbade that or the time for it is over (RFC 9111 §4.2.4, RFC 5861 §4).
    /// </summary>
    /// <param name="known">The stale version.</param>
    /// <param name="id">The object, with the target of the request.</param>
    /// <param name="request">The client's request fields that were forwarded.</param>
    /// <param name="reason">Why the origin does not confirm the version.</param>
    public ObjectLookup? TryServeStale(ObjectVersion known, ObjectId id, RequestFields request, string reason)
    {
        var now = time.GetUtcNow();
        var until = known.Headers.StaleIfErrorUntil;
        if (now >= until && now >= known.Headers.FreshUntil)
        {
            return null;
        }

        log.ServingStale(known.Id.Shown, reason);
        if (IsForAll(known, id, request))
        {
            var askAgain = now + StaleFor;
            directory.Remember(known.Id, ObjectLookup.Stale(known), askAgain < until ? askAgain : until, known.Generation);
        }

        return ObjectLookup.Stale(known);
    }

    /// <summary>Forgets a version that a peer reports as outdated, if it is known here. The origin is then asked again.</summary>
    public void ForgetOutdated(ObjectId id, string versionToken)
    {
        if (directory.VersionsOf(id).FirstOrDefault(version => VersionToken.AreOfOne(version.Token, versionToken)) is { } known)
        {
            Forget(known);
        }
    }

    /// <summary>Forgets a version that is outdated at the origin, with its record and its chunks on disk.</summary>
    public void Forget(ObjectVersion version)
    {
        directory.Forget(version);
        if (purges.IsPurged(version))
        {
            return; // the purge removes the rest; the record may belong to the next version by now
        }

        _contradicted.Add(version.Id, version.Token);
        disk?.RemoveVersion(version);
        disk?.RemoveVersionRecord(version.Id);
    }

    // A failure may be due to one request alone: to a viewer's token, or to a field that selects no variant. Other requests then ask for themselves.
    private bool IsForAll(ObjectVersion known, ObjectId id, RequestFields request) =>
        origins.Of(id).Health.Outage is not null || (!id.HasOwnTarget && request.All.All(field => known.Headers.Variant?.Names(field.Key) is true));

    private void ForgetIfAnother(ObjectVersion known, ObjectVersion current)
    {
        if (!known.IsSameVersionAs(current))
        {
            log.ObjectChanged(known.Id.Shown, known.Validator.Value, current.Validator.Value);
            Forget(known);
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.SuperHot;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Objects;

/// <summary>Caches metadata of objects: the current version, that the object does not exist, or that it cannot be cached. Bounded in bytes.</summary>
internal sealed class ObjectDirectory(IOptions<CacheOptions> options, IOptionsMonitor<OriginOptions> origins, PurgeLedger purges, PurgeFreshness freshness, TimeProvider time) : IKnownVersions
{
    private readonly ConcurrentDictionary<ObjectId, ObjectEntry> _entries = new();
    private readonly S3FifoPolicy<ObjectId> _policy = new(options.Value.MetadataBudget);
    private readonly StripedCounter _gets = new();
    private readonly StripedCounter _hits = new();
    private long _evictions;

    public int Count => _entries.Count;

    public long UsedBytes => _policy.UsedBytes;

    public long Capacity => _policy.Capacity;

    public long Gets => _gets.Value;

    public long Hits => _hits.Value;

    public long Evictions => Volatile.Read(ref _evictions);

    /// <summary>Returns the object's current metadata if it is fresh.</summary>
    public bool TryFind(ObjectId id, RequestFields request, out ObjectLookup known)
    {
        _gets.Increment();
        if (_entries.TryGetValue(id, out var entry)
            && entry.Select(request) is { } variant && time.GetUtcNow() is var now && now < variant.Until && freshness.IsCurrent(now))
        {
            _hits.Increment();
            _policy.Touch(entry);
            known = variant.Known;
            return true;
        }

        known = default;
        return false;
    }

    /// <summary>Finds a stale version that may be served during revalidation.</summary>
    public bool TryFindWhileRevalidating(ObjectId id, RequestFields request, [NotNullWhen(true)] out ObjectVersion? version)
    {
        var now = time.GetUtcNow();
        version = TryFindVersion(id, request, out var known) && now < known.Headers.StaleWhileRevalidateUntil && freshness.IsCurrent(now) ? known : null;
        return version is not null;
    }

    /// <summary>Finds the last known version that the request selects, fresh or stale.</summary>
    public bool TryFindVersion(ObjectId id, RequestFields request, [NotNullWhen(true)] out ObjectVersion? version)
    {
        version = _entries.GetValueOrDefault(id)?.Select(request)?.Known.Version;
        return version is not null;
    }

    /// <summary>Finds the last known version, fresh or stale, whichever requests it is for.</summary>
    public bool TryFindVersion(ObjectId id, [NotNullWhen(true)] out ObjectVersion? version)
    {
        version = _entries.GetValueOrDefault(id)?.Variants[0].Known.Version;
        return version is not null;
    }

    /// <summary>Finds the object with this shown form (<see cref="ShownPath"/>).</summary>
    /// <returns>The object; null if there is none, or more than one.</returns>
    /// <remarks>Scans all entries: for operators.</remarks>
    public ObjectId? FindShown(string shown)
    {
        var path = shown.AsSpan(0, shown.Length - ShownPath.MarkLength);
        ObjectId? found = null;
        foreach (var (id, _) in _entries)
        {
            if (!id.Text.AsSpan().StartsWith(path, StringComparison.Ordinal) || id.Shown != shown)
            {
                continue;
            }

            if (found is not null)
            {
                return null;
            }

            found = id;
        }

        return found;
    }

    /// <summary>Returns the versions of all known variants.</summary>
    public IEnumerable<ObjectVersion> VersionsOf(ObjectId id) =>
        _entries.GetValueOrDefault(id) is { } entry ? entry.Variants.Select(variant => variant.Known.Version).OfType<ObjectVersion>() : [];

    public void Remember(ObjectVersion version) =>
        Remember(version.Id, ObjectLookup.Found(version, askedOrigin: false), version.Headers.FreshUntil, version.Generation);

    /// <param name="id">The object.</param>
    /// <param name="known">The result of the search.</param>
    /// <param name="until">Until when the result is fresh.</param>
    /// <param name="generation">The object's generation before the search. If the object was purged since, the result is dropped.</param>
    public void Remember(ObjectId id, ObjectLookup known, DateTimeOffset until, long generation)
    {
        id = id.Shared;
        var learnt = new KnownVariant(known.AsStored(), until);
        while (!TryReplace(id, learnt))
        {
            // Another thread changed the object's entry at the same moment.
        }

        while (_policy.UsedBytes > _policy.Capacity && _policy.TryEvict(out var victim))
        {
            if (_entries.TryRemove(KeyValuePair.Create(victim.Key, (ObjectEntry)victim)))
            {
                Interlocked.Increment(ref _evictions);
            }
        }

        // Against a concurrent purge. The purge updates the ledger, then scans the entries. This thread adds its entry, then asks the ledger. So
        // at least one of the two sees the other, whichever is first.
        if (purges.GenerationOf(id, learnt.Tags) > generation)
        {
            Forget(id);
        }
    }

    /// <summary>
    /// Forgets all that is known about the objects that the condition selects, negative results included. Scans every entry: for purges.
    /// </summary>
    public void Forget(Func<ObjectId, KnownVariant, bool> isToGo)
    {
        foreach (var pair in _entries)
        {
            if (pair.Value.Variants.Any(variant => isToGo(pair.Key, variant)) && _entries.TryRemove(pair))
            {
                _policy.Remove(pair.Value);
            }
        }
    }

    /// <summary>Forgets all that is known about the object.</summary>
    public void Forget(ObjectId id)
    {
        if (_entries.TryRemove(id, out var entry))
        {
            _policy.Remove(entry);
        }
    }

    /// <summary>Forgets this version, for all requests that select it.</summary>
    public void Forget(ObjectVersion version)
    {
        while (_entries.TryGetValue(version.Id, out var entry) && entry.Variants.Any(IsOf))
        {
            KnownVariant[] left = [.. entry.Variants.Where(variant => !IsOf(variant))];
            if (left is [] ? _entries.TryRemove(KeyValuePair.Create(version.Id, entry)) : TryReplace(entry, left))
            {
                _policy.Remove(entry);
            }
        }

        bool IsOf(KnownVariant variant) => variant.Known.Version?.IsSameVersionAs(version) == true;
    }

    private int MostVariantsOf(ObjectId id) => origins.Get(SiteNames.ScopeOfLabel(id.Label)).MaxVariants;

    private bool TryReplace(ObjectId id, KnownVariant learnt)
    {
        if (!_entries.TryGetValue(id, out var before))
        {
            var first = new ObjectEntry(id, [learnt]);
            return TryEnter(first, () => _entries.TryAdd(id, first));
        }

        if (!TryReplace(before, before.With(learnt, MostVariantsOf(id))))
        {
            return false;
        }

        _policy.Remove(before);
        return true;
    }

    private bool TryReplace(ObjectEntry before, KnownVariant[] variants)
    {
        var entry = new ObjectEntry(before.Key, variants);
        return TryEnter(entry, () => _entries.TryUpdate(before.Key, entry, before));
    }

    // The policy gets an entry before others can find it, so a thread that removes the entry finds it in the policy.
    private bool TryEnter(ObjectEntry entry, Func<bool> enter)
    {
        _policy.Add(entry);
        if (enter())
        {
            return true;
        }

        _policy.Remove(entry);
        return false;
    }
}

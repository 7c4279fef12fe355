using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.SuperHot;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Objects;

/// <summary>Remembers objects: their current version, that there is none, or that they cannot be cached. Holds its budget in bytes.</summary>
internal sealed class ObjectDirectory(IOptions<CacheOptions> options, IOptions<OriginOptions> origin, PurgeLedger purges, PurgeFreshness currency, TimeProvider time) : IKnownVersions
{
    private readonly int _mostVariants = origin.Value.MaxVariants;
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

    /// <summary>Finds what may be relied on now.</summary>
    public bool TryFind(ObjectId id, RequestFields request, out ObjectLookup known)
    {
        _gets.Increment();
        if (_entries.TryGetValue(id, out var entry)
            && entry.Select(request) is { } variant && time.GetUtcNow() is var now && now < variant.Until && currency.IsCurrent(now))
        {
            _hits.Increment();
            _policy.Touch(entry);
            known = variant.Known;
            return true;
        }

        known = default;
        return false;
    }

    /// <summary>Finds a version that is stale and may be served while the origin is asked.</summary>
    public bool TryFindWhileRevalidating(ObjectId id, RequestFields request, [NotNullWhen(true)] out ObjectVersion? version)
    {
        var now = time.GetUtcNow();
        version = TryFindVersion(id, request, out var known) && now < known.Headers.StaleWhileRevalidateUntil && currency.IsCurrent(now) ? known : null;
        return version is not null;
    }

    /// <summary>Finds the version last known to those who make such requests, fresh or not.</summary>
    public bool TryFindVersion(ObjectId id, RequestFields request, [NotNullWhen(true)] out ObjectVersion? version)
    {
        version = _entries.GetValueOrDefault(id)?.Select(request)?.Known.Version;
        return version is not null;
    }

    /// <summary>Finds the version last known, fresh or not, whichever requests it is for.</summary>
    public bool TryFindVersion(ObjectId id, [NotNullWhen(true)] out ObjectVersion? version)
    {
        version = _entries.GetValueOrDefault(id)?.Variants[0].Known.Version;
        return version is not null;
    }

    /// <summary>Finds the object that is shown so (<see cref="ShownPath"/>); null if there is none, or more than one. Looks at every entry: for operators.</summary>
    public ObjectId? FindShown(string shown)
    {
        var path = shown.AsSpan(0, shown.Length - ShownPath.MarkLength);
        ObjectId? found = null;
        foreach (var (id, _) in _entries)
        {
            if (!id.PathAndQuery.AsSpan().StartsWith(path, StringComparison.Ordinal) || id.Shown != shown)
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

    /// <summary>The versions of all variants that are known.</summary>
    public IEnumerable<ObjectVersion> VersionsOf(ObjectId id) =>
        _entries.GetValueOrDefault(id) is { } entry ? entry.Variants.Select(variant => variant.Known.Version).OfType<ObjectVersion>() : [];

    public void Remember(ObjectVersion version) =>
        Remember(version.Id, ObjectLookup.Found(version, askedOrigin: false), version.Headers.FreshUntil, version.Generation);

    /// <param name="id">The object.</param>
    /// <param name="known">What was found out.</param>
    /// <param name="until">How long that may be relied on.</param>
    /// <param name="generation">The object's generation from before the search: after a later purge it is nothing to be remembered.</param>
    public void Remember(ObjectId id, ObjectLookup known, DateTimeOffset until, long generation)
    {
        var learnt = new KnownVariant(known, until);
        while (!TryReplace(id, learnt))
        {
            // Another one learnt something of the object at the same moment.
        }

        while (_policy.UsedBytes > _policy.Capacity && _policy.TryEvict(out var victim))
        {
            if (_entries.TryRemove(KeyValuePair.Create(victim.Key, (ObjectEntry)victim)))
            {
                Interlocked.Increment(ref _evictions);
            }
        }

        // Against a purge at the same moment: the ledger hears of it, then the entries are looked through. This entry came among them, then the
        // ledger is asked. Whichever is first, one of the two sees the other.
        if (purges.GenerationOf(id) > generation)
        {
            Forget(id);
        }
    }

    /// <summary>Forgets all that is known of the objects that the condition names: versions, and that there is none. Looks at every entry: for purges.</summary>
    public void Forget(Func<ObjectId, ObjectVersion?, bool> isToGo)
    {
        foreach (var pair in _entries)
        {
            if (pair.Value.Variants.Any(variant => isToGo(pair.Key, variant.Known.Version)) && _entries.TryRemove(pair))
            {
                _policy.Remove(pair.Value);
            }
        }
    }

    /// <summary>Forgets whatever is known of the object.</summary>
    public void Forget(ObjectId id)
    {
        if (_entries.TryRemove(id, out var entry))
        {
            _policy.Remove(entry);
        }
    }

    /// <summary>Forgets this version, for all requests for which it is the one that is known.</summary>
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

    private bool TryReplace(ObjectId id, KnownVariant learnt)
    {
        if (!_entries.TryGetValue(id, out var before))
        {
            var first = new ObjectEntry(id, [learnt]);
            return TryEnter(first, () => _entries.TryAdd(id, first));
        }

        if (!TryReplace(before, before.With(learnt, _mostVariants)))
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

    // The policy knows an entry before others can find it: who removes it finds it there.
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

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.SuperHot;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Objects;

/// <summary>Remembers objects: their current version, that there is none, or that they cannot be cached. Holds its budget in bytes.</summary>
internal sealed class ObjectDirectory(IOptions<CacheOptions> options, PurgeLedger purges, PurgeCurrency currency, TimeProvider time) : IKnownVersions
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

    /// <summary>Finds what may be relied on now.</summary>
    public bool TryFind(ObjectId id, out ObjectLookup known)
    {
        _gets.Increment();
        if (_entries.TryGetValue(id, out var entry) && time.GetUtcNow() is var now && now < entry.Until && currency.IsCurrent(now))
        {
            _hits.Increment();
            _policy.Touch(entry);
            known = entry.Known;
            return true;
        }

        known = default;
        return false;
    }

    /// <summary>Finds the version last known, fresh or not.</summary>
    public bool TryFindVersion(ObjectId id, [NotNullWhen(true)] out ObjectVersion? version)
    {
        version = _entries.GetValueOrDefault(id)?.Known.Version;
        return version is not null;
    }

    public void Remember(ObjectVersion version) =>
        Remember(version.Id, ObjectLookup.Found(version, askedOrigin: false), version.Headers.FreshUntil, version.Generation);

    /// <param name="id">The object.</param>
    /// <param name="known">What was found out.</param>
    /// <param name="until">How long that may be relied on.</param>
    /// <param name="generation">The object's generation from before the search: after a later purge it is nothing to be remembered.</param>
    public void Remember(ObjectId id, ObjectLookup known, DateTimeOffset until, long generation)
    {
        var entry = new ObjectEntry(id, known, until);
        _policy.Add(entry);
        while (!_entries.TryAdd(id, entry))
        {
            if (_entries.TryRemove(id, out var replaced))
            {
                _policy.Remove(replaced);
            }
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
            if (isToGo(pair.Key, pair.Value.Known.Version) && _entries.TryRemove(pair))
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

    /// <summary>Forgets this version, if it is the one that is known.</summary>
    public void Forget(ObjectVersion version)
    {
        if (_entries.TryGetValue(version.Id, out var entry) && entry.Known.Version is { } known && known.IsSameVersionAs(version)
            && _entries.TryRemove(KeyValuePair.Create(version.Id, entry)))
        {
            _policy.Remove(entry);
        }
    }
}

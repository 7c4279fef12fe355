using System.Collections.Concurrent;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Reads;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Purges;

/// <summary>Which objects have been purged, as far as this process has heard. Pure bookkeeping.</summary>
/// <remarks>
/// Ledgers are joined by taking the later stamp of each object, so in whatever order, and however often, purges are heard: whoever has heard the same
/// has the same ledger. When there are too many the earliest are forgotten; <see cref="Floor"/> says up to where.
/// </remarks>
internal sealed class PurgeLedger(IOptions<PurgeOptions> options, TimeProvider time)
{
    // So many at a time, that forgetting costs a sort now and then and not with each purge.
    private const int ForgottenPart = 16;

    // Paths are for people, who look at the latest.
    private const int PathsKept = 256;

    // Further ahead than clocks differ. A later stamp would outlast every purge of the object to come.
    private static readonly TimeSpan FurthestAhead = TimeSpan.FromHours(1);

    private readonly int _remembered = options.Value.Remembered;
    private readonly ConcurrentDictionary<UInt128, long> _stamps = new();
    private readonly Lock _gate = new();
    private List<Purge> _heard = []; // under _gate; in the order in which they came, those that a later one replaced among them
    private long _forgottenBefore; // under _gate; how many came before the first of _heard
    private readonly AsyncSignal _news = new();
    private long _floor;
    private long _newest;
    private volatile bool _isEmpty = true;

    public int Count => _stamps.Count;

    /// <summary>The sequence up to which everything is of an earlier life of this process, which did what was to be done.</summary>
    public long RestoredUpTo { get; private set; }

    /// <summary>The latest stamp among those that were forgotten, here or where this ledger's purges come from; 0: none was.</summary>
    public long Floor => Volatile.Read(ref _floor);

    /// <summary>The latest stamp of all.</summary>
    public long Newest => Volatile.Read(ref _newest);

    /// <summary>Goes up with everything that is heard.</summary>
    public long Sequence
    {
        get
        {
            lock (_gate)
            {
                return _forgottenBefore + _heard.Count;
            }
        }
    }

    /// <summary>The generation of what is fetched of the object from now on; 0 for one that was never purged.</summary>
    public long GenerationOf(ObjectId id) => _isEmpty ? 0 : GenerationOf(id.Hash);

    /// <inheritdoc cref="GenerationOf(ObjectId)"/>
    public long GenerationOf(UInt128 id) => _stamps.GetValueOrDefault(id);

    /// <summary>The object has been purged since the origin was asked for this version.</summary>
    public bool IsPurged(ObjectVersion version) => !_isEmpty && version.Generation < GenerationOf(version.Id);

    /// <exception cref="ChunkReadException">The object has been purged since: what the origin has now may be other bytes under the same name.</exception>
    public void ThrowIfPurged(ObjectVersion version)
    {
        if (IsPurged(version))
        {
            throw new ChunkReadException(ProxyError.VersionChanged, "the object has been purged");
        }
    }

    /// <summary>A stamp or a floor may be of a purge that has happened: it does not lie in the future.</summary>
    public bool IsPlausible(long stamp) => stamp <= MicrosecondsOf(time.GetUtcNow() + FurthestAhead);

    /// <summary>Takes in that somebody knows of this generation of the object.</summary>
    public void Hear(ObjectId id, long generation)
    {
        if (generation > 0 && generation > GenerationOf(id.Hash))
        {
            Hear([new Purge(id.Hash, generation, id.PathAndQuery)]);
        }
    }

    /// <summary>Returns a purge of the object that is later than any this ledger has heard of it.</summary>
    /// <param name="id">The object.</param>
    /// <param name="now">By this process's clock.</param>
    public Purge Next(ObjectId id, DateTimeOffset now) => new(id.Hash, Math.Max(MicrosecondsOf(now), GenerationOf(id.Hash) + 1), id.PathAndQuery);

    /// <summary>Takes in what was heard in an earlier life.</summary>
    public void Restore(IEnumerable<Purge> purges, long floor)
    {
        RaiseFloor(floor);
        Hear(purges);
        RestoredUpTo = Sequence;
    }

    /// <summary>Takes purges in, and returns those that are news. One from the future is ignored (<see cref="IsPlausible"/>).</summary>
    public IReadOnlyList<Purge> Hear(IEnumerable<Purge> purges)
    {
        var news = new List<Purge>();
        lock (_gate)
        {
            foreach (var purge in purges)
            {
                if (purge.Stamp > _stamps.GetValueOrDefault(purge.Object) && IsPlausible(purge.Stamp))
                {
                    _stamps[purge.Object] = purge.Stamp;
                    _newest = Math.Max(_newest, purge.Stamp);
                    news.Add(purge);
                }
            }

            if (news.Count == 0)
            {
                return news;
            }

            _isEmpty = false;
            _heard.AddRange(news);
            for (var i = Math.Max(0, _heard.Count - news.Count - PathsKept); i < _heard.Count - PathsKept; i++)
            {
                _heard[i] = _heard[i] with { Path = null };
            }

            Forget();
            _news.Raise();
        }

        return news;
    }

    /// <summary>Takes note that whoever this ledger hears from has forgotten what is as old as this.</summary>
    public void RaiseFloor(long floor)
    {
        if (!IsPlausible(floor))
        {
            return;
        }

        lock (_gate)
        {
            _floor = Math.Max(_floor, floor);
            _newest = Math.Max(_newest, floor);
        }
    }

    /// <summary>Returns what was heard after that point, and the point after it.</summary>
    /// <param name="sequence">A <see cref="Sequence"/> of before; 0: everything that is remembered.</param>
    public (IReadOnlyList<Purge> Purges, long Sequence) After(long sequence)
    {
        lock (_gate)
        {
            var skipped = (int)Math.Clamp(sequence - _forgottenBefore, 0, _heard.Count);
            return ([.. _heard.Skip(skipped).Where(IsCurrent)], _forgottenBefore + _heard.Count);
        }
    }

    /// <summary>Completes when more has been heard than up to that point.</summary>
    public Task WhenAfter(long sequence)
    {
        lock (_gate)
        {
            return _forgottenBefore + _heard.Count > sequence ? Task.CompletedTask : _news.Next;
        }
    }

    // Under the lock.
    private void Forget()
    {
        if (_stamps.Count > _remembered)
        {
            var tooMany = _stamps.Count - _remembered + (_remembered / ForgottenPart);
            foreach (var (id, stamp) in _stamps.OrderBy(it => it.Value).Take(tooMany).ToList())
            {
                _stamps.TryRemove(id, out _);
                _floor = Math.Max(_floor, stamp);
            }
        }

        if (_heard.Count > (2 * _stamps.Count) + ForgottenPart)
        {
            var current = _heard.FindAll(IsCurrent);
            _forgottenBefore += _heard.Count - current.Count; // whoever stands between hears some of them again, which changes nothing
            _heard = current;
        }
    }

    private bool IsCurrent(Purge purge) => _stamps.GetValueOrDefault(purge.Object) == purge.Stamp;

    private static long MicrosecondsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}

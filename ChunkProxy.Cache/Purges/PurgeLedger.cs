using System.Collections.Concurrent;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Purges;

/// <summary>The purged objects known to this process. Does no I/O.</summary>
/// <remarks>
/// Ledgers are merged by taking the later stamp of each object. Processes that received the same purges therefore have equal ledgers, in whatever
/// order and however often they received them. Beyond a limit the earliest purges are forgotten; <see cref="Floor"/> is the latest forgotten stamp.
/// </remarks>
internal sealed class PurgeLedger(IOptions<PurgeOptions> options, TimeProvider time, SiteTable? sites = null)
{
    // Fraction forgotten at a time, so that the sort this needs is rare and does not run with each purge.
    private const int ForgottenPart = 16;

    // Number of latest purges whose paths are kept, for display.
    private const int PathsKept = 256;

    // Clocks do not differ by more. A stamp further in the future would outlast all later purges of the object.
    private static readonly TimeSpan FurthestAhead = TimeSpan.FromHours(1);

    private readonly int _remembered = options.Value.Remembered;
    private readonly int _rememberedGroups = options.Value.RememberedGroups;
    private readonly ConcurrentDictionary<Hash128, long> _stamps = new();
    private readonly Lock _gate = new();
    private volatile GroupPurges _groups = GroupPurges.None; // replaced under _gate
    private List<Purge> _log = []; // under _gate; in order of arrival, including purges that a later one replaced
    private long _forgottenBefore; // under _gate; number of purges before the first of _heard
    private readonly AsyncSignal _news = new();
    private long _floor;
    private long _newest;
    private volatile bool _isEmpty = true;

    public int Count => _stamps.Count;

    /// <inheritdoc cref="PurgeOptions.Remembered"/>
    public int Remembered => _remembered;

    /// <summary>The purges of several objects.</summary>
    public GroupPurges Groups => _groups;

    /// <summary>The sequence up to which purges were restored from an earlier run of this process, which had already applied them.</summary>
    public long RestoredUpTo { get; private set; }

    /// <summary>The latest forgotten stamp, here or in the ledgers that this one received from; 0 if none was forgotten.</summary>
    public long Floor => Volatile.Read(ref _floor);

    /// <summary>The latest stamp.</summary>
    public long Newest => Volatile.Read(ref _newest);

    /// <summary>Number of purges received so far.</summary>
    public long Sequence
    {
        get
        {
            lock (_gate)
            {
                return _forgottenBefore + _log.Count;
            }
        }
    }

    /// <summary>Returns the generation of content of the object fetched from now on; 0 if the object was never purged.</summary>
    /// <remarks>Not of purges by tag: the tags are in the response.</remarks>
    public long GenerationOf(ObjectId id) => _isEmpty ? 0 : Math.Max(GenerationOf(id.Hash), _groups.StampOf(id));

    /// <summary>Returns the stamp of the last purge of this object alone; 0 for none.</summary>
    public long GenerationOf(Hash128 id) => _stamps.GetValueOrDefault(id);

    /// <summary>Returns the latest stamp of all purges that cover an object with these tags; 0 for none.</summary>
    public long GenerationOf(ObjectId id, ObjectTags tags) => _isEmpty ? 0 : Math.Max(GenerationOf(id.Hash), _groups.StampOf(id, tags));

    /// <summary>Returns whether the object was purged after the origin was asked for this version.</summary>
    public bool IsPurged(ObjectVersion version) => !_isEmpty && version.Generation < GenerationOf(version.Id, version.Headers.Tags);

    /// <summary>Returns whether content with these tags, fetched under a generation, was purged by tag.</summary>
    public bool IsPurged(ObjectTags tags, long generation) => !_isEmpty && generation < _groups.StampOf(tags);

    /// <exception cref="ChunkReadException">The object was purged since: the origin may now have other bytes under the same name.</exception>
    public void ThrowIfPurged(ObjectVersion version)
    {
        if (IsPurged(version))
        {
            throw new ChunkReadException(ProxyError.VersionChanged, "the object has been purged");
        }
    }

    /// <summary>Returns whether a stamp or floor can come from a real purge, that is, is not in the future (within a tolerance).</summary>
    public bool IsPlausible(long stamp) => stamp <= MicrosecondsOf(time.GetUtcNow() + FurthestAhead);

    /// <summary>Records a generation of the object that another process reported.</summary>
    /// <remarks>The generation of a purge by tag that is known here is not recorded for each of its objects.</remarks>
    public void Add(ObjectId id, long generation)
    {
        if (generation > 0 && generation > GenerationOf(id) && !_groups.HasTagStamp(generation))
        {
            Add([new Purge(id.Hash, generation, id.Text)]);
        }
    }

    /// <summary>Returns a purge of the object with a stamp above any of the object's in this ledger, whatever its tags are.</summary>
    /// <param name="id">The object.</param>
    /// <param name="now">The time, by this process's clock.</param>
    public Purge Next(ObjectId id, DateTimeOffset now) => new(id.Hash, Math.Max(MicrosecondsOf(now), Math.Max(GenerationOf(id), _groups.NewestOfTags) + 1), id.Text);

    /// <summary>Returns a purge of several objects with a stamp above all in this ledger, because each of them may be of one of its objects.</summary>
    /// <param name="purge">The purge, with any stamp.</param>
    /// <param name="now">The time, by this process's clock.</param>
    /// <param name="above">A stamp that another ledger has.</param>
    public Purge Next(Purge purge, DateTimeOffset now, long above) => purge with { Stamp = Math.Max(MicrosecondsOf(now), Math.Max(Newest, above) + 1) };

    /// <summary>Returns the latest stamp that the objects of a purge may have here. If it is above the purge's own, the purge does not cover everything.</summary>
    public long GenerationAfter(Purge purge) => purge.IsOfSeveral
        ? Newest
        : Math.Max(GenerationOf(purge.Object), Math.Max(_groups.NewestOfTags, purge.Path is { } key ? _groups.StampOf(key) : 0));

    /// <summary>Restores purges from an earlier run of this process.</summary>
    public void Restore(IEnumerable<Purge> purges, long floor)
    {
        RaiseFloor(floor);
        Add(purges.SelectMany(purge => Known(purge, isEarlier: true)));
        RestoredUpTo = Sequence;
    }

    /// <summary>Adds purges and returns the new ones. Ignores purges from the future (<see cref="IsPlausible"/>).</summary>
    public IReadOnlyList<Purge> Add(IEnumerable<Purge> purges)
    {
        var news = new List<Purge>();
        lock (_gate)
        {
            foreach (var purge in purges.SelectMany(purge => Known(purge)))
            {
                if (purge.Stamp > StampOf(purge) && IsPlausible(purge.Stamp))
                {
                    if (purge.IsOfSeveral)
                    {
                        _groups = _groups.With([purge], _rememberedGroups, out var forgotten);
                        _floor = Math.Max(_floor, forgotten);
                    }
                    else
                    {
                        _stamps[purge.Object] = purge.Stamp;
                    }

                    _newest = Math.Max(_newest, purge.Stamp);
                    news.Add(purge);
                }
            }

            if (news.Count == 0)
            {
                return news;
            }

            _isEmpty = false;
            _log.AddRange(news);
            for (var i = Math.Max(0, _log.Count - news.Count - PathsKept); i < _log.Count - PathsKept; i++)
            {
                _log[i] = _log[i].IsOfSeveral ? _log[i] : _log[i] with { Path = null };
            }

            Forget();
            _news.Raise();
        }

        return news;
    }

    /// <summary>Records that another ledger has forgotten stamps up to this one.</summary>
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

    /// <summary>Returns the purges received after a sequence, and the current sequence.</summary>
    /// <param name="sequence">An earlier <see cref="Sequence"/>; 0 for all remembered purges.</param>
    public (IReadOnlyList<Purge> Purges, long Sequence) After(long sequence)
    {
        lock (_gate)
        {
            var skipped = (int)Math.Clamp(sequence - _forgottenBefore, 0, _log.Count);
            return ([.. _log.Skip(skipped).Where(IsCurrent)], _forgottenBefore + _log.Count);
        }
    }

    /// <summary>Completes when purges beyond the sequence have been received.</summary>
    public Task WhenAfter(long sequence)
    {
        lock (_gate)
        {
            return _forgottenBefore + _log.Count > sequence ? Task.CompletedTask : _news.Next;
        }
    }

    // Called under _gate.
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

        if (_log.Count > (2 * (_stamps.Count + _groups.Count)) + ForgottenPart)
        {
            var current = _log.FindAll(IsCurrent);
            _forgottenBefore += _log.Count - current.Count; // a reader at a removed position receives some purges again, which has no effect
            _log = current;
        }
    }

    // Origins may have had other names, or none, before this process started. Then the purge is for all of them: too much is fetched again, and nothing that was purged is
    // served. A member may send a purge of an origin that this process does not have: it is kept as it is, and counts when a reload brings the origin.
    private IEnumerable<Purge> Known(Purge purge, bool isEarlier = false) =>
        purge is { Scope: PurgeScope.Path or PurgeScope.Prefix, Path: { } text } && sites is not null && !sites.Has(text) && (isEarlier || text is ['/', ..] || !sites.AreNamed)
            ? sites.All.Select(site => Purge.OfSeveral(purge.Scope, new ObjectId(SiteTable.PathOf(text), label: site.Name).Text, purge.Stamp)).OfType<Purge>()
            : [purge];

    private bool IsCurrent(Purge purge) => StampOf(purge) == purge.Stamp;

    private long StampOf(Purge purge) => purge.IsOfSeveral ? _groups.StampOf(purge.Object) : _stamps.GetValueOrDefault(purge.Object);

    private static long MicrosecondsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}

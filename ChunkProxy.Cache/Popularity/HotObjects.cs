using System.Collections.Concurrent;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Popularity;

/// <summary>Counts the reads of clients by object, for the objects that are read most: a bounded number.</summary>
/// <remarks>
/// A version keeps its counters, so a read of a counted object looks nothing up and takes no lock. A read of another object tries to have it counted in
/// place of one that is read less: the coldest of a few that are chosen at random. So many objects that are read once displace each other and not the hot
/// ones. How often that happens in an interval is bounded. Nothing is allocated before the first read.
/// </remarks>
internal sealed class HotObjects(TimeProvider time) : IDisposable
{
    /// <summary>Most objects that are counted.</summary>
    public const int Most = 512;

    private const int Compared = 16; // of which the coldest is replaced
    private const int MostAdmitted = 2000; // in one interval

    /// <summary>The interval in which viewers are counted anew. Those of the last one still count as viewers.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, Slot> _byName = new(StringComparer.Ordinal); // the texts of objects, and the folders of segments
    private readonly List<Slot> _slots = []; // under _gate
    private ITimer? _timer; // under _gate
    private long _intervalAt; // under _gate
    private int _admitted;
    private ObjectActivity? _uncounted; // marks the versions that are not counted in this interval

    /// <summary>Returns the counters of the object; null if it is not counted.</summary>
    public ObjectActivity? Of(ObjectVersion version) => version.Activity switch
    {
        { IsRetired: false } known => known,
        { } retired when retired == Volatile.Read(ref _uncounted) => null,
        _ => Find(version),
    };

    /// <summary>Returns the counters of all counted objects, with their activity of the last interval.</summary>
    public IReadOnlyList<HotObject> Read()
    {
        lock (_gate)
        {
            var seconds = Math.Max(1, time.GetElapsedTime(_intervalAt).TotalSeconds);
            return [.. _slots.Select(slot => slot.Read(seconds))];
        }
    }

    /// <summary>Returns the counters of the object with this text, or of the segments below its folder if it is a playlist or a folder.</summary>
    /// <param name="text"><see cref="ObjectId.Text"/> of the object.</param>
    public IReadOnlyList<ObjectActivity> Named(string text)
    {
        if (SegmentPath.FolderOfFilm(text) is not { } folder)
        {
            return _byName.TryGetValue(text, out var slot) ? [slot.Activity] : [];
        }

        return [.. _byName.Where(it => it.Value.Activity.IsOfSegments && it.Key.StartsWith(folder, StringComparison.Ordinal)).Select(it => it.Value.Activity)];
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _timer?.Dispose();
        }
    }

    private ObjectActivity? Find(ObjectVersion version)
    {
        var folder = version.Id.Label.Length == 0 ? SegmentPath.FolderOf(version.Id.PathAndQuery) : SegmentPath.FolderOf(version.Id.Text);
        var found = folder.IsEmpty
            ? _byName.GetValueOrDefault(version.Id.Text)
            : _byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(folder, out var slot) ? slot : null;
        if (found is null && Volatile.Read(ref _admitted) >= MostAdmitted)
        {
            version.Activity = Volatile.Read(ref _uncounted); // so that further reads look nothing up
            return null;
        }

        found ??= Admit(folder.IsEmpty ? version.Id.Text : folder.ToString(), version, !folder.IsEmpty);
        return version.Activity = found?.Activity;
    }

    // A thread that does not get the lock counts nothing: the object is read again if it is hot.
    private Slot? Admit(string name, ObjectVersion version, bool isOfSegments)
    {
        if (!_gate.TryEnter())
        {
            return null;
        }

        try
        {
            if (_byName.TryGetValue(name, out var found))
            {
                return found;
            }

            if (_timer is null)
            {
                _intervalAt = time.GetTimestamp();
                using (ExecutionContext.SuppressFlow())
                {
                    _timer = time.CreateTimer(_ => NextInterval(), null, Interval, Interval); // belongs to no request
                }
            }

            if (++_admitted == 1)
            {
                var mark = new ObjectActivity("", isOfSegments: false);
                mark.Retire();
                Volatile.Write(ref _uncounted, mark);
            }

            var slot = new Slot(name, new ObjectActivity(isOfSegments ? name : version.Id.Shown, isOfSegments));
            if (_slots.Count < Most)
            {
                _slots.Add(slot);
            }
            else
            {
                var at = Enumerable.Range(0, Compared).Select(_ => Random.Shared.Next(Most)).MinBy(i => _slots[i].Recent);
                _byName.TryRemove(_slots[at].Name, out _);
                _slots[at].Activity.Retire();
                _slots[at] = slot;
            }

            _byName[name] = slot;
            return slot;
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void NextInterval()
    {
        lock (_gate)
        {
            _intervalAt = time.GetTimestamp();
            Volatile.Write(ref _uncounted, null);
            Volatile.Write(ref _admitted, 0);
            _slots.ForEach(static slot => slot.NextInterval());
        }
    }

    // Used under _gate, except Name and Activity.
    private sealed class Slot(string name, ObjectActivity activity)
    {
        private (long Reads, long Hits, long Bytes) _start; // of this interval
        private (long Reads, long Hits, long Bytes) _before; // in the last interval
        private double _past; // reads of all earlier intervals, of which the older ones count less

        public string Name => name;

        public ObjectActivity Activity => activity;

        /// <summary>Recent reads, by which slots are replaced.</summary>
        public double Recent => _past + activity.Reads - _start.Reads;

        /// <param name="seconds">Since this interval began.</param>
        public HotObject Read(double seconds)
        {
            var viewers = ObjectActivity.NoViewers();
            activity.AddViewersTo(viewers);
            var elapsed = seconds + (_before == default ? 0 : Interval.TotalSeconds);
            return new HotObject(
                activity.Name,
                activity.IsOfSegments,
                (_before.Reads + activity.Reads - _start.Reads) / elapsed,
                (_before.Hits + activity.Hits - _start.Hits) / elapsed,
                (_before.Bytes + activity.Bytes - _start.Bytes) / elapsed,
                activity.Bytes,
                viewers);
        }

        public void NextInterval()
        {
            var now = (activity.Reads, activity.Hits, activity.Bytes);
            _before = (now.Reads - _start.Reads, now.Hits - _start.Hits, now.Bytes - _start.Bytes);
            _past = (_past + _before.Reads) / 2;
            _start = now;
            activity.NextInterval();
        }
    }
}

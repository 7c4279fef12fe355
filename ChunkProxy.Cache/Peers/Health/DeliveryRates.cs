using System.Collections.Concurrent;
using ChunkProxy.Cache.Peers.Transport;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers.Health;

/// <summary>What other members and the origin deliver, in bytes per second of waiting. It decides which member is too slow.</summary>
/// <remarks>
/// A fixed least rate suits no cluster: one member whose link fell to 1 Mbit/s would pass as healthy among members a thousand times as fast. A
/// member is therefore too slow if it delivers less than an eighth of what a read would get elsewhere: from the other members, and from the origin if
/// they lack the chunk.
/// </remarks>
internal sealed class DeliveryRates(IOptions<PeerOptions> options)
{
    private const double Share = 1.0 / 8;

    // Faster deliveries count as this one: a viewer gains nothing by more, and a body that waited in socket buffers shows no rate.
    private const double Enough = 8 * 1024 * 1024;

    private const int LeastBytes = 64 * 1024; // less says more about the latency than about the rate
    private const int Deliveries = 8; // before a mean counts
    private const int MostMembers = 256; // members come and go under new ids

    private readonly ConcurrentDictionary<string, Mean> _members = new();
    private readonly Mean _origin = new();

    /// <summary>The number of members of which something is recorded.</summary>
    public int Members => _members.Count;

    /// <summary>Records what a member delivered.</summary>
    /// <param name="peer">The member's id.</param>
    /// <param name="bytes">The number of bytes.</param>
    /// <param name="waited">How long its reader waited for them.</param>
    public void Note(string peer, long bytes, TimeSpan waited)
    {
        if (bytes < LeastBytes)
        {
            return;
        }

        if (_members.Count >= MostMembers && !_members.ContainsKey(peer))
        {
            _members.Clear();
        }

        _members.GetOrAdd(peer, static _ => new Mean()).Add(RateOf(bytes, waited));
    }

    /// <summary>Records what the origin delivered.</summary>
    /// <param name="bytes">The number of bytes.</param>
    /// <param name="waited">How long the process waited for them.</param>
    public void NoteOrigin(long bytes, TimeSpan waited)
    {
        if (bytes >= LeastBytes)
        {
            _origin.Add(RateOf(bytes, waited));
        }
    }

    /// <summary>Returns the least bytes per second that the member must deliver while a read waits for it, and while it waits for no other process.</summary>
    public double LeastOf(string peer)
    {
        var others = _members.Where(member => member.Key != peer).Select(member => member.Value.Value).OfType<double>().Order().ToArray();
        double? typical = others.Length == 0 ? null : others[others.Length / 2];
        var elsewhere = typical is { } rate && _origin.Value is { } origin ? Math.Min(rate, origin) : typical ?? _origin.Value ?? 0;
        return Math.Max(options.Value.MinRate, elsewhere * Share);
    }

    private static double RateOf(long bytes, TimeSpan waited) => bytes >= waited.TotalSeconds * Enough ? Enough : bytes / waited.TotalSeconds;

    // The last deliveries weigh most.
    private sealed class Mean
    {
        private readonly Lock _lock = new();
        private double _value;
        private int _count;

        public double? Value => Volatile.Read(ref _count) < Deliveries ? null : Volatile.Read(ref _value);

        public void Add(double rate)
        {
            lock (_lock)
            {
                _value += (rate - _value) / Math.Min(_count + 1, Deliveries);
                _count = Math.Min(_count + 1, Deliveries);
            }
        }
    }
}

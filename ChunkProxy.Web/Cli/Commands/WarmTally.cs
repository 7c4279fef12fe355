namespace ChunkProxy.Web.Cli.Commands;

/// <summary>How far a run over many objects is.</summary>
internal sealed class WarmTally
{
    private const int MostReasons = 1000; // of failures, in memory
    private const int MostHosts = 10;

    private readonly Lock _gate = new(); // guards all below
    private readonly List<string> _failures = [];
    private readonly SortedDictionary<string, int> _hosts = new(StringComparer.Ordinal);
    private int _known;
    private int _done;
    private int _failed;
    private int _before;
    private int _uncacheable;
    private int _otherSchemes;
    private int _elsewhere;
    private long _bytes;

    /// <summary>Objects known so far, without those that an earlier run finished.</summary>
    public int Known => Read(ref _known);

    public int Done => Read(ref _done);

    public int Failed => Read(ref _failed);

    /// <summary>Objects that an earlier run finished.</summary>
    public int Before => Read(ref _before);

    /// <summary>Keys that the origin does not permit to be cached.</summary>
    public int Uncacheable => Read(ref _uncacheable);

    /// <summary>Addresses in playlists that are not fetched by HTTP.</summary>
    public int OtherSchemes => Read(ref _otherSchemes);

    /// <summary>Addresses in playlists that are of other hosts than the playlist.</summary>
    public int Elsewhere => Read(ref _elsewhere);

    /// <summary>Some of these hosts, each with the number of its addresses.</summary>
    public IReadOnlyList<(string Host, int Count)> Hosts
    {
        get
        {
            lock (_gate)
            {
                return [.. _hosts.Select(host => (host.Key, host.Value))];
            }
        }
    }

    /// <summary>Bytes of the objects that are cached.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The first failures, one line each.</summary>
    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (_gate)
            {
                return [.. _failures];
            }
        }
    }

    public void Expect(int objects) => Interlocked.Add(ref _known, objects);

    public void HasBytes(long more) => Interlocked.Add(ref _bytes, more);

    public void HasDone() => Interlocked.Increment(ref _done);

    /// <summary>Counts an object that was expected, and that an earlier run finished.</summary>
    public void WasDoneBefore()
    {
        Interlocked.Decrement(ref _known);
        Interlocked.Increment(ref _before);
    }

    /// <summary>Counts an object that was expected, and that cannot be cached.</summary>
    public void IsUncacheable()
    {
        Interlocked.Decrement(ref _known);
        Interlocked.Increment(ref _uncacheable);
    }

    public void HasSkippedSchemes(int addresses) => Interlocked.Add(ref _otherSchemes, addresses);

    /// <summary>Counts an address of another host.</summary>
    public void HasSkipped(string host)
    {
        lock (_gate)
        {
            _elsewhere++;
            if (_hosts.Count < MostHosts || _hosts.ContainsKey(host))
            {
                _hosts[host] = _hosts.GetValueOrDefault(host) + 1;
            }
        }
    }

    /// <param name="line">The object and the reason, without a full stop.</param>
    public void HasFailed(string line)
    {
        lock (_gate)
        {
            _failed++;
            if (_failures.Count < MostReasons)
            {
                _failures.Add(line);
            }
        }
    }

    private static int Read(ref int figure) => Volatile.Read(ref figure);
}

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>How far a run over many objects is.</summary>
internal sealed class WarmTally
{
    private const int MostReasons = 1000; // of failures, in memory

    private readonly Lock _gate = new(); // guards all below
    private readonly List<string> _failures = [];
    private int _known;
    private int _done;
    private int _failed;
    private int _before;
    private long _bytes;

    /// <summary>Objects known so far, without those that an earlier run finished.</summary>
    public int Known => Read(ref _known);

    public int Done => Read(ref _done);

    public int Failed => Read(ref _failed);

    /// <summary>Objects that an earlier run finished.</summary>
    public int Before => Read(ref _before);

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

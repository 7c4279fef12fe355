using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Cache.Origin;

/// <summary>Origins that a reload has changed or removed, until the last read that began before it has ended.</summary>
/// <remarks>
/// Reads are not counted, because a counter would cost every hit in memory. Instead, each request refers to its route, and the route refers to the rules of its
/// site. No request is left once the garbage collector has collected these rules. The origin's server ends when it has also been idle for
/// <see cref="Idle"/>, which is longer than any pause between two attempts (<see cref="OriginOptions.RetryAfterLimit"/>).
/// </remarks>
internal sealed class FormerOrigins(TimeProvider time) : IDisposable
{
    /// <summary>How long a server has no request before it ends.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private volatile Former[] _all = []; // written under _gate
    private ITimer? _timer; // under _gate; while there are some

    /// <summary>Servers that have not ended.</summary>
    public int Count => _all.Length;

    /// <summary>Returns the server of objects that are keyed as before a reload; null if there is none.</summary>
    /// <param name="origin"><see cref="Chunks.ObjectId.Origin"/> of the objects.</param>
    public OriginServer? Find(string? origin) => Array.FindLast(_all, former => former.Server.Site.Origin == origin)?.Server;

    /// <param name="server">A server that no new read uses.</param>
    /// <param name="site">Its site, to which routes refer; the server must not.</param>
    public void Add(OriginServer server, SiteRules site)
    {
        lock (_gate)
        {
            _all = [.. _all, new Former(server, new WeakReference(site), time.GetTimestamp())];
            _timer ??= time.CreateTimer(static it => ((FormerOrigins)it!).EndUnused(), this, Interval, Interval);
        }
    }

    /// <summary>Makes the server a present one again.</summary>
    public void Remove(OriginServer server)
    {
        lock (_gate)
        {
            Keep(former => former.Server != server);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Array.ForEach(_all, static former => former.Server.Dispose());
            Keep(static _ => false);
        }
    }

    private void EndUnused()
    {
        lock (_gate)
        {
            foreach (var former in _all.Where(static former => former.IsInUse))
            {
                former.LastUse = time.GetTimestamp();
            }

            foreach (var unused in _all.Where(IsOver))
            {
                unused.Server.Dispose();
            }

            Keep(former => !IsOver(former));
        }
    }

    private bool IsOver(Former former) => time.GetElapsedTime(former.LastUse) >= Idle;

    private void Keep(Predicate<Former> isWanted)
    {
        _all = Array.FindAll(_all, isWanted);
        if (_all is [])
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    private sealed class Former(OriginServer server, WeakReference site, long lastUse)
    {
        public OriginServer Server => server;

        public long LastUse { get; set; } = lastUse; // under _gate

        public bool IsInUse => site.IsAlive || !server.IsIdle;
    }
}

using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Membership;

/// <summary>Publishes owner maps of a changing membership.</summary>
/// <remarks>
/// Changes within <paramref name="changeDelay"/> of the first one are applied together: a whole cluster that starts, or returns after an outage
/// of etcd, makes one or two epochs and not one per member.
/// </remarks>
internal sealed class OwnerMapPublisher : IDisposable
{
    private readonly Func<Epoch> _read;
    private readonly TimeSpan _changeDelay;
    private readonly TimeSpan _drainTime;
    private readonly ILogger _logger;
    private readonly ITimer _change;
    private readonly ITimer _hold;
    private readonly ITimer _drain;
    private readonly Lock _gate = new(); // one publication at a time, so that handlers see maps in order
    private OwnerMap _owners;
    private int _armed;
    private bool _disposed; // under _gate

    /// <param name="read">Reads the current membership.</param>
    /// <param name="changeDelay">How long changes are collected.</param>
    /// <param name="drainTime">How long members that have left stay among the former owners.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Logs members that join and leave.</param>
    public OwnerMapPublisher(Func<Epoch> read, TimeSpan changeDelay, TimeSpan drainTime, TimeProvider time, ILogger logger)
    {
        _read = read;
        _changeDelay = changeDelay;
        _drainTime = drainTime;
        _logger = logger;
        _owners = new OwnerMap(read());
        _change = time.CreateTimer(_ => Publish(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _hold = time.CreateTimer(_ => Publish(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _drain = time.CreateTimer(_ => EndDrain(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public event Action<OwnerMap>? Changed;

    public OwnerMap Owners => Volatile.Read(ref _owners);

    /// <summary>Reads the membership soon, because it may have changed.</summary>
    public void NoteChange()
    {
        if (Interlocked.Exchange(ref _armed, 1) == 0)
        {
            _change.Change(_changeDelay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Reads the membership after this time, because it may change then without an event.</summary>
    public void NoteChangeIn(TimeSpan delay) => _hold.Change(delay, Timeout.InfiniteTimeSpan);

    /// <summary>Reads the membership now, and publishes it if it has changed.</summary>
    public void Publish()
    {
        lock (_gate)
        {
            // Disarmed before the read: a change after the read finds the timer free and arms it again, so no change is lost.
            Interlocked.Exchange(ref _armed, 0);
            var epoch = _read();
            var before = _owners.Epoch;
            if (_disposed || epoch.SameMembersAs(before))
            {
                return;
            }

            Replace(_owners.Next(epoch));
            if (epoch.Number != before.Number)
            {
                _drain.Change(_drainTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Stops publishing. No handler runs after this returns.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _change.Dispose();
        _hold.Dispose();
        _drain.Dispose();
    }

    private void EndDrain()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                Replace(_owners.WithoutDeparted());
            }
        }
    }

    private void Replace(OwnerMap owners)
    {
        var before = _owners.Epoch;
        Volatile.Write(ref _owners, owners); // before the lines that say so
        LogDifference(before, owners.Epoch);
        foreach (var handler in Delegate.EnumerateInvocationList(Changed))
        {
            try
            {
                handler(owners);
            }
            catch (Exception e)
            {
                // A bug in one handler must not withhold this map, or later ones, from the other handlers.
                _logger.ChangeHandlerFailed(e);
            }
        }
    }

    private void LogDifference(Epoch before, Epoch after)
    {
        foreach (var member in after.Members.Where(member => before.Find(member.Id) is null))
        {
            _logger.MemberJoined(member.Label, member.Weight, after.Members.Count, after.Number);
        }

        foreach (var member in before.Members.Where(member => after.Find(member.Id) is null))
        {
            _logger.MemberLeft(member.Label, after.Members.Count, after.Number);
        }
    }
}

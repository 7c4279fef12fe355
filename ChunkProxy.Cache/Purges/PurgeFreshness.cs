namespace ChunkProxy.Cache.Purges;

/// <summary>Whether this process can rely on having heard of every purge: it spoke with another member a moment ago.</summary>
/// <remarks>
/// For a process that hung, or was stopped, and wakes up: nobody could tell it of a purge meanwhile, and whoever purged has waited until this process
/// must have noticed that (<see cref="PurgeOptions.Lapse"/>). One that stands alone is always current, and so is one whose questions nobody
/// answers: cut off from all others it goes on with what it has.
/// </remarks>
internal sealed class PurgeFreshness(TimeProvider time)
{
    private Func<Task>? _catchUp;
    private long _until = long.MaxValue; // UTC, in ticks

    /// <param name="now">The time that the caller has read anyway: this is asked for each request.</param>
    public bool IsCurrent(DateTimeOffset now) => now.UtcTicks < Volatile.Read(ref _until);

    /// <summary>Completes when this process has asked the others, at once while it need not.</summary>
    public ValueTask EnsureAsync(CancellationToken cancellationToken) =>
        IsCurrent(time.GetUtcNow()) ? ValueTask.CompletedTask : new(_catchUp!().WaitAsync(cancellationToken));

    /// <summary>From now on this process is current only while it is renewed.</summary>
    /// <param name="catchUp">Asks the others, and renews.</param>
    public void DependOn(Func<Task> catchUp)
    {
        _catchUp = catchUp;
        Volatile.Write(ref _until, 0);
    }

    public void Renew(DateTimeOffset until) => Volatile.Write(ref _until, until.UtcTicks);
}

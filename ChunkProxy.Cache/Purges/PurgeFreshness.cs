namespace ChunkProxy.Cache.Purges;

/// <summary>
/// Whether this process is current, that is, certain to have received every purge: it exchanged messages with another member recently.
/// </summary>
/// <remarks>
/// A process that hung or was stopped received no purges meanwhile. When it resumes, it must notice this itself: the purging process waited for
/// <see cref="PurgeOptions.Lapse"/>, after which this process is no longer current. A stand-alone process is always current. So is a process that
/// asks without getting an answer: cut off from all others, it continues with what it has.
/// </remarks>
internal sealed class PurgeFreshness(TimeProvider time)
{
    private Func<Task>? _catchUp;
    private long _until = long.MaxValue; // UTC, in ticks

    /// <param name="now">The current time, passed in because this check runs for each request and the caller has read the clock.</param>
    public bool IsCurrent(DateTimeOffset now) => now.UtcTicks < Volatile.Read(ref _until);

    /// <summary>Completes when this process is current, after asking the other members if necessary.</summary>
    public ValueTask EnsureAsync(CancellationToken cancellationToken) =>
        IsCurrent(time.GetUtcNow()) ? ValueTask.CompletedTask : new(_catchUp!().WaitAsync(cancellationToken));

    /// <summary>Makes this process current only until the time given to <see cref="Renew"/>.</summary>
    /// <param name="catchUp">Asks the other members, and renews.</param>
    public void DependOn(Func<Task> catchUp)
    {
        _catchUp = catchUp;
        Volatile.Write(ref _until, 0);
    }

    public void Renew(DateTimeOffset until) => Volatile.Write(ref _until, until.UtcTicks);
}

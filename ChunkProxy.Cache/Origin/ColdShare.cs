namespace ChunkProxy.Cache.Origin;

/// <summary>A part of what one client may make the origin send at one time. It is in use while the client's read begins, and during each request to the origin that this read began.</summary>
/// <remarks>
/// Like a client's key, it follows the flow of calls (<see cref="ExecutionContext"/>) from a read to the search or fill that it begins. So a fill
/// that goes on after its reader has left counts for the client that began it.
/// </remarks>
/// <param name="enter">Called when the share comes into use again.</param>
/// <param name="leave">Called when nothing uses the share any more.</param>
internal sealed class ColdShare(Action enter, Action leave) : IDisposable
{
    private readonly Action _enter = enter;
    private readonly Action _leave = leave;

    private static readonly AsyncLocal<ColdShare?> Flow = new();

    private readonly Lock _gate = new();
    private int _uses = 1; // under _gate; the read

    /// <summary>The share of the current flow of calls. A value that is set in an async method ends with that method.</summary>
    public static ColdShare? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    /// <summary>Returns two shares as one.</summary>
    public static ColdShare Of(ColdShare one, ColdShare two) => new(
        () =>
        {
            one._enter();
            two._enter();
        },
        () =>
        {
            one._leave();
            two._leave();
        });

    /// <summary>Uses the share for a request to the origin, until the result is disposed of.</summary>
    public IDisposable Use()
    {
        lock (_gate)
        {
            if (_uses++ == 0)
            {
                _enter(); // a later request of the same fill: it does not wait, because other readers may wait for the fill
            }
        }

        return new Request(this);
    }

    /// <summary>Ends the use by the read.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (--_uses == 0)
            {
                _leave();
            }
        }
    }

    private sealed class Request(ColdShare share) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                share.Dispose();
            }
        }
    }
}

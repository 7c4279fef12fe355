using System.Diagnostics.CodeAnalysis;

namespace ChunkProxy.Cache.Concurrency;

/// <summary>Work that several callers wait for. It begins with the first caller, belongs to none, and is cancelled when the last one has left.</summary>
/// <remarks>
/// Cancelled work need not end at once, or at all. A caller that joins meanwhile gets its result, or its cancellation: then the work has ended, and
/// the caller begins it anew.
/// </remarks>
/// <param name="work">The work. Its token is cancelled when no caller waits any more.</param>
/// <param name="ended">Called when the work has ended, before any caller knows: from then on callers must not join.</param>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds no resource, and the work may still read it.")]
internal sealed class SharedWork<T>(Func<CancellationToken, Task<T>> work, Action<SharedWork<T>> ended)
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _unwanted = new();
    private Task<T>? _result; // under _gate
    private int _callers; // under _gate

    /// <summary>Adds a caller, who must <see cref="Leave"/>. Begins the work if this is the first one.</summary>
    public Task<T> Join()
    {
        lock (_gate)
        {
            _callers++;
            return _result ??= Task.Run(RunAsync, CancellationToken.None);
        }
    }

    /// <summary>Removes a caller, with the result or without.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (--_callers > 0 || _result!.IsCompleted)
            {
                return;
            }
        }

        _unwanted.Cancel();
    }

    private async Task<T> RunAsync()
    {
        try
        {
            return await work(_unwanted.Token).ConfigureAwait(false);
        }
        finally
        {
            ended(this);
        }
    }
}

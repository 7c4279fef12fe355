namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>Lends memory to connections that support it, and copies on all others: TLS, HTTP/2, HTTP/1.0, bodies of unknown length.</summary>
internal sealed class BodyOutputs(PendingSends sends, TimeProvider time)
{
    /// <summary>Creates the output of a response. Called once, after its status and fields are set and before anything is sent.</summary>
    /// <param name="context">The request.</param>
    /// <param name="timeout">Longest time for which the reader may take nothing.</param>
    public IBodyOutput Create(HttpContext context, TimeSpan timeout) => LendingOutput.Of(context) is { } connection
        ? new LendingBodyOutput(context, connection, sends, time, timeout)
        : new CopyingBodyOutput(context, sends, new StalledClientWatch(context, time, timeout));
}
